import {
  Gateway,
  GatewayError,
  type LogFields,
  type ProviderFactory,
  staticWorkspaces,
} from '@blazz/core';
import { scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { type Harness, harness } from '../harness';

const away = (): GatewayError => new GatewayError('store_unavailable', 'The disk is full.');

/** Lets the first calls of a method fail, and counts them all. */
function failing<K extends string>(
  port: Record<K, (...args: never[]) => Promise<unknown>>,
  method: K,
  failures: number,
  error: () => Error = away,
): { calls: number } {
  const real = port[method].bind(port) as (...args: unknown[]) => Promise<unknown>;
  const counter = { calls: 0 };
  port[method] = (async (...args: unknown[]) => {
    counter.calls += 1;
    if (counter.calls <= failures) throw error();
    return real(...args);
  }) as never;
  return counter;
}

async function ready(options: Parameters<typeof harness>[0] = {}): Promise<Harness> {
  const all = harness(options);
  await all.gateway.start();
  await all.clock.advance(1_000);
  return all;
}

describe('a store that fails now and then', () => {
  for (const method of ['claim', 'beginAttempt', 'finishAttempt'] as const) {
    it(`loses nothing, doubles nothing and is not hammered: ${method} is away`, async () => {
      const { gateway, clock, store, world, text } = await ready();
      const counter = failing(store.outbox as never, method, 6);
      const { message } = await gateway.workspace('ws').send(text(1));
      await clock.advance(500);
      expect(counter.calls).toBeLessThanOrEqual(4);
      await clock.advance(30_000);
      expect(await gateway.workspace('ws').message(message.message_id)).toMatchObject({
        status: 'sent',
      });
      expect(world.effects).toHaveLength(1);
      await clock.play(gateway.stop());
      expect(clock.pending).toBe(0);
    });
  }

  for (const method of ['claim', 'beginAttempt'] as const) {
    it(`goes on after a fault that nobody foresaw in ${method}`, async () => {
      const { gateway, clock, store, world, text } = await ready();
      failing(store.outbox as never, method, 2, () => new TypeError('a bug'));
      const { message } = await gateway.workspace('ws').send(text(1));
      await clock.advance(30_000);
      expect(await gateway.workspace('ws').message(message.message_id)).toMatchObject({
        status: 'sent',
      });
      expect(world.effects).toHaveLength(1);
      await clock.play(gateway.stop());
      expect(clock.pending).toBe(0);
    });
  }

  it('never makes a message unknown that was not handed to the provider', async () => {
    const { gateway, clock, store, world, text } = await ready();
    const ws = gateway.workspace('ws');
    const first = await ws.send(text(1));
    await clock.advance(1_000);
    const get = failing(store.outbox as never, 'get', 1);
    const reply = await ws.send({ ...text(1), reply_to: first.message.message_id });
    await clock.advance(10_000);
    expect(get.calls).toBe(2);
    const { status, attempts } = await ws.message(reply.message.message_id);
    expect({ status, attempts: attempts.length }).toEqual({ status: 'sent', attempts: 1 });
    failing(store.outbox as never, 'get', 1, () => new TypeError('a bug'));
    const second = await ws.send({ ...text(1), reply_to: first.message.message_id });
    await clock.advance(10_000);
    expect(await ws.message(second.message.message_id)).toMatchObject({
      status: 'sent',
      attempts: [{ outcome: 'not_sent', error: { code: 'internal' } }, { outcome: 'sent' }],
    });
    expect(world.effects).toHaveLength(3);
    await clock.play(gateway.stop());
  });

  it('does not keep a gateway from stopping, nor a timer running after that', async () => {
    const lines: (LogFields | undefined)[] = [];
    const nothing = (): void => undefined;
    const error = (_: string, fields?: LogFields): number => lines.push(fields);
    const logger = { debug: nothing, info: nothing, warn: nothing, error };
    const { gateway, clock, store, world, text } = await ready({ gateway: { logger } });
    failing(store.outbox as never, 'finishAttempt', Number.POSITIVE_INFINITY);
    failing(store.events as never, 'append', Number.POSITIVE_INFINITY);
    failing(store.sessions as never, 'save', Number.POSITIVE_INFINITY);
    await gateway.workspace('ws').send(text(1));
    await clock.advance(1_000);
    let isStopped = false;
    const stopped = gateway.stop().then(() => {
      isStopped = true;
    });
    await clock.advance(60_000);
    expect(isStopped).toBe(true);
    await stopped;
    expect(world.account('ws', 'main').connections).toBe(0);
    expect(clock.pending).toBe(0);
    expect(lines.length).toBeGreaterThan(0);
  });

  it('wakes the lane for a repeat whose first answer was lost', async () => {
    const { gateway, clock, store, text } = await ready();
    const accept = store.outbox.accept.bind(store.outbox);
    let isLost = true;
    store.outbox.accept = async (...args) => {
      const accepted = await accept(...args);
      if (!isLost) return accepted;
      isLost = false;
      throw away();
    };
    const ws = gateway.workspace('ws');
    const options = { idempotencyKey: 'order-4711-shipped' };
    await expect(ws.send(text(1), options)).rejects.toMatchObject({ code: 'store_unavailable' });
    const again = await ws.send(text(1), options);
    expect(again.replayed).toBe(true);
    await clock.advance(1_000);
    expect(await ws.message(again.message.message_id)).toMatchObject({ status: 'sent' });
    await clock.play(gateway.stop());
  });

  it('answers an accepted message even when its workspace cannot be asked for any more', async () => {
    const source = staticWorkspaces([
      { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] },
    ]);
    let left = Number.POSITIVE_INFINITY;
    const { gateway, clock, text } = await ready({
      gateway: {
        observer: { messageAccepted: () => undefined },
        workspaces: {
          list: () => source.list(),
          async get(id) {
            if (left-- <= 0) throw away();
            return source.get(id);
          },
        },
      },
    });
    left = 1;
    const { message } = await gateway.workspace('ws').send(text(1));
    await clock.advance(1_000);
    expect(await gateway.workspace('ws').message(message.message_id)).toMatchObject({
      status: 'sent',
    });
    await clock.play(gateway.stop());
  });
});

