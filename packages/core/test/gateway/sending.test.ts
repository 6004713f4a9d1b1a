import { isGatewayError } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

describe('sending', () => {
  it('sends a message once and reports how it goes', async () => {
    const { gateway, clock, world, text, events } = harness({
      world: { receipts: { deliveredMs: 50, readMs: 100 } },
    });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message, replayed } = await ws.send(text(1));
    expect(replayed).toBe(false);
    expect(message).toMatchObject({ status: 'queued', workspace_id: 'ws', session_id: 'main' });
    const settled = await clock.play(ws.settled(message.message_id, { timeoutMs: 5_000 }));
    expect(settled).toMatchObject({ status: 'sent', provider: 'scripted' });
    await clock.advance(200);
    const statuses = (await events()).flatMap((event) =>
      event.type === 'message.status' ? [event.data.status] : [],
    );
    expect(statuses).toEqual(['sent', 'delivered', 'read']);
    expect(world.effects).toHaveLength(1);
    await gateway.stop();
  });

  it('queues before the session is ready, and sends when it is', async () => {
    const { gateway, clock, world, text } = harness({ linked: false });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    const session = await ws.session();
    const qr = await clock.play(session.qr());
    expect(world.effects).toHaveLength(0);
    world.account('ws', 'main').scan(qr.text);
    const settled = await clock.play(ws.settled(message.message_id, { timeoutMs: 5_000 }));
    expect(settled.status).toBe('sent');
    await gateway.stop();
  });

  it('answers a repeat that comes after its message’s time was over', async () => {
    const { gateway, clock, text } = harness({ linked: false });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const expires_at = new Date(clock.now() + 1_000).toISOString();
    const options = { idempotencyKey: 'order-4711-shipped' };
    const first = await ws.send({ ...text(1), expires_at }, options);
    await clock.advance(2_000);
    const again = await ws.send({ ...text(1), expires_at }, options);
    expect(again).toMatchObject({ replayed: true });
    expect(again.message.message_id).toBe(first.message.message_id);
    const late = { idempotencyKey: 'order-4712-shipped' };
    await expect(ws.send({ ...text(1), expires_at }, late)).rejects.toMatchObject({
      code: 'invalid_message',
    });
    await clock.play(gateway.stop());
  });

  it('answers a repeated key with the first message, and refuses it for another', async () => {
    const { gateway, clock, world, text } = harness();
    await gateway.start();
    const ws = gateway.workspace('ws');
    const idempotencyKey = 'order-4711-shipped';
    const first = await ws.send(text(1), { idempotencyKey });
    await clock.advance(100);
    const again = await ws.send(
      { text: { body: 'hello' }, type: 'text', to: '+62 812 000 0001' },
      { idempotencyKey },
    );
    expect(again).toMatchObject({ replayed: true, message: { status: 'sent' } });
    expect(again.message.message_id).toBe(first.message.message_id);
    await expect(ws.send(text(2), { idempotencyKey })).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
    // The same key in another workspace is another key.
    const other = await gateway.workspace('other').send(text(1), { idempotencyKey });
    expect(other.replayed).toBe(false);
    await clock.advance(100);
    expect(world.effects).toHaveLength(2);
    await gateway.stop();
  });

  it('keeps order per recipient and never has two sends to one in flight', async () => {
    const { gateway, clock, world, text } = harness({
      provider: { pace: { concurrency: 4 } },
      world: {
        script: (message) => ({
          outcome: 'sent',
          afterMs: 7 * (message.message_id.charCodeAt(28) % 5),
        }),
      },
    });
    await gateway.start();
    const ws = gateway.workspace('ws');
    for (let i = 0; i < 60; i++) await ws.send(text(i % 6, `no. ${i}`));
    await clock.advance(10_000);
    expect(world.effects).toHaveLength(60);
    for (let recipient = 0; recipient < 6; recipient++) {
      const bodies = world.calls
        .filter(
          (call) =>
            'phone' in call.message.recipient &&
            call.message.recipient.phone.endsWith(String(recipient)),
        )
        .map((call) =>
          call.message.content.type === 'text' ? call.message.content.text.body : '',
        );
      expect(bodies).toEqual(Array.from({ length: 10 }, (_, i) => `no. ${recipient + 6 * i}`));
    }
    let together = 0;
    for (const call of world.calls) {
      const overlapping = world.calls.filter(
        (other) =>
          other.startedAt <= call.startedAt && (other.endedAt ?? Infinity) > call.startedAt,
      );
      together = Math.max(together, overlapping.length);
      expect(new Set(overlapping.map((each) => each.message.recipient.key)).size).toBe(
        overlapping.length,
      );
    }
    expect(together).toBeLessThanOrEqual(4);
    await gateway.stop();
  });

  it('paces: one send a second, however many wait', async () => {
    const { gateway, clock, world, text } = harness({
      provider: { pace: { concurrency: 1, intervalMs: 1_000, jitter: 0.5 } },
    });
    await gateway.start();
    for (let i = 0; i < 9; i++) await gateway.workspace('ws').send(text(i));
    await clock.advance(100);
    expect(world.effects).toHaveLength(1);
    await clock.advance(4_000);
    expect(world.effects).toHaveLength(5);
    await clock.advance(4_000);
    expect(world.effects).toHaveLength(9);
    await gateway.stop();
  });

  it('tries again what provably did not leave, later and later, and then gives up', async () => {
    const { gateway, clock, world, text } = harness({
      world: { script: () => ({ outcome: 'not_sent' }) },
      gateway: { timings: { attempts: { maxAttempts: 4, baseMs: 1_000, maxMs: 60_000 } } },
    });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    const done = await clock.play(ws.settled(message.message_id, { timeoutMs: 600_000 }));
    expect(done).toMatchObject({ status: 'failed', error: { code: 'not_ready' } });
    expect(done.attempts.map((attempt) => attempt.outcome)).toEqual(Array(4).fill('not_sent'));
    const starts = done.attempts.map((attempt) => attempt.started_at);
    expect(starts.slice(1).map((start, i) => start - (starts[i] ?? 0))).toEqual([
      750, 1_500, 3_000,
    ]);
    expect(world.effects).toHaveLength(0);
    await gateway.stop();
  });

  it('waits as long as it is told for a limit that passes, and uses up no try', async () => {
    const { gateway, clock, world, text } = harness();
    await gateway.start();
    const ws = gateway.workspace('ws');
    await clock.advance(10);
    const pace = { outcome: 'not_sent', scope: 'pace', retryAfterMs: 4_000 } as const;
    world.nextSends(...Array.from({ length: 25 }, () => pace), { outcome: 'not_sent' });
    const { message } = await ws.send(text(1));
    await clock.advance(99_999);
    const startedAt = world.calls.map((call) => call.startedAt);
    expect(startedAt).toHaveLength(25);
    expect(new Set(startedAt.slice(1).map((at, i) => at - (startedAt[i] ?? 0)))).toEqual(
      new Set([4_000]),
    );
    await clock.advance(10_000);
    // What is kept of the waiting is its end; numbers go on.
    expect(await ws.message(message.message_id)).toMatchObject({
      status: 'sent',
      attempts: [
        { number: 25, outcome: 'not_sent', scope: 'pace' },
        { number: 26, outcome: 'not_sent' },
        { number: 27, outcome: 'sent' },
      ],
    });
    await clock.play(gateway.stop());
  });

  it('holds what nobody can tell about, and never sends it again by itself', async () => {
    const { gateway, clock, world, text, events } = harness({ provider: { abilities: [] } });
    world.nextSends({ outcome: 'unknown', effect: true });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    await ws.send(text(1, 'the next one'));
    await clock.advance(3 * 3_600_000);
    expect(await ws.message(message.message_id)).toMatchObject({ status: 'unknown' });
    expect(world.effects.filter((effect) => effect.message_id === message.message_id)).toHaveLength(
      1,
    );
    expect(world.effects).toHaveLength(2);
    expect((await events()).filter((event) => event.type === 'message.unknown')).toHaveLength(1);
    await gateway.stop();
  });

  it('sends again what nobody can tell about, when the message asks for that', async () => {
    const { gateway, clock, world, text } = harness();
    world.nextSends({ outcome: 'unknown', effect: true });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send({ ...text(1), on_ambiguous: 'retry' });
    const done = await clock.play(ws.settled(message.message_id, { timeoutMs: 60_000 }));
    expect(done.status).toBe('sent');
    expect(world.effects).toHaveLength(2);
    await gateway.stop();
  });

  it('takes a provider that throws for one that nobody can tell about', async () => {
    const { gateway, clock, world, text } = harness({ provider: { abilities: [] } });
    world.nextSends({ outcome: 'throw', effect: true, error: 'auth timeout' });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    await clock.advance(60_000);
    expect(await ws.message(message.message_id)).toMatchObject({
      status: 'unknown',
      error: { code: 'provider_failed' },
    });
    expect(world.effects).toHaveLength(1);
    await gateway.stop();
  });

  it('finds out about an unknown send after a restart of the provider', async () => {
    const { gateway, clock, world, text } = harness();
    world.nextSends({ outcome: 'hang', effect: true });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    await clock.advance(100);
    world.account('ws', 'main').crash();
    await clock.advance(60_000);
    expect(await ws.message(message.message_id)).toMatchObject({ status: 'sent' });
    expect(world.effects).toHaveLength(1);
    await gateway.stop();
  });

  it('does not send what has lost its point, nor before its time', async () => {
    const { gateway, clock, world, text } = harness({ linked: false });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const at = (ms: number) => new Date(clock.now() + ms).toISOString();
    const late = await ws.send({ ...text(1), expires_at: at(60_000) });
    const scheduled = await ws.send({ ...text(2), send_at: at(600_000) });
    await clock.advance(61_000);
    const { text: qr } = await clock.play((await ws.session()).qr());
    world.account('ws', 'main').scan(qr);
    await clock.advance(1_000);
    expect(await ws.message(late.message.message_id)).toMatchObject({ status: 'expired' });
    expect(world.effects).toHaveLength(0);
    await clock.advance(540_000);
    expect(await ws.message(scheduled.message.message_id)).toMatchObject({ status: 'sent' });
    expect(world.effects).toHaveLength(1);
    await gateway.stop();
  });

  it("resolves the gateway's ids in replies and reactions", async () => {
    const { gateway, clock, world, text } = harness();
    await gateway.start();
    const ws = gateway.workspace('ws');
    const first = await ws.send(text(1));
    await clock.advance(10);
    const id = (await ws.message(first.message.message_id)).provider_message_id;
    await ws.send({ ...text(1, 'answer'), reply_to: first.message.message_id });
    await ws.send({
      to: '628120000001',
      type: 'reaction',
      reaction: { message_id: first.message.message_id, emoji: '👍' },
    });
    await clock.advance(100);
    expect(world.calls[1]?.message.reply_to).toBe(id);
    expect(world.calls[2]?.message.content).toMatchObject({ reaction: { message_id: id } });
    const nowhere = await ws.send({ ...text(1), reply_to: 'msg_00000000000000000000000000' });
    await clock.advance(100);
    expect(await ws.message(nowhere.message.message_id)).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_message' },
    });
    await gateway.stop();
  });

  it('refuses what the provider cannot send, before accepting it', async () => {
    const { gateway, text } = harness({ provider: { messageTypes: ['text'] } });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const poll = { to: text(1).to, type: 'poll', poll: { name: 'x', options: ['a', 'b'] } };
    await expect(ws.send(poll)).rejects.toMatchObject({ code: 'unsupported_content' });
    await expect(ws.send(text(1), { idempotencyKey: 'short' })).rejects.toMatchObject({
      code: 'bad_request',
    });
    expect(await ws.messages({ limit: 10 })).toEqual([]);
    await gateway.stop();
  });

  it('takes nothing once it is stopping, and finishes what is in flight', async () => {
    const { gateway, clock, world, text, store } = harness({
      world: { script: () => ({ outcome: 'sent', afterMs: 500 }) },
    });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    await clock.advance(100);
    const stopped = gateway.stop();
    await expect(ws.send(text(2))).rejects.toSatisfy(
      (error) => isGatewayError(error) && error.code === 'shutting_down' && error.retryable,
    );
    await clock.play(stopped);
    expect(world.effects).toHaveLength(1);
    expect(await store.outbox.get('ws', message.message_id)).toMatchObject({ status: 'sent' });
    expect(clock.pending).toBe(0);
  });
});
