import type { Delivery, WebhookEndpoint } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { aDraft } from './event-fixtures';
import { eachWithStore, type StoreHarness } from './store-harness';

/** An endpoint, for tests. */
export function anEndpoint(facts: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    endpoint_id: 'whe_a',
    workspace_id: 'ws',
    url: 'https://app.test/hooks',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ordered: false,
    status: 'enabled',
    created_at: 1_000,
    ...facts,
  };
}

function aDelivery(seq: number, facts: Partial<Delivery> = {}): Delivery {
  return {
    endpoint_id: 'whe_a',
    workspace_id: 'ws',
    event_id: `evt_${seq}`,
    seq,
    session_id: 'main',
    body: `{"seq":${seq}}`,
    attempts: 1,
    state: 'waiting',
    at: 1_000 * seq,
    ...facts,
  };
}

/**
 * What every `DeliveryStore` keeps to. Registers a `describe` block with vitest.
 * @param name what the block is called
 */
export function deliveryContract(name: string, harness: StoreHarness): void {
  describe(`${name}: deliveries`, () => {
    const under = eachWithStore(harness);
    const due = async (now: number, ordered = false, limit = 10) => {
      const { deliveries } = under.store;
      const found = await deliveries.due({
        workspaceId: 'ws',
        endpointId: 'whe_a',
        now,
        limit,
        ordered,
      });
      return found.map(({ seq }) => seq);
    };

    it('keeps endpoints as they were written, oldest first', async () => {
      const { deliveries } = under.store;
      const older = anEndpoint({ endpoint_id: 'whe_b', created_at: 1, types: ['message.status'] });
      await deliveries.saveEndpoint(anEndpoint());
      await deliveries.saveEndpoint(older);
      await deliveries.saveEndpoint(anEndpoint({ workspace_id: 'ws_2' }));
      const failing = anEndpoint({ failing_since: 5 });
      await deliveries.saveEndpoint(failing);
      expect(await deliveries.endpoints('ws')).toEqual([older, failing]);
      expect(await deliveries.endpoints()).toHaveLength(3);
      expect(await deliveries.endpoints('nobody')).toEqual([]);
    });

    it('tells of a change of an endpoint along with the change', async () => {
      const { deliveries, events } = under.store;
      await deliveries.saveEndpoint(anEndpoint());
      const told = aDraft({ session_id: '' });
      await deliveries.saveEndpoint(anEndpoint({ status: 'disabled', reason: 'gone' }), told);
      const log = await events.read('ws', { after: 0, limit: 10 });
      expect(log.events).toEqual([{ ...told, seq: 1, workspace_id: 'ws' }]);
    });

    it('offers what is due, what has waited longest first', async () => {
      const { deliveries } = under.store;
      for (const each of [aDelivery(3), aDelivery(1), aDelivery(2, { at: 500 })]) {
        await deliveries.put(each);
      }
      await deliveries.put(aDelivery(9, { endpoint_id: 'whe_b' }));
      await deliveries.put(aDelivery(8, { state: 'dead', at: 1 }));
      expect(await due(499)).toEqual([]);
      expect(await due(1_000)).toEqual([2, 1]);
      expect(await due(9_000, false, 2)).toEqual([2, 1]);
      expect(await deliveries.nextAt('ws', 'whe_a', 0)).toBe(500);
      expect(await deliveries.nextAt('ws', 'whe_a', 500)).toBe(1_000);
      expect(await deliveries.nextAt('ws', 'whe_a', 3_000)).toBeUndefined();
      expect(await deliveries.nextAt('ws', 'whe_none', 0)).toBeUndefined();
      await deliveries.put(aDelivery(2, { at: 7_000, attempts: 2, last_status: 500 }));
      expect(await due(6_999)).toEqual([1, 3]);
      await deliveries.remove(aDelivery(1));
      await deliveries.remove(aDelivery(1));
      expect(await due(9_000)).toEqual([3, 2]);
    });

    it('holds up each session by its oldest, when asked to', async () => {
      const { deliveries } = under.store;
      await deliveries.put(aDelivery(1, { at: 5_000 }));
      await deliveries.put(aDelivery(2, { at: 0 }));
      await deliveries.put(aDelivery(3, { at: 0, session_id: 'other' }));
      expect(await due(1_000, true)).toEqual([3]);
      expect(await due(5_000, true)).toEqual([3, 1]);
      expect(await due(5_000, false)).toEqual([2, 3, 1]);
      expect(await deliveries.waitingSessions('ws', 'whe_a')).toEqual(['main', 'other']);
      await deliveries.put(aDelivery(1, { at: 5_000, state: 'dead' }));
      expect(await due(1_000, true)).toEqual([2, 3]);
      await deliveries.remove(aDelivery(3));
      expect(await deliveries.waitingSessions('ws', 'whe_a')).toEqual(['main']);
    });

    it('lists by state, a page at a time, and forgets what was given up long ago', async () => {
      const { deliveries } = under.store;
      const dead = (seq: number) => aDelivery(seq, { state: 'dead' });
      for (const seq of [1, 2, 3, 4]) await deliveries.put(dead(seq));
      await deliveries.put(aDelivery(5));
      const list = (after: number) =>
        deliveries.list('ws', 'whe_a', { state: 'dead', after, limit: 3 });
      expect(await list(0)).toEqual([dead(1), dead(2), dead(3)]);
      expect(await list(3)).toEqual([dead(4)]);
      expect(await deliveries.pruneDead(3_000, 1)).toBe(1);
      expect(await deliveries.pruneDead(3_000, 10)).toBe(1);
      expect(await list(0)).toEqual([dead(3), dead(4)]);
      expect(await due(9_000)).toEqual([5]);
    });

    it('forgets an endpoint with all that it was owed', async () => {
      const { deliveries } = under.store;
      await deliveries.saveEndpoint(anEndpoint());
      await deliveries.put(aDelivery(1));
      expect(await deliveries.deleteEndpoint('ws', 'whe_a')).toBe(true);
      expect(await deliveries.deleteEndpoint('ws', 'whe_a')).toBe(false);
      expect(await deliveries.endpoints('ws')).toEqual([]);
      expect(await due(9_000)).toEqual([]);
    });
  });
}
