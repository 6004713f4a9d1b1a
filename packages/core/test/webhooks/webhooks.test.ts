import {
  deliveryWaits,
  type EventDraft,
  GatewayError,
  isGatewayError,
  MemoryStore,
  silentLogger,
  type WebhookAnswer,
  type WebhookRequest,
  Webhooks,
} from '@blazz/core';
import { parseWebhookSecret, verifyWebhook } from '@blazz/core/signing';
import { ManualClock } from '@blazz/simulator/clock';
import { describe, expect, it } from 'vitest';

const url = 'https://app.test/hooks';
const fence = { workspaceId: 'ws', sessionId: 'main', epoch: 1 };
let count = 0;

function aDraft(session_id = 'main'): EventDraft {
  return {
    id: `evt_${String(++count).padStart(26, '0')}`,
    type: 'message.revoked',
    session_id,
    time: '2026-01-01T00:00:00.000Z',
    data: { provider_message_id: `wa-${count}`, chat_id: 'chat@g.us' },
  };
}

/** Webhooks over a transport that answers as the test says. */
function lab(
  answer: (
    request: WebhookRequest,
    signal: AbortSignal,
  ) => Promise<WebhookAnswer> | WebhookAnswer = () => ({ status: 200 }),
) {
  const clock = new ManualClock();
  const store = new MemoryStore();
  const posts: { at: number; id: string; seq: number; request: WebhookRequest }[] = [];
  let respond = answer;
  const make = () =>
    new Webhooks({
      store,
      transport: {
        check: () => undefined,
        post: async (request, signal) => {
          const { seq = 0, id } = JSON.parse(Buffer.from(request.body).toString());
          posts.push({ at: clock.now(), id, seq, request });
          return await respond(request, signal);
        },
      },
      clock,
      // The middle of the spread: waits are exactly those of the table.
      random: () => 0.5,
      logger: silentLogger,
      observer: {},
    });
  return {
    clock,
    store,
    posts,
    make,
    answerWith: (next: typeof answer) => {
      respond = next;
    },
    append: (...drafts: EventDraft[]) => store.events.append(fence, drafts),
    seqs: () => posts.map(({ seq }) => seq),
  };
}

