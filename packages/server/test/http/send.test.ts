import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../support/instance';

describe('sending over HTTP', () => {
  let instance: Instance;
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

  it('waits for the outcome and answers 200 with the provider’s id', async () => {
    const answer = await send({ text: { body: 'hello' } });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      success: true,
      data: { status: 'sent', workspace_id: 'own' },
    });
    expect(answer.json.data.provider_message_id).toBe(
      instance.world.effects.at(-1)?.provider_message_id,
    );
    expect(answer.headers['idempotency-key']).toMatch(/^"[A-Za-z0-9_-]{16,128}"$/);
  });
});
