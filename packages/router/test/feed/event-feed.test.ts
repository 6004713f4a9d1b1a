import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { isGatewayError } from '@blazz/core';
import { EventFeed, type EventFeedOptions, type FeedItem, type FeedStatus } from '@blazz/router';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secret } from '../instance';
import { StreamServer } from './stream-server';

let server: StreamServer;
const feeds: EventFeed[] = [];
let statuses: FeedStatus[] = [];

function follow(options: Partial<EventFeedOptions> = {}): EventFeed {
  const feed = new EventFeed({
    baseUrl: options.baseUrl ?? server.baseUrl,
    key: { id: 'app', secret },
    workspaceId: 'w1',
    after: 0,
    backoffMs: 5,
    maxBackoffMs: 20,
    onStatus: (status) => statuses.push(status),
    ...options,
  });
  feeds.push(feed);
  return feed;
}

/** Takes items until one stands at `last`; the iterator stays open. */
async function takeUntil(items: AsyncIterator<FeedItem>, last: number): Promise<number[]> {
  const taken: number[] = [];
  for (;;) {
    const { value, done } = await items.next();
    if (done) throw new Error(`ended after ${taken.at(-1)}`);
    taken.push(value.type === 'stream.gap' ? -value.to : value.seq);
    if (value.type !== 'stream.gap' && value.seq === last) return taken;
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function errorOf(feed: EventFeed): Promise<unknown> {
  try {
    for await (const item of feed) void item;
  } catch (error) {
    return error;
  }
  throw new Error('the feed ended without an error');
}

beforeEach(async () => {
  statuses = [];
  server = await new StreamServer().start();
});
afterEach(async () => {
  await Promise.all(feeds.splice(0).map((feed) => feed.stop()));
  await server.stop();
});

describe('EventFeed', () => {
  it('signs the upgrade, subscribes after the greeting, and gives history and news in order', async () => {
    server.append(3);
    const feed = follow({
      workspaceId: 'w1',
      types: ['message.revoked'],
      sessions: ['s1'],
      consumer: 'crm',
    });
    const items = feed[Symbol.asyncIterator]();
    expect(await takeUntil(items, 3)).toEqual([1, 2, 3]);
    server.append(2);
    expect(await takeUntil(items, 5)).toEqual([4, 5]);
    expect(server.refused).toEqual([]);
    expect(server.subscribes).toEqual([
      {
        type: 'subscribe',
        workspace_id: 'w1',
        after: 0,
        types: ['message.revoked'],
        sessions: ['s1'],
        consumer: 'crm',
      },
    ]);
    const [peer] = server.peers;
    expect(peer?.socket.protocol).toBe('blazz.v1');
    expect(peer?.socket.extensions).toBe('');
    expect(peer?.upgrade.url).toBe('/internal/ws');
    expect(statuses.map(({ type }) => type)).toEqual(['connecting', 'open']);
  });

  it.each<[EventFeedOptions['after'], number[]]>([
    ['oldest', [3, 4, 5, 6]],
    [4, [5, 6]],
    ['head', [6]],
    [undefined, [6]],
  ])('begins at %s', async (after, expected) => {
    server.append(5);
    server.trim(2);
    const feed = follow({ after });
    feed.start();
    await expect.poll(() => server.subscribes.length).toBe(1);
    server.append(1);
    expect(await takeUntil(feed[Symbol.asyncIterator](), 6)).toEqual(expected);
  });

  it.each(['the greeting', 'the confirmation'])(
    'loses nothing between two connections, even before anything has come: %s tells the head',
    async (teller) => {
      server.append(5);
      server.confirms = teller === 'the confirmation';
      if (server.confirms) server.hello = () => '{"type":"hello","heartbeat_ms":30000}';
      const feed = follow({ after: 'head' });
      feed.start();
      await expect.poll(() => feed.acknowledged).toBe(5);
      await expect.poll(() => server.subscribes.length).toBe(1);
      await server.stop();
      server.append(2);
      await server.start();
      expect(await takeUntil(feed[Symbol.asyncIterator](), 7)).toEqual([6, 7]);
    },
  );

  it('gives once what waited in its buffer while the connection changed', async () => {
    server.append(20);
    const feed = follow();
    const items = feed[Symbol.asyncIterator]();
    expect((await items.next()).value).toMatchObject({ seq: 1 });
    await expect.poll(() => [...server.peers][0]?.cursor).toBe(20);
    for (const { socket } of server.peers) socket.close(1012);
    await expect.poll(() => server.subscribes.length).toBe(2);
    expect(server.subscribes[1]).toMatchObject({ after: 0 });
    server.append(1);
    expect(await takeUntil(items, 21)).toEqual(range(2, 21));
  });

  it('acknowledges an event when the next one is asked for, and gathers acknowledgements', async () => {
    server.append(5_000);
    const feed = follow();
    const items = feed[Symbol.asyncIterator]();
    const began = performance.now();
    await takeUntil(items, 5_000);
    expect(feed.acknowledged).toBe(4_999);
    await expect.poll(() => server.acks.at(-1)).toBe(4_999);
    expect(server.acks).toEqual([...server.acks].sort((a, b) => a - b));
    expect(server.acks.length).toBeLessThanOrEqual((performance.now() - began) / 100 + 2);
    const next = items.next();
    await expect.poll(() => server.acks.at(-1)).toBe(5_000);
    await feed.stop();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('lets the consumer acknowledge, and refuses what it has not seen', async () => {
    server.append(10);
    const feed = follow({ ack: 'manual', consumer: 'crm' });
    const items = feed[Symbol.asyncIterator]();
    await takeUntil(items, 6);
    expect(feed.acknowledged).toBe(0);
    expect(() => feed.ack(7)).toThrow(expect.objectContaining({ code: 'bad_request' }));
    expect(() => feed.ack(Number.NaN)).toThrow(expect.objectContaining({ code: 'bad_request' }));
    feed.ack(4);
    feed.ack(2);
    expect(feed.acknowledged).toBe(4);
    await feed.stop();
    await expect.poll(() => server.acks).toEqual([4]);
    // Another process of the same name: it repeats what was not acknowledged, and nothing else.
    const heir = follow({ consumer: 'crm', after: undefined });
    expect(await takeUntil(heir[Symbol.asyncIterator](), 10)).toEqual(range(5, 10));
  });

  it('tells the acknowledgement that a dead connection took with it', async () => {
    server.append(3);
    const feed = follow({ ack: 'manual', consumer: 'crm' });
    const items = feed[Symbol.asyncIterator]();
    await takeUntil(items, 3);
    await server.stop();
    await expect.poll(() => statuses.at(-1)?.type).toMatch(/waiting|connecting/);
    feed.ack(2);
    await server.start();
    await expect.poll(() => server.cursors.get('crm')).toBe(2);
    expect(server.subscribes.at(-1)).toMatchObject({ after: 2 });
  });

  it('gives what the log lost as a gap, once', async () => {
    server.append(10);
    server.trim(4);
    const items = follow({ after: 1 })[Symbol.asyncIterator]();
    expect((await items.next()).value).toEqual({
      type: 'stream.gap',
      workspace_id: 'w1',
      from: 2,
      to: 4,
    });
    for (const { socket } of server.peers) socket.terminate();
    server.append(1);
    expect(await takeUntil(items, 11)).toEqual(range(5, 11));
  });

  it('goes on in a log that began anew, whose numbers are lower', async () => {
    server.append(20);
    const feed = follow();
    const items = feed[Symbol.asyncIterator]();
    await takeUntil(items, 20);
    await server.stop();
    server.log.length = 0;
    server.append(3);
    await server.start();
    // Event 20 is still in the consumer's hand: in the new log its number would mean another.
    await expect.poll(() => feed.acknowledged).toBe(0);
    expect((await items.next()).value).toMatchObject({ type: 'stream.gap', from: 20, to: 0 });
    expect(feed.acknowledged).toBe(0);
    expect(await takeUntil(items, 3)).toEqual([1, 2, 3]);
    expect(feed.acknowledged).toBe(2);
    for (const { socket } of server.peers) socket.terminate();
    server.append(2);
    expect(await takeUntil(items, 5)).toEqual([4, 5]);
  });
});

describe('resuming', () => {
  it('brings every event in order through drops, stalls and restarts', {
    timeout: 60_000,
  }, async () => {
    const total = 3_000;
    let seed = 42;
    const random = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    server.heartbeatMs = 25;
    const acknowledgedAt: { after: number; least: number; most: number }[] = [];
    const feed = follow({ consumer: 'crm', bufferSize: 16, random });
    let taken: number[] = [];
    server.onPeer = (peer) => {
      // At the moment of the subscription, what is asked for must be what is acknowledged.
      const least = feed.acknowledged ?? 0;
      peer.socket.once('message', (data) => {
        const { after } = JSON.parse(String(data)) as { after: number };
        acknowledgedAt.push({ after, least, most: taken.at(-1) ?? 0 });
      });
      const fate = random();
      const afterFrames = Math.floor(random() * 400);
      let frames = 0;
      const send = peer.socket.send.bind(peer.socket) as (data: string) => void;
      peer.socket.send = (data: unknown) => {
        frames += 1;
        if (fate < 0.25 && frames > afterFrames) return; // Stalls: open, and silent.
        send(String(data));
        if (frames !== afterFrames) return;
        if (fate < 0.5) peer.socket.terminate();
        else if (fate < 0.6) peer.socket.close(4408);
        else if (fate < 0.7) peer.socket.close(1012);
        else if (fate < 0.8) peer.socket.close(1011);
        else peer.socket.close(1000);
      };
      if (fate < 0.25) peer.socket.ping = () => undefined;
    };
    let appended = 0;
    let restarts = 0;
    const consumer = (async () => {
      for await (const item of feed) {
        if (item.type === 'stream.gap') throw new Error('a gap');
        taken.push(item.seq);
        // Now and then it takes its time, so that events wait and the feed pauses.
        if (random() < 0.05) await new Promise((resolve) => setTimeout(resolve, 3));
        if (item.seq === total) return;
      }
    })();
    const producer = (async () => {
      while (appended < total) {
        const count = Math.min(total - appended, 1 + Math.floor(random() * 80));
        server.append(count);
        appended += count;
        if (random() < 0.1) {
          await server.stop();
          restarts += 1;
          await server.start();
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    await Promise.all([consumer, producer]);
    expect(taken).toEqual(range(1, total));
    expect(restarts).toBeGreaterThan(0);
    expect(server.subscribes.length).toBeGreaterThan(5);
    for (const { after, least, most } of acknowledgedAt) {
      expect(after).toBeGreaterThanOrEqual(least);
      expect(after).toBeLessThanOrEqual(most);
    }
    taken = [];
    // A new process repeats only what came after the last acknowledgement.
    const saved = server.cursors.get('crm') ?? 0;
    expect(saved).toBeGreaterThan(0);
    server.onPeer = () => undefined;
    server.append(1);
    const heir = follow({ consumer: 'crm', after: undefined });
    expect(await takeUntil(heir[Symbol.asyncIterator](), total + 1)).toEqual(
      range(saved + 1, total + 1),
    );
  });

  it.each([1000, 1001, 1011, 1012, 4408])('resumes after close code %i', async (code) => {
    server.append(2);
    server.onPeer = (peer, count) => {
      if (count === 1) setImmediate(() => peer.socket.close(code));
    };
    const feed = follow();
    feed.start();
    await expect.poll(() => statuses.map(({ type }) => type)).toContain('waiting');
    server.append(1);
    expect(await takeUntil(feed[Symbol.asyncIterator](), 3)).toEqual([1, 2, 3]);
  });

  it('waits before it comes back to an instance that had too many frames', async () => {
    server.onPeer = (peer) => setImmediate(() => peer.socket.close(4429));
    follow().start();
    await expect
      .poll(() => statuses.at(-1))
      .toMatchObject({
        type: 'waiting',
        error: { code: 'rate_limited', details: { close_code: 4429 } },
      });
    const last = statuses.at(-1);
    expect(last?.type === 'waiting' && last.delayMs).toBeGreaterThanOrEqual(5_000);
  });

  it.each([
    [4400, 'bad_request'],
    [4401, 'signature_invalid'],
    [4403, 'forbidden'],
    [1009, 'bad_request'],
  ])('ends for good after close code %i', async (code, expected) => {
    server.append(2);
    server.onPeer = (peer) =>
      peer.socket.once('message', () => setImmediate(() => peer.socket.close(code)));
    const error = await errorOf(follow());
    expect(error).toMatchObject({
      code: expected,
      retryable: false,
      details: { close_code: code },
    });
    expect(server.subscribes).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ type: 'stopped', error: { code: expected } });
  });

  it('gives what had come before it ends for good', async () => {
    server.append(2);
    server.onPeer = (peer) =>
      peer.socket.once('message', () => setImmediate(() => peer.socket.close(4401)));
    const feed = follow();
    feed.start();
    await expect.poll(() => statuses.at(-1)?.type).toBe('stopped');
    const seen: number[] = [];
    const work = (async () => {
      for await (const item of feed) if (item.type !== 'stream.gap') seen.push(item.seq);
    })();
    await expect(work).rejects.toMatchObject({ code: 'signature_invalid' });
    expect(seen).toEqual([1, 2]);
  });

  it('ends at once when its key is not accepted', async () => {
    const error = await errorOf(follow({ key: { id: 'stranger', secret } }));
    expect(error).toMatchObject({ code: 'signature_invalid' });
    expect(server.refused).toEqual(['unknown_key']);
  });

  it('comes back to an instance that refuses for now, when it says', async () => {
    let refusals = 0;
    server.refusal = () => {
      refusals += 1;
      const body = JSON.stringify({
        success: false,
        error: { code: 'shutting_down', message: 'Later.', retryable: true, retry_after_ms: 150 },
      });
      return refusals > 1
        ? undefined
        : `HTTP/1.1 503 No\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    };
    server.append(1);
    const began = performance.now();
    expect(await takeUntil(follow()[Symbol.asyncIterator](), 1)).toEqual([1]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(145);
  });

  it.each([
    ['HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nNot Found', 'bad_response'],
    [
      'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n',
      'bad_response',
    ],
    [
      'HTTP/1.1 421 No\r\nContent-Length: 84\r\n\r\n{"success":false,"error":{"code":"wrong_instance","message":"No.","retryable":true}}',
      'wrong_instance',
    ],
  ])('ends for good when the upgrade meets %j', async (answer, code) => {
    server.refusal = () => answer;
    expect(await errorOf(follow())).toMatchObject({ code });
  });

  it.each([
    'no JSON',
    '{"type":"hello","heartbeat_ms":0}',
    '[]',
    '{"type":"event","event":{"seq":"1"}}',
  ])('leaves a connection that says %s, and tries again', async (frame) => {
    let greetings = 0;
    server.hello = () => {
      greetings += 1;
      return greetings > 1 ? '{"type":"hello","heartbeat_ms":1000}' : frame;
    };
    server.append(1);
    expect(await takeUntil(follow()[Symbol.asyncIterator](), 1)).toEqual([1]);
    expect(statuses.find(({ type }) => type === 'waiting')).toMatchObject({
      error: { code: 'bad_response' },
    });
  });

  it('passes over frames of a newer protocol', async () => {
    server.append(1);
    server.onPeer = (peer) => peer.socket.send('{"type":"constructor","of":"tomorrow"}');
    expect(await takeUntil(follow()[Symbol.asyncIterator](), 1)).toEqual([1]);
    expect(server.subscribes).toHaveLength(1);
  });

  it('leaves a connection that fell silent, and stays on one that pings', async () => {
    server.heartbeatMs = 150;
    follow().start();
    await expect.poll(() => server.subscribes.length).toBe(1);
    let pings = 0;
    for (const { socket } of server.peers) socket.on('pong', () => (pings += 1));
    await expect.poll(() => pings).toBeGreaterThanOrEqual(8);
    expect(server.subscribes).toHaveLength(1);
    server.silent = true;
    await expect.poll(() => server.subscribes.length).toBe(2);
    expect(statuses.find(({ type }) => type === 'waiting')).toMatchObject({
      error: { code: 'connection_failed', message: expect.stringContaining('silent') },
    });
  });

  it('gives up on an instance that takes the connection and does not greet', async () => {
    const mute = createServer();
    const sockets: { destroy(): void }[] = [];
    mute.on('connection', (socket) => sockets.push(socket));
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const baseUrl = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const feed = follow({ baseUrl, connectTimeoutMs: 60 });
    feed.start();
    await expect.poll(() => sockets.length).toBeGreaterThanOrEqual(2);
    expect(statuses.find(({ type }) => type === 'waiting')).toMatchObject({
      error: { code: 'timeout' },
    });
    await feed.stop();
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
});

describe('a slow consumer', () => {
  it('stops the network instead of filling the memory, and gets everything in the end', {
    timeout: 60_000,
  }, async () => {
    const total = 20_000;
    const feed = follow({ bufferSize: 64 });
    const items = feed[Symbol.asyncIterator]();
    const first = items.next();
    await expect.poll(() => server.subscribes.length).toBe(1);
    server.append(total, 'x'.repeat(1_000));
    await first;
    const waiting = (): number => [...server.peers][0]?.socket.bufferedAmount ?? 0;
    // What neither the feed nor the kernel takes stays with the sender, for as long as nobody asks.
    const seen: number[] = [];
    const isStill = (): boolean => {
      seen.push(waiting());
      return seen.length > 12 && new Set(seen.slice(-12)).size === 1;
    };
    await expect.poll(isStill, { interval: 50, timeout: 20_000 }).toBe(true);
    expect(waiting()).toBeGreaterThan(total * 1_000 * 0.25);
    expect(await takeUntil(items, total)).toEqual(range(2, total));
    expect(server.subscribes).toHaveLength(1);
  });
});

describe('the end', () => {
  it('comes by stop, from outside, as often as one likes', async () => {
    const feed = follow();
    const loop = (async () => {
      for await (const item of feed) void item;
      return 'ended';
    })();
    await expect.poll(() => server.peers.size).toBe(1);
    await Promise.all([feed.stop(), feed.stop()]);
    await feed.stop();
    expect(await loop).toBe('ended');
    await expect.poll(() => server.peers.size).toBe(0);
    expect(statuses.filter(({ type }) => type === 'stopped')).toEqual([{ type: 'stopped' }]);
    feed.start();
    expect(await feed[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
    expect(server.subscribes).toHaveLength(1);
  });

  it('comes when the loop is left', async () => {
    server.append(5);
    for await (const item of follow()) if (item.type !== 'stream.gap' && item.seq === 2) break;
    await expect.poll(() => server.peers.size).toBe(0);
    expect(statuses.at(-1)).toEqual({ type: 'stopped' });
    await expect.poll(() => server.acks.at(-1)).toBe(1);
  });

  it('comes by the signal, with its reason, also while it waits to come back', async () => {
    const reason = new Error('shutting down');
    const controller = new AbortController();
    await server.stop();
    const work = errorOf(
      follow({ signal: controller.signal, backoffMs: 60_000, maxBackoffMs: 60_000 }),
    );
    await expect.poll(() => statuses.at(-1)?.type).toBe('waiting');
    controller.abort(reason);
    expect(await work).toBe(reason);
    expect(await errorOf(follow({ signal: controller.signal }))).toBe(reason);
  });

  it('comes while nobody answers', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined));
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const feed = follow({ baseUrl: `http://127.0.0.1:${(mute.address() as AddressInfo).port}` });
    feed.start();
    await once(mute, 'connection');
    await feed.stop();
    expect(statuses.map(({ type }) => type)).toEqual(['connecting', 'stopped']);
    mute.close();
  });

  it('comes before anything when it is disposed unstarted', async () => {
    {
      await using feed = follow();
      expect(feed.acknowledged).toBe(0);
    }
    expect(server.subscribes).toHaveLength(0);
  });

  it('is refused to a malformed set-up', () => {
    const refusal = (options: Partial<EventFeedOptions>): string | undefined => {
      try {
        follow(options);
      } catch (error) {
        return isGatewayError(error) ? error.code : undefined;
      }
      return 'accepted';
    };
    expect(refusal({ baseUrl: 'ws://127.0.0.1:1/path' })).toBe('invalid_config');
    expect(refusal({ key: { id: 'app', secret: 'short' } })).toBe('invalid_config');
    expect(refusal({ workspaceId: '../w1' })).toBe('invalid_id');
  });
});
