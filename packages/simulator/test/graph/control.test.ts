import { describe, expect, it } from 'vitest';
import { GraphControlServer } from '../../src/graph/index';
import { errorOf, Stage } from './support/stage';

describe('the controls over HTTP', () => {
  it('do what the program can do, for those who know the token', async () => {
    await using stage = await Stage.open();
    await using control = new GraphControlServer(stage.simulator);
    await control.start();
    const call = async (method: string, path: string, body?: unknown, token = control.token) => {
      const response = await fetch(`${control.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as never };
    };
    expect((await call('GET', '/api/state', undefined, 'wrong')).status).toBe(401);
    const content = { type: 'text', text: { body: 'Halo' } };
    const to = stage.business.number;
    const wrote = await call('POST', '/api/phones/628111000111/messages', { to, content });
    expect(wrote.json).toEqual({ id: expect.stringMatching(/^wamid\./) });
    await stage.callback.until(() => stage.callback.messages.length === 1);
    await call('PUT', '/api/settings', { receipts: 'none', limits: { pair: false } });
    await call('POST', '/api/faults', {
      fault: { kind: 'error', code: 131000, retry_after: 3 },
      match: { endpoint: 'send_message' },
      times: 1,
    });
    expect(errorOf(await stage.text('628111000111')).code).toBe(131000);
    await stage.text('628111000111', 'Apa kabar?');
    expect((await call('GET', '/api/effects')).json).toMatchObject([
      { to: '628111000111', phone_number_id: stage.business.phoneNumberId },
    ]);
    const [{ id }] = (await call('GET', '/api/effects')).json as [{ id: string }];
    await call('PUT', `/api/messages/${encodeURIComponent(id)}/status`, { status: 'delivered' });
    expect((await call('GET', '/api/phones/628111000111/messages')).json).toMatchObject([
      { id, text: 'Apa kabar?', status: 'delivered' },
    ]);
    const number = `/api/numbers/${stage.business.number}`;
    await call('PUT', number, { registered: false, verified: false });
    await stage.call('POST', `/v25.0/${stage.business.phoneNumberId}/request_code`, {
      code_method: 'SMS',
      language: 'en_US',
    });
    expect((await call('GET', number)).json).toMatchObject({
      registered: false,
      code: stage.simulator.number(stage.business.number).code,
    });
    expect((await call('POST', '/api/businesses', { number: '15559990000' })).json).toMatchObject({
      number: '15559990000',
      access_token: expect.any(String),
    });
    expect((await call('POST', '/api/faults', { fault: { kind: 'fire' } })).status).toBe(400);
    expect((await call('GET', '/api/nothing')).status).toBe(404);
  });

  it('stream what happens', async () => {
    await using stage = await Stage.open();
    await using control = new GraphControlServer(stage.simulator);
    await control.start();
    const response = await fetch(`${control.url}/api/events`, {
      headers: { authorization: `Bearer ${control.token}` },
    });
    const decoder = new TextDecoder();
    let text = '';
    await stage.text(stage.customer('628111000111'));
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array);
      if (text.includes('event: received')) break;
    }
    expect(text).toContain('event: effect');
  });
});
