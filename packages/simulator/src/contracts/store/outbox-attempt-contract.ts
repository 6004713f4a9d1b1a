import { describe, expect, it } from 'vitest';
import { OutboxDriver, someError } from './outbox-driver';
import type { StoreUnderTest } from './store-harness';

/** Attempts: the intent before the call, the outcome after it, and nobody but the owner. */
export function outboxAttemptContract(under: StoreUnderTest): void {
  describe('an attempt', () => {
    it('is written down before and after the call, and told once', async () => {
      const driver = new OutboxDriver(under, { epoch: 3 });
      await driver.accept('msg_a');
      const startedAt = under.clock.now();
      const begun = await driver.begin('msg_a');
      const attempt = { number: 1, provider: 'scripted', epoch: 3, started_at: startedAt };
      expect(begun).toMatchObject({ status: 'sending', provider: 'scripted', attempts: [attempt] });
      expect(await driver.get('msg_a')).toEqual(begun);
      expect(await driver.told()).toEqual([]);

      await under.clock.advance(250);
      const sent = await driver.finish('msg_a', { outcome: 'sent', provider_message_id: 'wa-1' });
      expect(sent).toMatchObject({
        status: 'sent',
        provider_message_id: 'wa-1',
        updated_at: startedAt + 250,
        attempts: [{ ...attempt, finished_at: startedAt + 250, outcome: 'sent' }],
      });
      expect(await driver.get('msg_a')).toEqual(sent);
      expect(await driver.told()).toEqual(['msg_a sent']);
    });

    it('tells the facts of the message in its event', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      await driver.finish('msg_a', { outcome: 'rejected', error: someError });
      const { events } = await under.store.events.read('ws', { after: 0, limit: 10 });
      expect(events).toEqual([
        {
          id: expect.stringMatching(/^evt_/),
          seq: 1,
          type: 'message.status',
          workspace_id: 'ws',
          session_id: 'main',
          time: new Date(under.clock.now()).toISOString(),
          data: {
            message_id: 'msg_a',
            status: 'failed',
            provider: 'scripted',
            attempt: 1,
            error: someError,
          },
        },
      ]);
    });

    it('keeps which member carried it and how it came there, and tells that', async () => {
      const driver = new OutboxDriver(under);
      const reason = 'Its session is logged out.';
      const hops = [{ from: 'meta_api', to: 'web_js', code: 'not_ready', reason }] as const;
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      const carriage = { via: 'web_js', hops };
      const sent = { outcome: 'sent', provider_message_id: 'wa-1', ...carriage } as const;
      expect(await driver.finish('msg_a', sent)).toMatchObject({
        provider: 'web_js',
        attempts: [{ provider: 'scripted', ...carriage }],
      });
      expect(await driver.get('msg_a')).toMatchObject({ attempts: [carriage] });
      await driver.receipt('wa-1', 'read');
      const { events } = await under.store.events.read('ws', { after: 0, limit: 10 });
      expect(events.map(({ data }) => data)).toMatchObject([
        { status: 'sent', provider: 'web_js', hops },
        { status: 'read', provider: 'web_js', hops },
      ]);
    });

    it('begins once', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      const begun = await Promise.all([1, 2, 3].map(() => driver.begin('msg_a')));
      expect(begun.filter((record) => record !== undefined)).toHaveLength(1);
      expect((await driver.get('msg_a'))?.attempts).toHaveLength(1);
      expect(await driver.begin('msg_none')).toBeUndefined();
    });

    it('goes back into the queue when nothing left, without an event', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      const queued = await driver.backOff('msg_a', 1_000);
      expect(queued).toMatchObject({
        status: 'queued',
        error: someError,
        retry_at: under.clock.now() + 1_000,
      });
      expect(await driver.told()).toEqual([]);
      await under.clock.advance(1_000);
      const begun = await driver.begin('msg_a');
      expect(begun?.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
        [1, 'not_sent'],
        [2, undefined],
      ]);
      expect(begun).not.toHaveProperty('retry_at');
      expect(begun).not.toHaveProperty('error');
    });

    it('fails when nothing left and the tries are used up', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      const result = { outcome: 'not_sent', error: someError, retry_at: undefined } as const;
      expect(await driver.finish('msg_a', result)).toMatchObject({ status: 'failed' });
      expect(await driver.told()).toEqual(['msg_a failed']);
    });

    it('is held when nobody can tell, and settled by whoever finds out', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      await driver.begin('msg_a');
      const lost = { outcome: 'unknown', error: someError } as const;
      const held = await driver.finish('msg_a', lost);
      expect(held).toMatchObject({ status: 'unknown', error: someError });
      await under.clock.advance(10);
      expect(await driver.finish('msg_a', lost)).toEqual(held);
      const settled = await driver.finish('msg_a', {
        outcome: 'sent',
        provider_message_id: 'wa-1',
      });
      expect(settled).toMatchObject({ status: 'sent', provider_message_id: 'wa-1' });
      expect(settled).not.toHaveProperty('error');
      expect(await driver.told()).toEqual(['msg_a unknown', 'msg_a sent']);
      const { events } = await under.store.events.read('ws', { after: 0, limit: 10 });
      expect(events.map(({ type }) => type)).toEqual(['message.unknown', 'message.status']);
    });

    it('goes back when nobody can tell and the message asks for at least once', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a', { on_ambiguous: 'retry' });
      await driver.begin('msg_a');
      const retry_at = under.clock.now() + 2_000;
      const lost = { outcome: 'unknown', error: someError, retry_at } as const;
      expect(await driver.finish('msg_a', lost)).toMatchObject({ status: 'queued', retry_at });
      await under.clock.advance(2_000);
      expect(await driver.claim()).toEqual(['msg_a']);
    });

    it('may be ended twice with the same result', async () => {
      const driver = new OutboxDriver(under);
      await driver.accept('msg_a');
      const sent = await driver.send('msg_a', 'wa-1');
      await under.clock.advance(10);
      const again = await driver.finish('msg_a', { outcome: 'sent', provider_message_id: 'wa-1' });
      expect(again).toEqual(sent);
      const other = await driver.finish('msg_a', { outcome: 'rejected', error: someError });
      expect(other).toEqual(sent);
      expect(await driver.told()).toEqual(['msg_a sent']);
    });

    it('cannot be ended for a message that is not there', async () => {
      const driver = new OutboxDriver(under);
      const finish = driver.finish('msg_none', { outcome: 'sent', provider_message_id: 'wa-1' });
      await expect(finish).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('a lost lease', () => {
    it('refuses every write of the owner before', async () => {
      const { leases, sessions, events } = under.store;
      const lease = { resource: 'session/ws/main', ttlMs: 1_000, graceMs: 0 };
      const before = new OutboxDriver(under, { epoch: 1 });
      await before.accept('msg_a');
      await before.accept('msg_b');
      const first = { ...lease, holder: 'one', now: under.clock.now() };
      expect((await leases.acquire(first)).lease.epoch).toBe(1);
      await before.begin('msg_b');
      await under.clock.advance(1_000);
      const second = { ...lease, holder: 'two', now: under.clock.now() };
      expect((await leases.acquire(second)).lease.epoch).toBe(2);

      const sent = { outcome: 'sent', provider_message_id: 'wa-b' } as const;
      const record = {
        workspace_id: 'ws',
        session_id: 'main',
        provider: 'scripted',
        state: 'ready',
        since: 0,
        desired: 'running',
      } as const;
      const writes: readonly (() => Promise<unknown>)[] = [
        () => before.begin('msg_a'),
        () => before.finish('msg_b', sent),
        () => before.expire('msg_a'),
        () => before.receipt('wa-b', 'read'),
        () => before.recover(),
        () => events.append(before.fence, []),
        () => sessions.save(record, 1),
      ];
      for (const write of writes)
        await expect(write()).rejects.toMatchObject({ code: 'lease_lost' });
      expect(await before.get('msg_a')).toMatchObject({ status: 'queued', attempts: [] });
      expect(await before.get('msg_b')).toMatchObject({ status: 'sending' });
      expect(await sessions.get('ws', 'main')).toBeUndefined();
      expect((await events.bounds('ws')).headSeq).toBe(0);

      const after = new OutboxDriver(under, { epoch: 2 });
      await sessions.save(record, 2);
      expect(await after.recover()).toMatchObject([{ message_id: 'msg_b', status: 'unknown' }]);
      expect(await after.begin('msg_a')).toMatchObject({ status: 'sending' });
    });

    it('stands after the successor has given its lease back', async () => {
      const { leases } = under.store;
      const lease = { resource: 'session/ws/main', ttlMs: 1_000, graceMs: 0 };
      const owner = new OutboxDriver(under, { epoch: 1 });
      await owner.accept('msg_a');
      const now = under.clock.now();
      await leases.acquire({ ...lease, holder: 'one', now });
      const second = await leases.acquire({ ...lease, holder: 'two', now: now + 1_000 });
      await leases.release(second.lease);
      await expect(owner.begin('msg_a')).rejects.toMatchObject({ code: 'lease_lost' });
    });

    it('is nothing to sessions of the same name elsewhere, or without a lease', async () => {
      const now = under.clock.now();
      for (const holder of ['one', 'two']) {
        const lease = { resource: 'session/ws/main', holder, now, ttlMs: 0, graceMs: 0 };
        await under.store.leases.acquire(lease);
      }
      for (const fence of [{ workspaceId: 'ws_2' }, { sessionId: 'other' }]) {
        const driver = new OutboxDriver(under, { ...fence, epoch: 1 });
        await driver.accept('msg_x');
        expect(await driver.begin('msg_x')).toMatchObject({ status: 'sending' });
      }
    });
  });
}
