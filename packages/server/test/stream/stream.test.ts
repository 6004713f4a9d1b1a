import { sessionResource } from '@blazz/core';
import { EventFeed } from '@blazz/router';
import { ManualClock } from '@blazz/simulator/clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../support/instance';
import { connectStream, type StreamClient } from '../support/stream-client';

const KiB = 1024;

/** Writes events of about `size` bytes each into a workspace's log, as its session would. */
async function fill(
  instance: Instance,
  count: number,
  size = 10,
  workspaceId = 'own',
): Promise<void> {
  const sessionId = `session_${workspaceId}`;
  const { store } = instance.gateway;
  const lease =
    (await store.leases.get(sessionResource(workspaceId, sessionId))) ??
    (
      await store.leases.acquire({
        resource: sessionResource(workspaceId, sessionId),
        holder: 'test',
        now: Date.now(),
        ttlMs: 600_000,
        graceMs: 0,
      })
    ).lease;
  for (let i = 0; i < count; i++) {
    await store.events.append({ workspaceId, sessionId, epoch: lease.epoch }, [
      {
        id: `evt_${workspaceId}_${Math.random().toString(36).slice(2)}`,
        type: 'message.edited',
        session_id: sessionId,
        time: new Date().toISOString(),
        data: { provider_message_id: String(i), chat_id: 'c', text: 'x'.repeat(size) },
      },
    ]);
  }
}

