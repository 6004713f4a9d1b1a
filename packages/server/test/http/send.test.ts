import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../support/instance';

describe('sending over HTTP', () => {
  let instance: Instance;
  let count = 0;
  beforeAll(async () => {
    instance = await startInstance();
    await instance.link();
  });
  afterAll(() => instance[Symbol.asyncDispose]());

  const send = (body: object, rest: object = {}) =>
    instance.call({
      method: 'POST',
      path: '/internal/send-message',
      key: instance.keys.own,
      body: { workspace_id: 'own', to: '4915112345678', type: 'text', ...body },
      ...rest,
    });
  const newKey = () => `test-key-${String(++count).padStart(16, '0')}`;
  const hello = { text: { body: 'hello' } };

  it('waits for the outcome and answers 200 with the provider’s id', async () => {
    const answer = await send(hello);
    expect(answer.status).toBe(200);
    expect(answer.json.data).toMatchObject({ status: 'sent', workspace_id: 'own' });
    const effect = instance.world.effects.at(-1);
    expect(answer.json.data.provider_message_id).toBe(effect?.provider_message_id);
    expect(answer.headers['idempotency-key']).toMatch(/^"[A-Za-z0-9_-]{16,128}"$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('lets somebody decide on a message that nobody can tell about, once', async () => {
    const decide = (id: string, body: object) =>
      instance.call({
        method: 'POST',
        path: `/internal/messages/${id}/decision`,
        key: instance.keys.own,
        body: { workspace_id: 'own', ...body },
      });
    const unknown = async (): Promise<string> => {
      instance.world.nextSends({ outcome: 'unknown', effect: false });
      return (await send(hello)).json.data.message_id;
    };
    const id = await unknown();
    expect((await decide(id, { decision: 'forget' })).status).toBe(400);
    expect((await decide(id, { decision: 'retry', provider_message_id: 'x' })).status).toBe(400);
    const before = instance.world.effects.length;
    // No receipt comes in between: what is told then is the decision's doing.
    instance.world.nextSends({ outcome: 'sent', receipts: {} });
    const retried = await decide(id, { decision: 'retry' });
    expect(retried.json.data).toMatchObject({
      status: 'queued',
      decided: { decision: 'retry', by: instance.keys.own.id },
    });
    const settled = await instance.gateway.workspace('own').settled(id, { timeoutMs: 5_000 });
    expect(settled.status).toBe('sent');
    expect(instance.world.effects).toHaveLength(before + 1);
    const again = await decide(id, { decision: 'retry' });
    expect([again.status, again.json.error.details.status]).toEqual([409, 'sent']);
    const marked = await decide(await unknown(), {
      decision: 'mark_sent',
      provider_message_id: 'wa-found',
    });
    expect(marked.json.data).toMatchObject({ status: 'sent', provider_message_id: 'wa-found' });
    expect((await decide('msg_none', { decision: 'retry' })).status).toBe(404);
  });

  it('takes the short form of text, numbers as workspace ids, and contact_uuid that is a recipient', async () => {
    const short = await send({ message: 'short', to: undefined, contact_uuid: '+49 151 12345678' });
    expect(short.status).toBe(200);
    const sent = instance.world.calls.at(-1)?.message;
    expect(sent?.content).toEqual({ type: 'text', text: { body: 'short' } });
    expect(sent?.recipient).toMatchObject({ kind: 'phone', phone: '4915112345678' });
    expect((await send({ ...hello, workspace_id: 7 })).json.error.code).toBe('not_found');
  });

  it('says what to do about a contact_uuid that is an id of the application', async () => {
    const uuid = '0b9bd6ea-2a31-4a57-a2c8-6d4a1f2bb111';
    const answer = await send({ ...hello, to: undefined, contact_uuid: uuid });
    expect(answer.status).toBe(400);
    expect(answer.json.error.code).toBe('invalid_recipient');
    expect(answer.json.error.message).toContain('`to`');
    expect(answer.text).not.toContain(uuid);
  });

  it('sends templates', async () => {
    const answer = await instance.call({
      method: 'POST',
      path: '/internal/send-template',
      key: instance.keys.own,
      body: {
        workspace_id: 'own',
        to: '4915112345678',
        template: { name: 'order_ready', language: { code: 'en_US' } },
      },
    });
    expect(answer.status).toBe(200);
    expect(instance.world.calls.at(-1)?.message.content.type).toBe('template');
  });

  it('answers 422 with code and outcome when WhatsApp refuses, also on a replay', async () => {
    instance.world.nextSends({ outcome: 'rejected' });
    const idempotencyKey = newKey();
    for (const replayed of [undefined, 'true']) {
      const answer = await send(hello, { idempotencyKey });
      expect(answer.status).toBe(422);
      expect(answer.json.error).toMatchObject({
        code: 'rejected',
        retryable: false,
        outcome: 'rejected',
        details: { status: 'failed', message_id: expect.stringMatching(/^msg_/) },
      });
      expect(answer.headers['idempotent-replayed']).toBe(replayed);
      expect(answer.headers['idempotency-key']).toBe(`"${idempotencyKey}"`);
    }
  });

  it('answers 202 when nobody can tell whether it left', async () => {
    instance.world.nextSends({ outcome: 'unknown', effect: false });
    const answer = await send(hello);
    expect(answer.status).toBe(202);
    expect(answer.json.data).toMatchObject({ status: 'unknown', error: { code: 'timeout' } });
  });

  it('answers 202 at once with respond-async, and after the wait otherwise', async () => {
    instance.world.nextSends({ outcome: 'sent', afterMs: 1500 });
    const to = '4915112345601';
    const async = await send({ ...hello, to }, { headers: { prefer: 'respond-async' } });
    expect(async.status).toBe(202);
    expect(['queued', 'sending']).toContain(async.json.data.status);
    instance.world.nextSends({ outcome: 'sent', afterMs: 2500 });
    const startedAt = performance.now();
    const late = await send(
      { ...hello, to: '4915112345602' },
      { headers: { prefer: 'return=minimal, wait=1' } },
    );
    expect(late.status).toBe(202);
    expect(late.json.data.status).toBe('sending');
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });

  it('replays the stored answer for the same key and body, and sends once', async () => {
    const idempotencyKey = newKey();
    const before = instance.world.effects.length;
    const first = await send({ text: { body: 'once' } }, { idempotencyKey });
    const again = await send({ text: { body: 'once' } }, { idempotencyKey });
    expect(again.status).toBe(200);
    expect(again.json.data.message_id).toBe(first.json.data.message_id);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(instance.world.effects.length).toBe(before + 1);
  });

  it('refuses the same key with another body: 422', async () => {
    const idempotencyKey = newKey();
    await send(hello, { idempotencyKey });
    const answer = await send({ text: { body: 'other' } }, { idempotencyKey });
    expect(answer.status).toBe(422);
    expect(answer.json.error.code).toBe('idempotency_mismatch');
  });

  it('answers 409 with Retry-After while the first request is unanswered', async () => {
    const idempotencyKey = newKey();
    instance.world.nextSends({ outcome: 'sent', afterMs: 1500 });
    const calls = instance.world.calls.length;
    const first = send({ ...hello, to: '4915112345603' }, { idempotencyKey });
    await expect.poll(() => instance.world.calls.length, { timeout: 10_000 }).toBe(calls + 1);
    const second = await send({ ...hello, to: '4915112345603' }, { idempotencyKey });
    expect(second.status).toBe(409);
    expect(second.json.error).toMatchObject({ code: 'idempotency_in_flight', retryable: true });
    expect(second.headers['retry-after']).toBe('1');
    expect((await first).status).toBe(200);
    const third = await send({ ...hello, to: '4915112345603' }, { idempotencyKey });
    expect(third.headers['idempotent-replayed']).toBe('true');
  });

  it('keeps keys of different workspaces apart', async () => {
    const idempotencyKey = newKey();
    await instance.link('other');
    const mine = await send(hello, { idempotencyKey });
    const theirs = await send(
      { text: { body: 'theirs' }, workspace_id: 'other' },
      { idempotencyKey, key: instance.keys.other },
    );
    expect([mine.status, theirs.status]).toEqual([200, 200]);
    expect(theirs.headers['idempotent-replayed']).toBeUndefined();
  });

  it('tells a message with its attempts, and pages through all of them', async () => {
    const { json } = await send(hello);
    const id = json.data.message_id as string;
    const get = (path: string) => instance.call({ path, key: instance.keys.own });
    const message = await get(`/internal/messages/${id}`);
    expect(message.json.data).toMatchObject({
      message_id: id,
      to: '4915112345678',
      type: 'text',
      text: { body: 'hello' },
      attempts: [{ number: 1, outcome: 'sent', provider: 'scripted' }],
    });
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await get(`/internal/messages?limit=3${cursor && `&cursor=${cursor}`}`);
      expect(page.status).toBe(200);
      seen.push(...page.json.data.messages.map((each: { message_id: string }) => each.message_id));
      if (page.json.data.next_cursor === undefined) break;
      cursor = page.json.data.next_cursor;
    }
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain(id);
  });
});
