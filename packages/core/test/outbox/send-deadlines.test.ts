import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

/** Reconciliation is away, or it would settle what is unknown. */
const options = {
  provider: { abilities: [] },
  gateway: { timings: { sendMs: 10_000 } },
} as const;

describe('a send that is not answered', () => {
  it('is unknown when its time is over, and only then', async () => {
    const { gateway, clock, world, text } = harness(options);
    const hang = { outcome: 'hang', effect: true } as const;
    world.nextSends(hang, hang, hang);
    await gateway.start();
    await clock.advance(0);
    const ws = gateway.workspace('ws');
    const ids: string[] = [];
    const send = async (to: number): Promise<void> => {
      ids.push((await ws.send(text(to))).message.message_id);
      await clock.advance(0);
    };
    const statuses = (): Promise<readonly string[]> =>
      Promise.all(ids.map(async (id) => (await ws.message(id)).status));
    await send(1);
    await send(2);
    await clock.advance(5_000);
    await send(3);
    await clock.advance(4_999);
    expect(await statuses()).toEqual(['sending', 'sending', 'sending']);
    await clock.advance(1);
    expect(await statuses()).toEqual(['unknown', 'unknown', 'sending']);
    await clock.advance(4_999);
    expect(await statuses()).toEqual(['unknown', 'unknown', 'sending']);
    await clock.advance(1);
    expect(await statuses()).toEqual(['unknown', 'unknown', 'unknown']);
    await clock.play(gateway.stop());
  });

  it('is told to give up, and hinders no later one', async () => {
    const { gateway, clock, world, text } = harness(options);
    world.nextSends({ outcome: 'hang', effect: true });
    await gateway.start();
    const ws = gateway.workspace('ws');
    await ws.send(text(1));
    await clock.advance(10_000);
    expect(world.calls.map(({ outcome }) => outcome)).toEqual(['unknown']);
    const { message } = await ws.send(text(1, 'the next one'));
    await clock.advance(0);
    expect(await ws.message(message.message_id)).toMatchObject({ status: 'sent' });
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });
});
