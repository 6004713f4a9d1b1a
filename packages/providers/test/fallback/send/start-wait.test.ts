import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { fallbackGateway } from '../support/gateway';
import { accountLocked, Lab } from '../support/lab';

const slow = { world: { startMs: 8_000 } };
const never = { outcome: 'hang' } as const;

/** Starts a lab of which the second member is up, and the first is not. */
async function halfUp(lab: Lab): Promise<Lab> {
  const starting = lab.provider.start(new AbortController().signal);
  await lab.clock.advance(100);
  await starting;
  return lab;
}

describe('after the start of the session', () => {
  it('a message waits for the first member in order that still comes up', async () => {
    const lab = await halfUp(new Lab([slow, {}]));
    expect(lab.states).toEqual({ first: 'starting', second: 'ready' });
    expect(await lab.clock.play(lab.send())).toMatchObject({
      status: 'not_sent',
      scope: 'pace',
      via: 'first',
      error: { code: 'not_ready' },
    });
    expect(lab.effects()).toEqual([0, 0]);
    await lab.clock.advance(8_000);
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'sent', via: 'first' });
    await lab.clock.play(lab.provider.stop());
  });

  it.each([
    [{}, 20_000],
    [{ start_wait_ms: 5_000 }, 5_000],
  ])('no longer than it is told: %j', async (settings, ms) => {
    const lab = new Lab([{}, {}], { settings });
    lab.account(0).nextStarts(never);
    await halfUp(lab);
    await lab.clock.advance(ms - 101);
    expect(await lab.send()).toMatchObject({ status: 'not_sent', retryAfterMs: 1 });
    expect(lab.provider.limits?.waitMs()).toBe(1);
    await lab.clock.advance(1);
    expect(lab.provider.limits?.waitMs()).toBe(0);
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'sent', via: 'second' });
    await lab.clock.play(lab.provider.stop());
  });

  it('also for one that loads its chats', async () => {
    const lab = await halfUp(new Lab([{ world: { syncMs: 5_000 } }, {}]));
    expect(lab.states.first).toBe('syncing');
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'not_sent', via: 'first' });
    await lab.clock.play(lab.provider.stop());
  });

  it('not for one that failed, is barred or logged out, shows a QR, or comes later in the order', async () => {
    const failed = new Lab([{}, {}]);
    failed.account(0).nextStarts({ outcome: 'fail' }, never);
    await halfUp(failed);
    expect(failed.states.first).toBe('restarting');
    expect((await failed.clock.play(failed.send())).via).toBe('second');
    await failed.clock.advance(2_000);
    expect(failed.states.first).toBe('starting');
    expect((await failed.clock.play(failed.send())).via).toBe('second');

    const barred = new Lab([{}, {}]);
    barred.account(0).nextStarts({ outcome: 'fail', error: accountLocked });
    await halfUp(barred);
    expect(barred.provider.limits?.waitMs()).toBe(0);

    const unlinked = await halfUp(new Lab([{ linked: false }, { linkless: true }]));
    expect(unlinked.states.first).toBe('unlinked');
    expect((await unlinked.clock.play(unlinked.send())).via).toBe('second');
    await unlinked.clock.play(
      unlinked.provider.pairing?.open?.(new AbortController().signal) ?? Promise.resolve(),
    );
    expect(unlinked.states.first).toBe('pairing');
    expect((await unlinked.clock.play(unlinked.send())).via).toBe('second');

    const later = new Lab([{}, slow]);
    await halfUp(later);
    expect((await later.clock.play(later.send())).via).toBe('first');
    for (const lab of [failed, barred, unlinked, later]) await lab.clock.play(lab.provider.stop());
  });

  it('not when a member is started again later', async () => {
    const lab = await Lab.up([slow, {}]);
    await lab.clock.advance(60_000);
    lab.account(0).crash();
    await lab.clock.advance(1_000);
    expect(lab.states.first).toBe('starting');
    expect((await lab.clock.play(lab.send())).via).toBe('second');
    await lab.clock.play(lab.provider.stop());
  });

  it('at all only where the workspace lets it', async () => {
    const lab = await halfUp(new Lab([slow, {}], { settings: { start_wait_ms: 0 } }));
    expect((await lab.clock.play(lab.send())).via).toBe('second');
    await lab.clock.play(lab.provider.stop());
  });
});

/** A gateway whose first member takes its time. */
async function queued(world: ScriptedWhatsApp, other: ScriptedWhatsApp, clock: ManualClock) {
  const worlds = [world, other];
  const members = worlds.map((each, n) => scriptedProvider({ world: each, type: `m${n}` }));
  const gateway = fallbackGateway(members, clock);
  await gateway.start();
  const workspace = gateway.workspace('ws');
  const session = await workspace.session();
  await clock.play(session.stop());
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) {
    const text = { to: `62812000000${n}`, type: 'text', text: { body: 'x' } } as const;
    ids.push((await clock.play(workspace.send(text))).message.message_id);
  }
  session.resume();
  const look = () => Promise.all(ids.map((id) => workspace.message(id)));
  return { gateway, look };
}

describe('what was queued before the start', () => {
  it('stays with the first member, in the outbox, without a try', async () => {
    const clock = new ManualClock();
    const first = new ScriptedWhatsApp({ clock, receipts: {}, idPrefix: 'A', startMs: 8_000 });
    const second = new ScriptedWhatsApp({ clock, receipts: {}, idPrefix: 'B' });
    for (const world of [first, second]) world.account('ws', 'main').link();
    const { gateway, look } = await queued(first, second, clock);
    await clock.advance(5_000);
    expect((await look()).map((each) => [each?.status, each?.attempts.length])).toEqual(
      Array(5).fill(['queued', 0]),
    );
    await clock.advance(4_000);
    expect([first.effects.length, second.effects.length]).toEqual([5, 0]);
    await clock.play(gateway.stop());
  });

  it('goes on within a second when the first member comes to nothing', async () => {
    const clock = new ManualClock();
    const first = new ScriptedWhatsApp({ clock, receipts: {}, idPrefix: 'A', syncMs: 3_000 });
    const second = new ScriptedWhatsApp({ clock, receipts: {}, idPrefix: 'B' });
    for (const world of [first, second]) world.account('ws', 'main').link();
    const { gateway } = await queued(first, second, clock);
    await clock.advance(1_000);
    first.account('ws', 'main').nextStarts(never);
    first.account('ws', 'main').crash();
    await clock.advance(1_000);
    expect(second.effects).toHaveLength(5);
    await clock.play(gateway.stop());
  });
});
