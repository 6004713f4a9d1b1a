import { ManualClock } from '@blazz/simulator/clock';
import { describe, expect, it } from 'vitest';
import { errorOf, Stage } from '../support/stage';

describe('limits', () => {
  it.each([20, 80] as const)('lets %i messages a second through', async (tier) => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock, receipts: 'none' });
    stage.simulator.changeNumber(stage.business.number, { tier });
    const burst = async (): Promise<number> => {
      const sends = Array.from({ length: tier + 5 }, (_, i) => stage.text(`62811000${1000 + i}`));
      const answers = await Promise.all(sends);
      const refused = answers.filter(({ status }) => status !== 200);
      for (const one of refused) expect([one.status, errorOf(one).code]).toEqual([429, 130429]);
      return tier + 5 - refused.length;
    };
    expect(await burst()).toBe(tier);
    await clock.advance(500);
    expect(await burst()).toBe(tier / 2);
    await clock.advance(1_000);
    expect(await burst()).toBe(tier);
  });

  it('lets a pair have one message in six seconds, or 45 at once on credit', async () => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock, receipts: 'none' });
    const to = stage.customer('628111000111');
    const sent = async (): Promise<number> => {
      const answer = await stage.text(to);
      return answer.status === 200 ? 200 : errorOf(answer).code;
    };
    for (let i = 0; i < 20; i++) expect(await sent()).toBe(200);
    await clock.advance(6_000);
    expect(await sent()).toBe(131056);
    await clock.advance(113_000);
    expect(await sent()).toBe(131056);
    await clock.advance(1_000);
    const burst: number[] = [];
    for (let i = 0; i < 46; i++) burst.push(await sent());
    expect([burst.indexOf(131056), (await stage.text(to)).status]).toEqual([45, 400]);
    await clock.advance(270_000);
    for (let i = 0; i < 30; i++) {
      expect(await sent()).toBe(200);
      await clock.advance(6_000);
    }
  });

  it('closes the window a day after the last message', async () => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock, refusals: 'answer' });
    const phone = stage.simulator.phone('628111000111');
    expect(errorOf(await stage.text('628111000111')).code).toBe(131047);
    phone.text(stage.business.number, 'Halo');
    expect((await stage.text('628111000111')).status).toBe(200);
    await clock.advance(24 * 3_600_000);
    expect(errorOf(await stage.text('628111000111')).code).toBe(131047);
    stage.simulator.setLimits({ window: false });
    expect((await stage.text('628111000111')).status).toBe(200);
  });

  it('forgets media, and their addresses sooner', async () => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock });
    const { json } = await stage.upload(new Uint8Array([1]), 'image/png');
    const address = async () => (await stage.call('GET', `/v25.0/${json.id}`)).json.url as string;
    const headers = { authorization: `Bearer ${stage.business.accessToken}` };
    const old = await address();
    await clock.advance(5 * 60_000);
    expect((await fetch(old, { headers })).status).toBe(404);
    expect((await fetch(await address(), { headers })).status).toBe(200);
    await clock.advance(30 * 86_400_000);
    expect(errorOf(await stage.call('GET', `/v25.0/${json.id}`)).code).toBe(100);
  });

  it.each([
    ['a type that WhatsApp does not take', 'image/tiff', 10, 100],
    ['too many bytes', 'image/png', 5 * 1024 * 1024 + 1, 131053],
    ['no bytes', 'image/png', 0, 131053],
  ])('refuses media with %s', async (_, type, size, code) => {
    await using stage = await Stage.open();
    expect(errorOf(await stage.upload(new Uint8Array(size), type)).code).toBe(code);
  });

  it('refuses to send a medium as what it is not', async () => {
    await using stage = await Stage.open();
    const { id } = (await stage.upload(new Uint8Array([1]), 'image/png')).json as { id: string };
    const sent = await stage.send({ to: '628111000111', type: 'video', video: { id } });
    expect(errorOf(sent).code).toBe(131053);
  });

  it('stops every send of a number in trouble', async () => {
    await using stage = await Stage.open();
    stage.simulator.changeNumber(stage.business.number, { trouble: 131042 });
    expect(errorOf(await stage.text('628111000111')).code).toBe(131042);
    stage.simulator.changeNumber(stage.business.number, { trouble: null });
    expect((await stage.text('628111000111')).status).toBe(200);
  });
});