describe('an owner that lost its lease', () => {
  it('starts no provider whose turn comes only then', async () => {
    const { gateway, clock, store, world } = harness({ gateway: { maxStartsAtOnce: 1 } });
    world.account('ws', 'main').nextStarts({ outcome: 'hang' });
    await gateway.start();
    await clock.advance(1_000);
    const { acquire, renew } = store.leases;
    store.leases.acquire = async (request) => {
      if (request.resource.includes('other')) throw away();
      return acquire.call(store.leases, request);
    };
    store.leases.renew = async (lease, now, ttlMs) => {
      if (lease.resource.includes('other')) throw away();
      return renew.call(store.leases, lease, now, ttlMs);
    };
    // The first start is given up after two minutes; then it is the other session's turn.
    await clock.advance(150_000);
    expect(world.account('ws', 'main').online).toBe(true);
    expect(world.account('other', 'other_main').connections).toBe(0);
    await clock.play(gateway.stop());
  });

  it('leaves the next epoch alone when a send of the last one ends late', async () => {
    const { clock, world, store } = harness();
    const real = scriptedProvider({ world });
    let release = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isFirst = true;
    const slow: ProviderFactory = {
      ...real,
      create(context) {
        const provider = real.create(context);
        return {
          ...provider,
          async send(...args) {
            if (isFirst) {
              isFirst = false;
              await late;
            }
            return provider.send(...args);
          },
        };
      },
    };
    const gateway = new Gateway({
      store,
      clock,
      random: () => 0.5,
      providers: [slow],
      workspaces: staticWorkspaces([
        { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] },
      ]),
    });
    await gateway.start();
    await clock.advance(1_000);
    const ws = gateway.workspace('ws');
    await ws.send({ to: '628120000001', type: 'text', text: { body: 'hello' } });
    await clock.advance(100);
    const renew = store.leases.renew.bind(store.leases);
    store.leases.renew = async () => false;
    await clock.advance(6_000);
    store.leases.renew = renew;
    await clock.advance(60_000);
    const session = await ws.session();
    expect(session.state).toBe('ready');
    const { headSeq } = await store.events.bounds('ws');
    release();
    await clock.advance(5_000);
    expect(session.state).toBe('ready');
    expect((await store.events.bounds('ws')).headSeq).toBe(headSeq);
    const next = await ws.send({ to: '628120000002', type: 'text', text: { body: 'hello' } });
    await clock.advance(1_000);
    expect(await ws.message(next.message.message_id)).toMatchObject({ status: 'sent' });
    await clock.play(gateway.stop());
  });
});

describe('receipts of one moment', () => {
  it("share a write and not each other's faults: one is refused for good, one only has to wait", async () => {
    const { gateway, clock, store, world, text } = await ready();
    const ws = gateway.workspace('ws');
    const ids: string[] = [];
    for (const to of [1, 2]) {
      const { message } = await ws.send(text(to));
      await clock.advance(1_000);
      ids.push((await ws.message(message.message_id)).provider_message_id ?? '');
    }
    const [refused, late] = ids;
    const apply = store.outbox.applyReceipt.bind(store.outbox);
    let tries = 0;
    store.outbox.applyReceipt = async (fence, id, ...rest) => {
      if (id === refused) throw new GatewayError('internal', 'Never.', { retryable: false });
      if (id === late && tries++ === 0) throw away();
      return apply(fence, id, ...rest);
    };
    for (const id of ids) world.account('ws', 'main').acknowledge(id, 'read');
    await clock.advance(1_000);
    const statuses = (await ws.messages({ limit: 10 })).map(({ status }) => status);
    expect(statuses).toEqual(['read', 'sent']);
    await clock.play(gateway.stop());
  });
});

describe('waiting for a message to settle', () => {
  it('leaves no timer behind, whether it had settled already or does not exist', async () => {
    const { gateway, clock, text } = await ready();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    await clock.advance(1_000);
    const { pending } = clock;
    await ws.settled(message.message_id, { timeoutMs: 60_000 });
    await expect(ws.settled('msg_none', { timeoutMs: 60_000 })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(clock.pending).toBe(pending);
    await clock.play(gateway.stop());
  });
});