describe('webhooks', () => {
  it('delivers what happens from now on, signed with every key, and keeps its place', async () => {
    const { clock, append, posts, seqs, make } = lab();
    const webhooks = make();
    await webhooks.start();
    await append(aDraft());
    const endpoint = await webhooks.add('ws', { url });
    const rotated = await webhooks.rotate('ws', endpoint.endpoint_id);
    expect(rotated.secrets).toEqual([expect.any(String), endpoint.secrets[0]]);
    await append(aDraft(), aDraft());
    await clock.advance(0);
    expect(seqs()).toEqual([2, 3]);
    const [
      {
        request: { headers, body },
      },
    ] = posts as [(typeof posts)[number]];
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const secret of rotated.secrets) {
      const isGenuine = verifyWebhook({
        id: headers['webhook-id'],
        timestamp: headers['webhook-timestamp'],
        signature: headers['webhook-signature'],
        body,
        keys: [parseWebhookSecret(secret)],
        now: clock.now(),
      });
      expect(isGenuine).toBe(true);
    }
    await webhooks.stop();
    await append(aDraft());
    const again = make();
    await again.start();
    await clock.advance(0);
    expect(seqs()).toEqual([2, 3, 4]);
    await again.stop();
  });

  it('tries ten times, exactly by the schedule, then gives up, and replays on demand', async () => {
    const { clock, append, posts, make, answerWith, store } = lab(() => ({ status: 500 }));
    const webhooks = make();
    await webhooks.start();
    const { endpoint_id } = await webhooks.add('ws', { url });
    await append(aDraft());
    await clock.advance(0);
    for (const wait of deliveryWaits) await clock.advance(wait);
    const times = posts.map(({ at }, i) => at - (posts[i - 1]?.at ?? at));
    expect(times).toEqual([0, ...deliveryWaits]);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
    expect(new Set(posts.map(({ request }) => request.headers['webhook-timestamp'])).size).toBe(10);
    const dead = await webhooks.deliveries('ws', endpoint_id, {
      state: 'dead',
      after: 0,
      limit: 9,
    });
    expect(dead).toMatchObject([{ seq: 1, attempts: 10, last_status: 500 }]);
    await clock.advance(1_000_000_000);
    expect(posts).toHaveLength(10);
    answerWith(() => ({ status: 204 }));
    expect(await webhooks.replay('ws', endpoint_id)).toBe(1);
    await clock.advance(900_000);
    expect(posts).toHaveLength(11);
    const query = { state: 'dead', after: 0, limit: 9 } as const;
    expect(await store.deliveries.list('ws', endpoint_id, query)).toEqual([]);
    await webhooks.stop();
  });

  it('waits as long as it is asked to, within a day', async () => {
    const { clock, append, posts, make, answerWith } = lab(() => ({
      status: 429,
      retryAfterMs: 60_000,
    }));
    const webhooks = make();
    await webhooks.start();
    await webhooks.add('ws', { url });
    await append(aDraft());
    await clock.advance(59_999);
    expect(posts).toHaveLength(1);
    answerWith(() => ({ status: 503, retryAfterMs: 1e12 }));
    await clock.advance(1);
    expect(posts).toHaveLength(2);
    await clock.advance(24 * 3_600_000 - 1);
    expect(posts).toHaveLength(2);
    await clock.advance(1);
    expect(posts).toHaveLength(3);
    await webhooks.stop();
  });

  it('disables an endpoint that is gone, or failed for 120 hours, and tells it', async () => {
    for (const [status, reason] of [
      [410, 'gone'],
      [500, 'failing'],
    ] as const) {
      const { clock, append, posts, make, store, answerWith } = lab(() => ({ status }));
      const webhooks = make();
      await webhooks.start();
      const { endpoint_id } = await webhooks.add('ws', { url });
      await append(aDraft());
      await clock.advance(0);
      for (let hour = 0; reason === 'failing' && hour <= 125; hour++) {
        if (hour % 30 === 0) await append(aDraft());
        await clock.advance(3_600_000);
      }
      const [endpoint] = await webhooks.list('ws');
      expect(endpoint).toMatchObject({ status: 'disabled', reason });
      const { events } = await store.events.read('ws', { after: 0, limit: 100 });
      expect(events.at(-1)).toMatchObject({
        type: 'endpoint.disabled',
        data: { endpoint_id, reason },
      });
      const before = posts.length;
      await append(aDraft());
      await clock.advance(3_600_000);
      expect(posts).toHaveLength(before);
      answerWith(() => ({ status: 200 }));
      await webhooks.enable('ws', endpoint_id);
      await clock.advance(100 * 3_600_000);
      expect(posts.at(-1)?.seq).toBeGreaterThan(1);
      expect((await webhooks.list('ws'))[0]).toMatchObject({ status: 'enabled' });
      await webhooks.stop();
    }
  });

  it('tells that an endpoint is disabled though the store is away when it happens, once', async () => {
    const { clock, append, make, store } = lab(() => ({ status: 410 }));
    const webhooks = make();
    await webhooks.start();
    await webhooks.add('ws', { url });
    const { deliveries, events } = store;
    const save = deliveries.saveEndpoint.bind(deliveries);
    const put = events.append.bind(events);
    const isAway = (): boolean => clock.now() < began + 1_000;
    const away = () => new GatewayError('store_unavailable', 'The disk is full.');
    const began = clock.now();
    await append(aDraft());
    deliveries.saveEndpoint = async (...args) => {
      if (isAway()) throw away();
      return await save(...args);
    };
    events.append = async (...args) => {
      if (isAway()) throw away();
      return await put(...args);
    };
    await clock.advance(10_000);
    const log = await store.events.read('ws', { after: 0, limit: 100 });
    expect(log.events.filter(({ type }) => type === 'endpoint.disabled')).toHaveLength(1);
    expect((await webhooks.list('ws'))[0]).toMatchObject({ status: 'disabled', reason: 'gone' });
    await webhooks.stop();
  });

  it('forgets the place of an endpoint along with it', async () => {
    const { make, store } = lab();
    const webhooks = make();
    await webhooks.start();
    const { endpoint_id } = await webhooks.add('ws', { url });
    expect(await store.events.cursor('ws', `webhook_${endpoint_id}`)).toBe(0);
    await webhooks.remove('ws', endpoint_id);
    expect(await store.events.cursor('ws', `webhook_${endpoint_id}`)).toBeUndefined();
    await webhooks.stop();
  });

  it('cuts a try off after 15 s, and has at most eight in flight', async () => {
    let open = 0;
    let most = 0;
    const { clock, append, posts, make } = lab(
      (_, signal) =>
        new Promise((_resolve, reject) => {
          most = Math.max(most, ++open);
          signal.addEventListener('abort', () => {
            open--;
            reject(signal.reason);
          });
        }),
    );
    const webhooks = make();
    await webhooks.start();
    await webhooks.add('ws', { url });
    await append(...Array.from({ length: 20 }, () => aDraft()));
    await clock.advance(0);
    expect([posts.length, most]).toEqual([8, 8]);
    await clock.advance(14_999);
    expect(posts).toHaveLength(8);
    await clock.advance(1);
    // The breaker opened at the fifth failure: what began before it ends, and then one probe at a time.
    const begun = posts.length;
    expect(begun).toBeLessThanOrEqual(12);
    await clock.advance(29_999);
    expect(posts).toHaveLength(begun);
    await clock.advance(1);
    expect(posts).toHaveLength(begun + 1);
    await clock.advance(14_999);
    expect(posts).toHaveLength(begun + 1);
    await webhooks.stop();
    expect(open).toBe(0);
  });

  it('does not let one endpoint that hangs slow another', async () => {
    const { clock, append, posts, make } = lab((request) =>
      request.url.includes('hangs') ? new Promise(() => undefined) : { status: 200 },
    );
    const webhooks = make();
    await webhooks.start();
    await webhooks.add('ws', { url: 'https://hangs.test/' });
    await webhooks.add('ws', { url });
    await append(...Array.from({ length: 50 }, () => aDraft()));
    await clock.advance(0);
    expect(posts.filter(({ request }) => request.url === url)).toHaveLength(50);
    await webhooks.stop();
  });

  it('keeps the order of each session when asked to, whatever fails', async () => {
    const failures = new Map<number, number>();
    const taken: { seq: number; session: string }[] = [];
    const { clock, append, make } = lab(({ body }) => {
      const { seq, session_id } = JSON.parse(Buffer.from(body).toString());
      const left = failures.get(seq) ?? (seq % 3 === 0 ? 2 : 0);
      failures.set(seq, left - 1);
      if (left > 0) return { status: 500 };
      taken.push({ seq, session: session_id });
      return { status: 200 };
    });
    const webhooks = make();
    await webhooks.start();
    await webhooks.add('ws', { url, ordered: true });
    for (let i = 0; i < 30; i++) await append(aDraft(`s${i % 4}`));
    for (let i = 0; i < 60; i++) await clock.advance(300_000);
    expect(taken).toHaveLength(30);
    for (const session of ['s0', 's1', 's2', 's3']) {
      const seqs = taken.filter((each) => each.session === session).map(({ seq }) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    }
    await webhooks.stop();
  });

  it('tells an endpoint what it came too late for, and goes on', async () => {
    const { clock, append, posts, make, store } = lab();
    const first = make();
    await first.start();
    await first.add('ws', { url });
    await first.stop();
    await append(...Array.from({ length: 5 }, () => aDraft()));
    await store.events.trim('ws', 3, clock.now());
    const again = make();
    await again.start();
    await clock.advance(0);
    const bodies = posts.map(({ request }) => JSON.parse(Buffer.from(request.body).toString()));
    expect(bodies[0]).toMatchObject({ type: 'stream.gap', data: { from: 1, to: 3 } });
    expect(bodies.slice(1).map(({ seq }) => seq)).toEqual([4, 5]);
    await again.stop();
  });

  it('delivers only what is asked for', async () => {
    const { clock, append, seqs, make } = lab();
    const webhooks = make();
    await webhooks.start();
    await webhooks.add('ws', { url, sessions: ['two'] });
    await append(aDraft('one'), aDraft('two'), aDraft('one'));
    await clock.advance(0);
    expect(seqs()).toEqual([2]);
    for (const request of [{}, { url, types: ['nothing'] }, { url, sessions: ['a b'] }, 7]) {
      const refusal = await webhooks.add('ws', request).catch((error) => error);
      expect(isGatewayError(refusal) && refusal.code).toBe('bad_request');
    }
    await expect(
      webhooks.remove('ws_2', (await webhooks.list('ws'))[0]?.endpoint_id ?? ''),
    ).rejects.toMatchObject({ code: 'not_found' });
    await webhooks.stop();
  });
});
