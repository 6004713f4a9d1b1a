import { describe, expect, it } from 'vitest';
import { anEndpoint } from './delivery-contract';
import { aDraft, draftTime } from './event-fixtures';
import { anEntry } from './intake-contract';
import { ann, OutboxDriver, someError } from './outbox-driver';
import { aSession } from './session-contract';
import { eachWithStore, type StoreHarness } from './store-harness';

/**
 * What a store that outlives its process keeps to: what was answered is there after a restart.
 * Registers a `describe` block with vitest; an empty one for a harness without `reopen`.
 * @param name what the block is called
 */
export function reopenContract(name: string, harness: StoreHarness): void {
  const { reopen } = harness;
  if (reopen === undefined) return;
  describe(`${name}: after a restart`, () => {
    const under = eachWithStore(harness);
    const restart = async (): Promise<void> =>
      under.replace(await reopen.call(harness, under.store, under.clock));

    it('has every message, in its place', async () => {
      const driver = new OutboxDriver(under);
      for (const id of ['msg_sent', 'msg_sending', 'msg_unknown', 'msg_backs_off', 'msg_waits']) {
        await driver.accept(id);
      }
      await driver.accept('msg_later', { send_at: under.clock.now() + 60_000 });
      await driver.send('msg_sent', 'wa-1');
      await driver.begin('msg_sending');
      await driver.begin('msg_unknown');
      await driver.finish('msg_unknown', {
        outcome: 'unknown',
        error: someError,
        provider_message_id: 'wa-2',
      });
      await driver.backOff('msg_backs_off', 5_000);
      await driver.receipt('wa-3', 'delivered');
      const before = await under.store.outbox.list('ws', { limit: 100 });
      const depth = await under.store.outbox.depth('ws', 'main');

      await restart();
      expect(await under.store.outbox.list('ws', { limit: 100 })).toEqual(before);
      expect(await under.store.outbox.depth('ws', 'main')).toEqual(depth);
      expect(await driver.claim()).toEqual([]);
      expect(await driver.nextIn()).toBe(5_000);
      await under.clock.advance(5_000);
      expect(await driver.claim()).toEqual(['msg_backs_off']);
      expect(await driver.claim(10, [ann])).toEqual([]);

      const replayed = await driver.accept('msg_x', { idempotency_key: 'key-of-msg_sent' });
      expect(replayed).toMatchObject({ kind: 'replayed', message: { message_id: 'msg_sent' } });
      expect(await driver.receipt('wa-1', 'read')).toMatchObject({ status: 'read' });
      expect(await driver.receipt('wa-2', 'sent')).toMatchObject({ status: 'sent' });
      const late = await driver.finish('msg_sending', {
        outcome: 'sent',
        provider_message_id: 'wa-3',
      });
      expect(late.status).toBe('delivered');
      const accepted = await driver.accept('msg_new');
      const newest = before[0]?.position ?? Number.NaN;
      expect(accepted.kind === 'accepted' && accepted.message.position > newest).toBe(true);
    });

    it('settles what was in flight', async () => {
      const driver = new OutboxDriver(under, { epoch: 1 });
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      await restart();
      const successor = new OutboxDriver(under, { epoch: 2 });
      expect(await successor.recover()).toMatchObject([{ message_id: 'msg_a', status: 'unknown' }]);
    });

    it('has the log, its ends, its keys and its cursors', async () => {
      const fence = { workspaceId: 'ws', sessionId: 'main', epoch: 1 };
      const draft = (id: string) => ({
        id,
        type: 'message.revoked' as const,
        session_id: 'main',
        time: new Date(draftTime).toISOString(),
        data: { provider_message_id: id, chat_id: 'chat@g.us' },
        dedupe_key: id,
      });
      await under.store.events.append(fence, ['a', 'b', 'c', 'd'].map(draft));
      await under.store.events.trim('ws', 2, draftTime);
      await under.store.events.saveCursor('ws', 'reader', 3, 1_000);
      const before = await under.store.events.read('ws', { after: 0, limit: 10 });
      await restart();
      const { events } = under.store;
      expect(await events.read('ws', { after: 0, limit: 10 })).toEqual(before);
      expect(await events.cursor('ws', 'reader')).toBe(3);
      const appended = await events.append(fence, [draft('a'), draft('d'), draft('e')]);
      expect(appended.map(({ seq }) => seq)).toEqual([5]);
    });

    it('has an emptied log go on where it was', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.send('msg_a');
      await under.store.events.trim('ws', 1, draftTime);
      await restart();
      expect(await under.store.events.bounds('ws')).toEqual({ oldestSeq: 2, headSeq: 1 });
      await driver.receipt('wa-msg_a', 'read');
      expect(await under.store.events.bounds('ws')).toEqual({ oldestSeq: 2, headSeq: 2 });
    });

    it('has leases and their epochs, and fences by them', async () => {
      const now = under.clock.now();
      const lease = { resource: 'session/ws/main', now, ttlMs: 15_000, graceMs: 0 };
      await under.store.leases.acquire({ ...lease, holder: 'one' });
      const second = await under.store.leases.acquire({ ...lease, holder: 'one' });
      const driver = new OutboxDriver(under, { epoch: 1 });
      await driver.accept('msg_a');
      await restart();
      expect(await under.store.leases.get('session/ws/main')).toEqual(second.lease);
      await expect(driver.begin('msg_a')).rejects.toMatchObject({ code: 'lease_lost' });
      const third = await under.store.leases.acquire({ ...lease, holder: 'one' });
      expect(third.lease.epoch).toBe(3);
    });

    it('has nonces, sessions, workspaces and what was not read yet', async () => {
      const now = under.clock.now();
      const config = { workspace_id: 'ws', provider_type: 'scripted', sessions: [] };
      await (await under.store.nonces.use('key', 'nonce', now, 60_000)).kept;
      await under.store.sessions.save(aSession());
      await under.store.workspaces.put(config);
      const choice = { workspace_id: 'ws', provider_type: 'other', by: 'key', at: 1 };
      await under.store.workspaces.choose(choice, aDraft());
      await under.store.workspaces.saveCopy({ ...config, workspace_id: 'elsewhere' });
      await under.store.deliveries.saveEndpoint(anEndpoint());
      await under.store.intake.put([anEntry('a')]);
      await restart();
      expect(await under.store.intake.waiting('ws', 'main', 10)).toEqual([anEntry('a')]);
      expect(await under.store.workspaces.choices()).toHaveLength(1);
      expect(await under.store.workspaces.copies()).toHaveLength(1);
      expect(await under.store.events.bounds('ws')).toMatchObject({ headSeq: 1 });
      expect(await under.store.deliveries.endpoints()).toEqual([anEndpoint()]);
      expect((await under.store.nonces.use('key', 'nonce', now, 60_000)).fresh).toBe(false);
      expect(await under.store.sessions.list()).toEqual([aSession()]);
      expect(await under.store.workspaces.list()).toEqual([config]);
    });
  });
}