describe('the event stream', () => {
  let instance: Instance;
  beforeEach(async () => {
    instance = await startInstance();
  });
  afterEach(() => instance[Symbol.asyncDispose]());

  const connect = async (): Promise<StreamClient> =>
    connectStream(instance.url, { key: instance.keys.own });

  it('greets, subscribes and tells what happens, in order', async () => {
    await fill(instance, 3);
    await using client = await connect();
    expect(await client.next()).toEqual({
      type: 'hello',
      heartbeat_ms: 30_000,
      oldest_seq: 1,
      head_seq: 3,
    });
    expect(client.socket.protocol).toBe('blazz.v1');
    expect(client.socket.extensions).toBe('');
    client.send({ type: 'subscribe', workspace_id: 'own', after: 1 });
    expect(await client.next()).toEqual({
      type: 'subscribed',
      workspace_id: 'own',
      after: 1,
      oldest_seq: 1,
      head_seq: 3,
    });
    await fill(instance, 2);
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push((await client.nextEvent()).seq);
    expect(seen).toEqual([2, 3, 4, 5]);
  });

  it('tells a whole conversation: pairing, an outbound and an inbound message', async () => {
    await using client = await connect();
    client.send({
      type: 'subscribe',
      workspace_id: 'own',
      after: 'head',
      types: ['message.received', 'message.status'],
    });
    await client.next();
    await client.next();
    await instance.link();
    await instance.call({
      method: 'POST',
      path: '/internal/send-message',
      key: instance.keys.own,
      body: { workspace_id: 'own', to: '4915112345678', type: 'text', message: 'hi' },
    });
    expect(await client.nextEvent()).toMatchObject({
      type: 'message.status',
      data: { status: 'sent' },
    });
    instance.world.account('own', 'session_own').deliverText('4915112345678', 'hello back');
    for (;;) {
      const event = await client.nextEvent();
      if (event.type !== 'message.received') continue;
      expect(event.data).toMatchObject({ text: { body: 'hello back' } });
      break;
    }
  });

  it('follows several workspaces on one connection, of those that the key covers', async () => {
    await using client = await connectStream(instance.url, { key: instance.keys.root });
    expect(await client.next()).toEqual({ type: 'hello', heartbeat_ms: 30_000 });
    client.send({ type: 'subscribe', workspace_id: 'own', after: 'oldest' });
    client.send({ type: 'subscribe', workspace_id: 'other', after: 'oldest' });
    await fill(instance, 1, 10, 'own');
    await fill(instance, 1, 10, 'other');
    const seen = new Set(
      [await client.nextEvent(), await client.nextEvent()].map(
        (event) => (event as never as { workspace_id: string }).workspace_id,
      ),
    );
    expect(seen).toEqual(new Set(['own', 'other']));
  });

  it('remembers how far a named consumer is, cumulatively', async () => {
    await fill(instance, 5);
    const begin = async () => {
      const client = await connect();
      client.send({ type: 'subscribe', workspace_id: 'own', after: 'oldest', consumer: 'books' });
      await client.next();
      await client.next();
      return client;
    };
    const first = await begin();
    expect((await first.nextEvent()).seq).toBe(1);
    first.send({ type: 'ack', seq: 3 });
    first.send({ type: 'ack', seq: 2 });
    await expect.poll(() => instance.gateway.store.events.cursor('own', 'books')).toBe(3);
    await first[Symbol.asyncDispose]();
    await using second = await begin();
    expect((await second.nextEvent()).seq).toBe(4);
  });

  it('forgets a consumer when it is told to, and never the place of a webhook endpoint', async () => {
    const { events } = instance.gateway.store;
    await events.saveCursor('own', 'books', 1, 1);
    await events.saveCursor('own', 'webhook_whe_a', 1, 1);
    const forget = (consumer: string) =>
      instance.call({
        method: 'DELETE',
        path: `/internal/consumers/${consumer}?workspace_id=own`,
        key: instance.keys.own,
      });
    expect(await forget('books')).toMatchObject({
      status: 200,
      json: { data: { consumer: 'books' } },
    });
    expect((await forget('books')).status).toBe(404);
    expect((await forget('webhook_whe_a')).status).toBe(404);
    expect(await events.cursor('own', 'books')).toBeUndefined();
    expect(await events.cursor('own', 'webhook_whe_a')).toBe(1);
  });

  it('takes no acknowledgement of what it has not shown', async () => {
    await fill(instance, 3);
    const { events } = instance.gateway.store;
    await using client = await connect();
    client.send({ type: 'subscribe', workspace_id: 'own', after: 'oldest', consumer: 'books' });
    client.send({ type: 'ack', seq: 1_000_000 });
    while ((await client.nextEvent()).seq < 3);
    client.send({ type: 'ack', seq: 1_000_000 });
    await expect.poll(() => events.cursor('own', 'books')).toBe(3);
    await fill(instance, 1);
    expect((await client.nextEvent()).seq).toBe(4);
    client.send({ type: 'ack', seq: 4 });
    await expect.poll(() => events.cursor('own', 'books')).toBe(4);
  });

  it('tells of a gap when the cursor is too old, and goes on from the oldest', async () => {
    await fill(instance, 5);
    await instance.gateway.store.events.trim('own', 3, Date.now());
    await using client = await connect();
    client.send({ type: 'subscribe', workspace_id: 'own', after: 1 });
    await client.next();
    await client.next();
    expect(await client.next()).toEqual({ type: 'gap', workspace_id: 'own', from: 2, to: 3 });
    expect((await client.nextEvent()).seq).toBe(4);
  });

  it('tells of a log that began anew by a gap that ends before it begins', async () => {
    await fill(instance, 2);
    await using client = await connect();
    client.send({ type: 'subscribe', workspace_id: 'own', after: 500 });
    await client.next();
    await client.next();
    expect(await client.next()).toEqual({ type: 'gap', workspace_id: 'own', from: 501, to: 0 });
    expect((await client.nextEvent()).seq).toBe(1);
  });

  it('reads such a log from its beginning by pull, too', async () => {
    await fill(instance, 3);
    const ask = async (after: number): Promise<{ events: { seq: number }[]; next: number }> => {
      const path = `/internal/events?after=${after}&limit=2`;
      return (await instance.call({ path, key: instance.keys.own })).json.data;
    };
    const page = await ask(500);
    expect(page.events.map((event) => event.seq)).toEqual([1, 2]);
    expect((await ask(page.next)).events.map((event) => event.seq)).toEqual([3]);
    expect(await ask(3)).toMatchObject({ events: [], next: 3 });
  });

  it.each([
    ['no JSON', '{', 4400],
    ['an unknown frame', { type: 'shout' }, 4400],
    ['an unknown field', { type: 'subscribe', workspace_id: 'own', colour: 'red' }, 4400],
    ['an unknown type of event', { type: 'subscribe', workspace_id: 'own', types: ['fax'] }, 4400],
    ['an ack of nothing', { type: 'ack', seq: 1 }, 4400],
    ['a workspace of 301 digits', '{"type":"subscribe","workspace_id":1e300}', 4400],
    ['an ack for it', '{"type":"ack","seq":1,"workspace_id":100000000000000000000}', 4400],
    ['a seq that is not exact', { type: 'subscribe', workspace_id: 'own', after: 2 ** 53 }, 4400],
    ['a foreign workspace', { type: 'subscribe', workspace_id: 'other' }, 4403],
    ['no workspace', { type: 'subscribe', workspace_id: 'nobody' }, 4403],
    ['a frame of 100 KB', { type: 'subscribe', workspace_id: 'x'.repeat(100_000) }, 1009],
  ])('closes a connection that says %s', async (_what, frame, code) => {
    const client = await connect();
    client.send(frame);
    expect(await client.closed).toBe(code);
  });

  it('says the same of a workspace that is foreign and one that does not exist', async () => {
    const reasons = [];
    for (const [key, workspace_id] of [
      [instance.keys.own, 'other'],
      [instance.keys.root, 'nobody'],
    ] as const) {
      const client = await connectStream(instance.url, { key });
      const reason = new Promise((resolve) =>
        client.socket.once('close', (code, words) => resolve(`${code} ${words}`)),
      );
      client.send({ type: 'subscribe', workspace_id });
      reasons.push(await reason);
    }
    expect(reasons[0]).toBe(reasons[1]);
  });

  it.each([
    ['without a key', () => ({}), 401],
    ['with a key without the scope', () => ({ key: instance.addKey('mute', ['send'], '*') }), 403],
    ['without the protocol', () => ({ key: instance.keys.own, protocols: ['chat'] }), 400],
    ['elsewhere', () => ({ key: instance.keys.own, path: '/internal/other' }), 404],
    [
      'with a ticket that is none',
      () => ({ protocols: ['blazz.v1', `blazz.ticket.${'a'.repeat(43)}`] }),
      401,
    ],
  ])('refuses an upgrade %s', async (_what, options, status) => {
    await expect(connectStream(instance.url, options())).rejects.toThrow(String(status));
  });

  it('lets a ticket in once, for the workspace that it names', async () => {
    const ask = (key = instance.keys.root) =>
      instance.call({
        method: 'POST',
        path: '/internal/ws-tickets',
        key,
        body: { workspace_id: 'own' },
      });
    expect((await ask(instance.keys.other)).status).toBe(404);
    const { protocols } = (await ask()).json.data as { protocols: string[] };
    const client = await connectStream(instance.url, { protocols });
    expect(await client.next()).toMatchObject({ type: 'hello', head_seq: 0 });
    expect(client.socket.protocol).toBe('blazz.v1');
    client.send({ type: 'subscribe', workspace_id: 'other' });
    expect(await client.closed).toBe(4403);
    await expect(connectStream(instance.url, { protocols })).rejects.toThrow('401');
  });

  it('refuses an upgrade to anything but a WebSocket, and says so', async () => {
    const answer = await instance.call({
      path: '/health',
      headers: { connection: 'Upgrade', upgrade: 'h2c' },
    });
    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain('HTTP/1.1');
  });

  it('serves the router’s own feed', async () => {
    await fill(instance, 3);
    const { id, secret } = instance.keys.own;
    await using feed = new EventFeed({
      baseUrl: instance.url,
      key: { id, secret },
      workspaceId: 'own',
      after: 'oldest',
      backoffMs: 10,
    });
    const seen: number[] = [];
    for await (const item of feed) {
      if (item.type === 'stream.gap') continue;
      seen.push(item.seq);
      if (seen.length === 3) await fill(instance, 2);
      if (seen.length === 5) break;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('streams of one workspace', () => {
  let instance: Instance;
  beforeEach(async () => {
    instance = await startInstance();
  });
  afterEach(() => instance[Symbol.asyncDispose]());

  /** Connects, subscribes, and waits until the server has taken the subscription. */
  const subscribe = async (frame: Record<string, unknown>): Promise<StreamClient> => {
    const client = await connectStream(instance.url, { key: instance.keys.own });
    client.send({ type: 'subscribe', workspace_id: 'own', ...frame });
    while ((await client.next()).type !== 'subscribed');
    return client;
  };
  const seqs = async (client: StreamClient, count: number): Promise<number[]> => {
    const seen = [];
    while (seen.length < count) seen.push((await client.nextEvent()).seq);
    return seen;
  };
  /** Counts how often the log is read from now on. */
  const countReads = (): { readonly count: number } => {
    const { events } = instance.gateway.store;
    const read = events.read.bind(events);
    const reads = { count: 0 };
    events.read = (workspaceId, query) => {
      reads.count++;
      return read(workspaceId, query);
    };
    return reads;
  };

  it('share one read of the log at its head, whatever they filter', async () => {
    await fill(instance, 5);
    const filters = [{}, { types: ['message.edited'] }, { sessions: ['session_own'] }];
    const clients = await Promise.all(
      Array.from({ length: 30 }, (_, i) => subscribe({ after: 'head', ...filters[i % 3] })),
    );
    const mute = await subscribe({ after: 'head', types: ['message.received'] });
    const reads = countReads();
    await fill(instance, 1);
    for (const client of clients) expect(await seqs(client, 1)).toEqual([6]);
    expect(reads.count).toBe(1);
    await instance.link();
    instance.world.account('own', 'session_own').deliverText('4915112345678', 'hello');
    expect((await mute.nextEvent()).type).toBe('message.received');
    for (const client of [...clients, mute]) await client[Symbol.asyncDispose]();
  });

  it('come together from different places, and each sees all that it asked for', async () => {
    await fill(instance, 450);
    const starts = [0, 3, 150, 199, 200, 201, 449];
    const clients = await Promise.all(starts.map((after) => subscribe({ after })));
    await fill(instance, 60);
    for (const [i, client] of clients.entries()) {
      const first = (starts[i] as number) + 1;
      const expected = Array.from({ length: 511 - first }, (_, at) => first + at);
      expect(await seqs(client, expected.length)).toEqual(expected);
      await client[Symbol.asyncDispose]();
    }
  });

  it('give a reader that comes late what happened since others read', async () => {
    const early = await subscribe({ after: 0 });
    await fill(instance, 3);
    expect(await seqs(early, 3)).toEqual([1, 2, 3]);
    await fill(instance, 2);
    await using late = await subscribe({ after: 0, types: ['message.edited'] });
    expect(await seqs(late, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(await seqs(early, 2)).toEqual([4, 5]);
    await early[Symbol.asyncDispose]();
    await fill(instance, 1);
    expect(await seqs(late, 1)).toEqual([6]);
  });

  it('get events of every size in frames that any client reads', async () => {
    await using client = await subscribe({ after: 0 });
    const sizes = [0, 1, 65_000, 65_300, 65_536, 200_000, 10];
    for (const size of sizes) await fill(instance, 1, size);
    for (const size of sizes) {
      const { data } = await client.nextEvent();
      expect(data.text).toBe('x'.repeat(size));
    }
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

describe('a stream’s bounds', () => {
  const limits = {
    resumeBytes: 64 * KiB,
    pauseBytes: 256 * KiB,
    closeBytes: 2048 * KiB,
    pageSize: 20,
  };

  it('pauses reading the log for a slow reader, goes on when it catches up, and loses nothing', async () => {
    await using instance = await startInstance({ server: { streamLimits: limits } });
    const { events } = instance.gateway.store;
    const read = events.read.bind(events);
    let furthest = 0;
    events.read = async (workspaceId, query) => {
      const page = await read(workspaceId, query);
      furthest = page.next;
      return page;
    };
    const total = 800;
    await fill(instance, total, 16 * KiB);
    await using client = await connectStream(instance.url, { key: instance.keys.own });
    client.socket.pause();
    client.send({ type: 'subscribe', workspace_id: 'own', after: 0 });
    await expect.poll(() => furthest, { timeout: 10_000 }).toBeGreaterThan(0);
    let before = -1;
    // It settles once the operating system's buffers are full.
    await expect
      .poll(
        () => {
          const settled = furthest === before;
          before = furthest;
          return settled;
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true);
    expect(furthest).toBeLessThan(total - 100);
    client.socket.resume();
    const seqs: number[] = [];
    for (let i = 0; i < total; i++) seqs.push((await client.nextEvent()).seq);
    expect(seqs).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  });

  it('closes a reader that never catches up with 4408', async () => {
    await using instance = await startInstance({
      server: { streamLimits: { ...limits, stallMs: 300 } },
    });
    await fill(instance, 800, 16 * KiB);
    const client = await connectStream(instance.url, { key: instance.keys.own });
    client.socket.pause();
    client.send({ type: 'subscribe', workspace_id: 'own', after: 0 });
    await expect
      .poll(async () => (await instance.call({ path: '/metrics', key: instance.keys.root })).text, {
        timeout: 10_000,
      })
      .toContain('blazz_stream_events_total');
    setTimeout(() => client.socket.resume(), 1500);
    expect(await client.closed).toBe(4408);
  });

  it('closes at once when one event is larger than everything allowed', async () => {
    await using instance = await startInstance({ server: { streamLimits: limits } });
    await fill(instance, 1, 12_000 * KiB);
    const client = await connectStream(instance.url, { key: instance.keys.own });
    client.socket.pause();
    client.send({ type: 'subscribe', workspace_id: 'own', after: 0 });
    setTimeout(() => client.socket.resume(), 500);
    expect(await client.closed).toBe(4408);
  });

  it('closes a client that sends too many frames with 4429', async () => {
    await using instance = await startInstance({
      server: { streamLimits: { maxFramesPerHeartbeat: 5 } },
    });
    const client = await connectStream(instance.url, { key: instance.keys.own });
    client.send({ type: 'subscribe', workspace_id: 'own' });
    for (let i = 0; i < 5; i++) client.send({ type: 'ack', seq: i });
    expect(await client.closed).toBe(4429);
  });

  it('closes what is more than the share of a key with 4429, and leaves room for others', async () => {
    await using instance = await startInstance({
      server: { streamLimits: { maxStreamsPerKey: 2 } },
    });
    const { own, other } = instance.keys;
    const connect = (key = own) => connectStream(instance.url, { key });
    const first = await connect();
    await using second = await connect();
    const third = await connect();
    // Whatever it says meanwhile must not hurt.
    third.send('nonsense');
    expect(await third.closed).toBe(4429);
    await using stranger = await connect(other);
    expect(await stranger.next()).toMatchObject({ type: 'hello' });
    expect(await second.next()).toMatchObject({ type: 'hello' });
    first.socket.close();
    await first.closed;
    await expect
      .poll(async () => {
        const again = await connect();
        return again.next().then(
          ({ type }) => type,
          () => 'closed',
        );
      })
      .toBe('hello');
  });

  it('pings, and ends a connection that does not answer or whose key ended', async () => {
    const clock = new ManualClock({ now: Date.now() });
    await using instance = await startInstance({ server: { clock } });
    const alive = await connectStream(instance.url, { key: instance.keys.own });
    await alive.next();
    const dead = await connectStream(instance.url, { key: instance.keys.own });
    await dead.next();
    dead.socket.pong = () => undefined;
    const key = instance.addKey('short-lived', ['events'], ['own'], clock.now() + 45_000);
    const expired = await connectStream(instance.url, { key });
    await expired.next();
    const pinged = new Promise((resolve) => alive.socket.once('ping', resolve));
    await clock.advance(30_000);
    await pinged;
    expired.socket.ping();
    await new Promise((resolve) => expired.socket.once('pong', resolve));
    // Frames keep their order: once this ping is answered, the pong before it has arrived too.
    alive.socket.ping();
    await new Promise((resolve) => alive.socket.once('pong', resolve));
    await clock.advance(30_000);
    expect(await dead.closed).toBe(1006);
    expect(await expired.closed).toBe(4401);
    expect(alive.socket.readyState).toBe(alive.socket.OPEN);
    alive.socket.terminate();
  });

  it('says 1012 when the instance stops', async () => {
    const instance = await startInstance();
    const client = await connectStream(instance.url, { key: instance.keys.own });
    await client.next();
    await instance[Symbol.asyncDispose]();
    expect(await client.closed).toBe(1012);
  });
});
