import { connect, type Socket } from 'node:net';
import type { MetaOptions } from '@blazz/providers/meta';
import { afterEach, describe, expect, it } from 'vitest';
import { answer, answering, type Plan, RawGraph } from './support/raw-graph';
import { messageTo, phoneNumberId, sessionOn, type TestSession, text } from './support/session';

const number = {
  id: phoneNumberId,
  display_phone_number: '+1 555-078-3881',
  verified_name: 'Shop',
};
const sent = { messaging_product: 'whatsapp', messages: [{ id: 'wamid.1' }] };

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A started session, and then a Graph that does something else. */
async function started(
  plan: Plan,
  options: MetaOptions = {},
): Promise<TestSession & { graph: RawGraph }> {
  const graph = new RawGraph(answering(200, number));
  const session = sessionOn(await graph.start(), options);
  open.push(
    () => graph.stop(),
    () => session.provider.stop(),
  );
  await session.provider.start(AbortSignal.timeout(5_000));
  graph.plan = plan;
  return { ...session, graph };
}

const send = (
  session: TestSession,
  more: { number?: number } = {},
  signal = AbortSignal.timeout(5_000),
) => {
  const { message, attempt } = messageTo('4915550001111', text, more);
  return session.provider.send(message, attempt, signal);
};

describe('what became of a send', () => {
  it('is sent with the id that Graph gives', async () => {
    const session = await started(answering(200, sent));
    expect(await send(session)).toEqual({ status: 'sent', provider_message_id: 'wamid.1' });
    const [head = '', body = ''] = (session.graph.requests.at(-1) ?? '').split('\r\n\r\n');
    expect(head).toMatch(/^POST \/v25\.0\/106540352242922\/messages HTTP/);
    expect(head).toContain('authorization: Bearer EAAtoken');
    expect(JSON.parse(body)).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '4915550001111',
      type: 'text',
      text: { body: 'hello' },
      biz_opaque_callback_data: 'b1.msg_1.1',
    });
  });

  it.each<[string, Plan]>([
    ['a reset', (socket) => socket.resetAndDestroy()],
    ['an end without an answer', (socket) => socket.end()],
    ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    ['half a body', (socket) => socket.end(answer(200, sent).slice(0, -9))],
    ['truncated JSON', answering(200, JSON.stringify(sent).slice(0, -4))],
    ['garbage', (socket) => socket.end('\u0000 no HTTP at all\r\n\r\n')],
    ['a page of HTML', answering(200, '<html>')],
    ['a 502 that is none of Graph’s', answering(502, '<html>bad gateway</html>')],
    ['a 403 that is none of Graph’s', answering(403, { blocked: true })],
    ['a redirect', answering(302, '', { location: 'https://elsewhere.example/' })],
    ['an answer without a message', answering(200, { messaging_product: 'whatsapp' })],
    ['a list', answering(200, [])],
    ['an error without a code', answering(400, { error: { message: 'no' } })],
  ])('is unknown after %s', async (_, plan) => {
    const session = await started(plan);
    const outcome = await send(session);
    expect(outcome.status).toBe('unknown');
  });

  it('is unknown after a time-out, and says so', async () => {
    const session = await started(() => undefined, { deadlines: { sendMs: 50 } });
    expect(await send(session)).toMatchObject({ status: 'unknown', error: { code: 'timeout' } });
  });

  it('is unknown when the wait is given up after it left', async () => {
    const abort = new AbortController();
    const session = await started(() => abort.abort(new Error('given up')));
    expect(await send(session, {}, abort.signal)).toMatchObject({ status: 'unknown' });
  });

  it('is not_sent while nobody listens', async () => {
    const session = await started(answering(200, sent));
    await session.graph.stop();
    // The connection from the start is gone; a new one is refused.
    await expect
      .poll(async () => (await send(session)).status, { timeout: 3_000 })
      .toBe('not_sent');
  });

  it('is not_sent when the host has no address, and when TLS fails', async () => {
    const plain = new RawGraph(answering(200, number), (socket) => {
      socket.on('data', () => socket.end('this is no TLS'));
      return true;
    });
    const url = await plain.start();
    open.push(() => plain.stop());
    const noName = sessionOn('https://graph.invalid');
    const noTls = sessionOn(url.replace('http:', 'https:'));
    for (const session of [noName, noTls]) {
      open.push(() => session.provider.stop());
      await expect(session.provider.start(AbortSignal.timeout(5_000))).rejects.toMatchObject({
        code: 'start_failed',
        retryable: true,
        details: { fault: 'connection', left: false },
      });
    }
  });

  it('is not_sent when the deadline passes before a connection stands', async () => {
    const held: Socket[] = [];
    let isHolding = false;
    const graph = new RawGraph(answering(200, number));
    const url = await graph.start();
    const session = sessionOn(url, {
      deadlines: { sendMs: 60 },
      connect: (target, done) => {
        if (isHolding) return;
        const socket = connect(Number(target.port), '127.0.0.1', () => done(null, socket));
        held.push(socket);
      },
    });
    open.push(
      () => graph.stop(),
      () => session.provider.stop(),
    );
    await session.provider.start(AbortSignal.timeout(5_000));
    isHolding = true;
    for (const socket of held) socket.destroy();
    await expect
      .poll(async () => await send(session), { timeout: 3_000 })
      .toMatchObject({ status: 'not_sent', error: { code: 'timeout' } });
  });

  it('sends nothing before the start, and nothing after the end', async () => {
    const graph = new RawGraph(answering(200, number));
    const session = sessionOn(await graph.start());
    open.push(() => graph.stop());
    expect(await send(session)).toMatchObject({ status: 'not_sent', error: { code: 'not_ready' } });
    await session.provider.start(AbortSignal.timeout(5_000));
    await session.provider.stop();
    await session.provider.stop();
    expect(await send(session)).toMatchObject({ status: 'not_sent', error: { code: 'not_ready' } });
    expect(graph.requests).toHaveLength(1);
  });
});

