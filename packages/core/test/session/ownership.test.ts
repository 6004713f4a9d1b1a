import { Gateway, GatewayError, staticWorkspaces } from '@blazz/core';
import { scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { type Harness, harness } from '../harness';

/** A second instance on the same store, clock and WhatsApp. */
function successor({ store, clock, world }: Harness, instanceId: string): Gateway {
  return new Gateway({
    store,
    clock,
    instanceId,
    random: () => 0.5,
    providers: [scriptedProvider({ world })],
    workspaces: staticWorkspaces([
      { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] },
    ]),
  });
}

describe('ownership of a session', () => {
  it('passes at once when the owner stops cleanly', async () => {
    const first = harness();
    await first.gateway.start();
    await first.clock.advance(100);
    await first.clock.play(first.gateway.stop());
    const second = successor(first, 'second');
    await second.start();
    await first.clock.advance(100);
    expect((await second.workspace('ws').session()).state).toBe('ready');
    await first.clock.play(second.stop());
  });

  it('is refused to a second instance while the first lives', async () => {
    const first = harness();
    await first.gateway.start();
    await first.clock.advance(100);
    const second = successor(first, 'second');
    await second.start();
    await first.clock.advance(600_000);
    expect((await first.gateway.workspace('ws').session()).state).toBe('ready');
    expect((await second.workspace('ws').session()).state).toBe('stopped');
    expect(first.world.overlaps).toEqual([]);
    await first.clock.play(second.stop());
    await first.clock.play(first.gateway.stop());
  });

  it('passes after lease and grace when the owner loses the store, which stops by itself before', async () => {
    const first = harness();
    await first.gateway.start();
    await first.clock.advance(100);
    const { leases } = first.store;
    const renew = leases.renew.bind(leases);
    const acquire = leases.acquire.bind(leases);
    const assertInReach = (holder: string): void => {
      if (holder === 'test') throw new GatewayError('store_unavailable', 'Out of reach.');
    };
    leases.renew = async (lease, now, ttl) => {
      assertInReach(lease.holder);
      return renew(lease, now, ttl);
    };
    leases.acquire = async (request) => {
      assertInReach(request.holder);
      return acquire(request);
    };
    const second = successor(first, 'second');
    await second.start();
    const owned = async (): Promise<string> =>
      `${(await first.gateway.workspace('ws').session()).state} ${(await second.workspace('ws').session()).state}`;
    const story: string[] = [];
    for (let t = 0; t < 40_000; t += 1_000) {
      await first.clock.advance(1_000);
      const now = await owned();
      if (story.at(-1) !== now) story.push(now);
    }
    expect(story).toEqual(['ready stopped', 'reconnecting stopped', 'reconnecting ready']);
    expect(first.world.overlaps).toEqual([]);
    await first.clock.play(second.stop());
    await first.clock.play(first.gateway.stop());
  });

  it('settles what the dead owner left in flight as unknown, and sends the rest', async () => {
    const first = harness({ provider: { abilities: [], pace: { concurrency: 1 } } });
    first.world.nextSends({ outcome: 'hang', effect: true });
    await first.gateway.start();
    const ws = first.gateway.workspace('ws');
    const cut = await ws.send(first.text(1));
    const waiting = await ws.send(first.text(2));
    await first.clock.advance(100);
    // The first instance is killed: it never renews, writes or stops again.
    const second = new Gateway({
      store: first.store,
      clock: first.clock,
      instanceId: 'test',
      providers: [scriptedProvider({ world: first.world, abilities: [] })],
      workspaces: staticWorkspaces([
        { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] },
      ]),
    });
    await second.start();
    await first.clock.advance(1_000);
    const after = second.workspace('ws');
    expect(await after.message(cut.message.message_id)).toMatchObject({ status: 'unknown' });
    expect(await after.message(waiting.message.message_id)).toMatchObject({ status: 'sent' });
    expect(first.world.effects).toHaveLength(2);
    await first.clock.play(second.stop());
  });
});