const refusal = (
  code: number,
  more: Record<string, unknown> = {},
): { error: Record<string, unknown> } => ({
  error: {
    message: '(#1) Something with +4915550001111 in it',
    type: 'OAuthException',
    code,
    fbtrace_id: 'AbC123',
    error_data: { messaging_product: 'whatsapp', details: 'about 4915550001111' },
    ...more,
  },
});

describe('refusals', () => {
  it('say what to do next, and never what Meta wrote', async () => {
    const session = await started(answering(400, refusal(131047)));
    const outcome = await send(session);
    expect(outcome).toMatchObject({
      status: 'rejected',
      error: {
        code: 'rejected',
        details: { graph_code: 131047, class: 'window', fbtrace_id: 'AbC123' },
      },
    });
    expect(JSON.stringify(outcome)).not.toContain('4915550001111');
    expect((outcome as { error: Error }).error.message).toMatch(/template/);
  });

  it('of the pair wait 4^X seconds, whatever the HTTP status', async () => {
    const session = await started(answering(400, refusal(131056)));
    const waits: unknown[] = [];
    for (let number = 1; number <= 4; number += 1) {
      const outcome = await send(session, { number });
      expect(outcome).toMatchObject({
        status: 'not_sent',
        scope: 'pace',
        error: { code: 'rate_limited' },
      });
      waits.push((outcome as { retryAfterMs?: number }).retryAfterMs);
    }
    expect(waits).toEqual([1_000, 4_000, 16_000, 64_000]);
  });

  it('honour what Graph asks to wait', async () => {
    const usage = JSON.stringify({ 1: [{ type: 'messages', estimated_time_to_regain_access: 7 }] });
    const session = await started(
      answering(400, refusal(80007), { 'X-Business-Use-Case-Usage': usage }),
    );
    expect(await send(session)).toMatchObject({
      status: 'not_sent',
      scope: 'pace',
      retryAfterMs: 420_000,
    });
    session.graph.plan = answering(429, refusal(4), { 'retry-after': '90' });
    expect(await send(session)).toMatchObject({ status: 'not_sent', retryAfterMs: 90_000 });
    expect(session.provider.limits?.waitMs()).toBeGreaterThan(80_000);
  });

  it('that pass are tried a few times, and are final then', async () => {
    const session = await started(answering(500, refusal(131000)));
    expect(await send(session, { number: 1 })).toMatchObject({
      status: 'not_sent',
      retryAfterMs: 1_000,
    });
    expect(await send(session, { number: 4 })).toMatchObject({
      status: 'not_sent',
      retryAfterMs: 8_000,
    });
    expect(await send(session, { number: 5 })).toMatchObject({ status: 'rejected' });
  });

  it('that Graph itself calls passing are believed', async () => {
    const session = await started(answering(500, refusal(100, { is_transient: true })));
    expect(await send(session)).toMatchObject({
      status: 'not_sent',
      error: { details: { class: 'transient' } },
    });
  });

  it('for the token end the session, with an alert, and count', async () => {
    const refused: unknown[] = [];
    const session = await started(answering(401, refusal(190, { error_subcode: 463 })), {
      observer: { platformRefused: (fact) => refused.push(fact) },
    });
    expect(await send(session)).toMatchObject({ status: 'rejected', scope: 'channel' });
    expect(session.events.map(({ type }) => type)).toEqual(['ready', 'account.alert', 'down']);
    expect(session.events.at(-1)).toMatchObject({
      error: { retryable: false, details: { graph_subcode: 463 } },
    });
    expect(await send(session)).toMatchObject({ status: 'not_sent' });
    expect(refused).toEqual([
      { provider: 'meta_api', class: 'auth', code: 'rejected', source: 'answer' },
    ]);
  });
});

describe('a start', () => {
  it('tells the number, and who runs it', async () => {
    const session = await started(answering(200, sent));
    expect(session.events).toEqual([
      { type: 'ready', account: { platform: 'cloud_api', phone: '15550783881', name: 'Shop' } },
    ]);
  });

  it.each([
    [190, false],
    [10, false],
    [100, false],
    [2, true],
    [4, true],
  ])('that Graph refuses with %i is tried again: %s', async (code, retryable) => {
    const graph = new RawGraph(answering(400, refusal(code)));
    const session = sessionOn(await graph.start());
    open.push(
      () => graph.stop(),
      () => session.provider.stop(),
    );
    await expect(session.provider.start(AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'start_failed',
      retryable,
      details: { graph_code: code },
    });
    expect(session.events).toEqual([]);
  });

  it('warns of a version that ends soon, and says when', async () => {
    const graph = new RawGraph(answering(200, number));
    const now = () => Date.parse('2028-07-01');
    const clock = {
      now,
      monotonic: () => performance.now(),
      schedule: (ms: number, callback: () => void) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    };
    const session = sessionOn(await graph.start(), { now }, {}, clock);
    open.push(
      () => graph.stop(),
      () => session.provider.stop(),
    );
    await session.provider.start(AbortSignal.timeout(5_000));
    expect(session.lines.join()).toContain('v25.0 ends on 2028-07-29');
    expect(session.lines.join()).not.toContain('EAAtoken');
  });
});
