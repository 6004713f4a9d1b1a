import { createHmac } from 'node:crypto';
import { GatewayError, type ProviderFactory, staticWorkspaces } from '@blazz/core';
import { parseAppSecret, verifyHubSignature } from '@blazz/core/signing';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instance, startInstance } from '../support/instance';

const secret = 'an app secret of the test';

/** A provider that is told by webhooks signed as Meta signs them. */
function postingProvider(world: ScriptedWhatsApp): ProviderFactory {
  const base = scriptedProvider({ world });
  return {
    ...base,
    create: (context) => base.create(context),
    webhook: {
      handshake: (_settings, query) =>
        query['hub.verify_token'] === 'verify me' ? query['hub.challenge'] : undefined,
      verify: (_settings, header, body) =>
        verifyHubSignature(body, header('x-hub-signature-256'), [parseAppSecret(secret)]),
      split: (body) => [{ account: '1', body: JSON.stringify(JSON.parse(String(body))) }],
      accounts: () => ['1'],
      decode: (_settings, body) => {
        const { id } = JSON.parse(body) as { id: unknown };
        if (typeof id !== 'string') throw new GatewayError('bad_request', 'It has no id.');
        const message = {
          provider_message_id: id,
          from: { phone: '4915112345678' },
          chat_id: '4915112345678',
          is_group: false,
          timestamp: '2026-01-01T00:00:00.000Z',
          type: 'text',
          text: { body: 'hello' },
        } as const;
        return [{ type: 'message.received', message }];
      },
    },
  };
}

function signed(body: string): Readonly<Record<string, string>> {
  const hex = createHmac('sha256', secret).update(body).digest('hex');
  return { 'x-hub-signature-256': `sha256=${hex}` };
}

describe('what comes in', () => {
  let instance: Instance;
  beforeEach(async () => {
    const world = new ScriptedWhatsApp();
    instance = await startInstance({
      gateway: {
        providers: [postingProvider(world), { ...postingProvider(world), type: 'second' }],
        workspaces: staticWorkspaces([
          { workspace_id: 'own', provider_type: 'scripted', settings: { access_token: 'secret!' } },
          { workspace_id: 'other', provider_type: 'scripted' },
        ]),
      },
    });
  });
  afterEach(() => instance[Symbol.asyncDispose]());

  const received = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for await (const event of instance.gateway.workspace('own').follow({ after: 'oldest' })) {
      if (event.type === 'message.received') ids.push(event.data.provider_message_id);
      if (ids.length === count) break;
    }
    return ids;
  };
  const post = (body: string, headers: Readonly<Record<string, string>>) =>
    instance.call({ method: 'POST', path: '/webhook/whatsapp/own', body, headers });

  it('answers the handshake with the challenge, and strangers with 403', async () => {
    const path =
      '/webhook/whatsapp/own?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=';
    const good = await instance.call({ path: `${path}verify%20me` });
    expect(good).toMatchObject({ status: 200, text: '1158201444' });
    expect(good.headers['content-type']).toContain('text/plain');
    expect((await instance.call({ path: `${path}guess` })).status).toBe(403);
    expect((await instance.call({ path: '/webhook/whatsapp/nobody' })).status).toBe(404);
  });

  it('takes what is signed over the bytes that came, and nothing else', async () => {
    const body = '{"id":"wamid.caf\\u00e9"}';
    const taken = await post(body, signed(body));
    expect(taken).toMatchObject({ status: 200, json: { data: { received: 1 } } });
    expect(await received(1)).toEqual(['wamid.café']);
    expect((await post(body, signed(`${body} `))).json.error.code).toBe('signature_invalid');
    expect((await post(body, {})).status).toBe(401);
    expect((await post('x'.repeat(5 * 1024 * 1024), signed('x'))).status).toBe(413);
    const nowhere = await instance.call({ method: 'POST', path: '/webhook/whatsapp/nobody', body });
    expect(nowhere.status).toBe(404);
  });

  it('answers 200 to what cannot be read, and shows it to its owner', async () => {
    // Cut, it is this session's; what it says, nobody can read.
    const body = '{"id":1}';
    expect((await post(body, signed(body))).status).toBe(200);
    const look = async () => {
      const path = '/internal/intake?workspace_id=own';
      return (await instance.call({ path, key: instance.keys.own })).json.data;
    };
    await expect.poll(look).toMatchObject({
      waiting: 0,
      quarantined: 1,
      entries: [{ body, workspace_id: 'own', session_id: 'session_own' }],
    });
    const [entry] = (await look()).entries;
    const foreign = await instance.call({
      method: 'DELETE',
      path: `/internal/intake/${entry.entry_id}?workspace_id=own`,
      key: instance.keys.other,
    });
    expect(foreign.status).toBe(404);
    const gone = await instance.call({
      method: 'DELETE',
      path: `/internal/intake/${entry.entry_id}?workspace_id=own`,
      key: instance.keys.own,
    });
    expect(gone.status).toBe(200);
    expect(await look()).toMatchObject({ quarantined: 0 });
  });

  it('records what the primary application forwards, once', async () => {
    const forward = (message: object) =>
      instance.call({
        method: 'POST',
        path: '/internal/incoming-message',
        key: instance.keys.own,
        body: { workspace_id: 'own', message },
      });
    const message = {
      provider_message_id: 'wamid.1',
      from: { phone: '4915112345678' },
      type: 'text',
      text: { body: 'hello' },
    };
    expect((await forward(message)).json.data).toEqual({ session_id: 'session_own' });
    expect((await forward(message)).status).toBe(202);
    expect((await forward({ ...message, provider_message_id: 'wamid.2' })).status).toBe(202);
    expect(await received(2)).toEqual(['wamid.1', 'wamid.2']);
    expect((await forward({ ...message, type: 'telegram' })).status).toBe(400);
    expect((await forward({ ...message, from: { phone: '+1' } })).status).toBe(400);
  });

  it('forgets what was set aside, and nothing that waits to be read', async () => {
    const { store } = instance.gateway;
    const waiting = {
      entry_id: 'in_waits',
      workspace_id: 'own',
      session_id: 'session_own',
      source: 'scripted',
      body: '{"id":"wamid.waits"}',
      received_at: 1,
    };
    await store.intake.put([waiting]);
    const error = new GatewayError('bad_request', 'It could not be read.').toJSON();
    await store.intake.quarantine({ ...waiting, entry_id: 'in_aside', error, quarantined_at: 1 });
    const forget = (id: string) =>
      instance.call({
        method: 'DELETE',
        path: `/internal/intake/${id}?workspace_id=own`,
        key: instance.keys.own,
      });
    expect((await forget('in_waits')).status).toBe(404);
    expect((await forget('in_aside')).status).toBe(200);
    expect((await forget('in_aside')).status).toBe(404);
    expect(await store.intake.depth('own')).toEqual({ waiting: 1, quarantined: 0 });
  });

  it('never answers a secret setting, and takes the configuration back as it was answered', async () => {
    const root = { key: instance.keys.root };
    const own = await instance.call({ path: '/internal/workspaces/own', ...root });
    expect(own.json.data.settings).toEqual({ access_token: '(hidden)' });
    const put = (body: object) =>
      instance.call({ method: 'PUT', path: '/internal/workspaces/api', body, ...root });
    const settings = { access_token: 'a', app_secrets: ['b', 'c'], phone_number_id: '1' };
    await put({ provider_type: 'scripted', settings });
    const read = (await instance.call({ path: '/internal/workspaces/api', ...root })).json.data;
    expect(read.settings).toEqual({
      access_token: '(hidden)',
      app_secrets: '(hidden)',
      phone_number_id: '1',
    });
    await put({ ...read, settings: { ...read.settings, phone_number_id: '2' } });
    expect(await instance.gateway.store.workspaces.get('api')).toMatchObject({
      settings: { ...settings, phone_number_id: '2' },
    });
    const nothing = await put({ provider_type: 'scripted', settings: { other_token: '(hidden)' } });
    expect(nothing).toMatchObject({ status: 400, json: { error: { code: 'bad_request' } } });
  });

  it('takes each secret back as that of the session or member that it was answered with', async () => {
    const root = { key: instance.keys.root };
    const put = (body: object) =>
      instance.call({ method: 'PUT', path: '/internal/workspaces/api', body, ...root });
    const session = (name: string) => ({
      session_id: `api_${name}`,
      settings: { access_token: name, members: [member(name, 'x'), member(name, 'y')] },
    });
    const member = (name: string, provider: string) => ({
      provider,
      settings: { app_secrets: [`${name} ${provider}`] },
    });
    const [a, b] = [session('a'), session('b')];
    await put({ provider_type: 'scripted', sessions: [a, b] });
    const read = (await instance.call({ path: '/internal/workspaces/api', ...root })).json.data;
    expect(JSON.stringify(read)).not.toContain('a x');
    const [, second] = read.sessions;
    const members = [...second.settings.members].reverse();
    const settings = { ...second.settings, members };
    expect((await put({ ...read, sessions: [{ ...second, settings }] })).status).toBe(200);
    const stored = await instance.gateway.store.workspaces.get('api');
    const turned = { access_token: 'b', members: [...b.settings.members].reverse() };
    expect(stored?.sessions).toEqual([{ session_id: 'api_b', settings: turned }]);
    const added = await put({ ...read, sessions: [{ ...second, session_id: 'api_new' }] });
    expect(added.status).toBe(400);
  });

  it('takes secrets back by a switch and after one', async () => {
    const root = { key: instance.keys.root };
    const path = '/internal/workspaces/api';
    const put = (body: object) => instance.call({ method: 'PUT', path, body, ...root });
    const change = (settings?: object) =>
      instance.call({
        method: 'POST',
        path: '/internal/provider/switch',
        body: { workspace_id: 'api', provider_type: 'second', settings },
        ...root,
      });
    await put({
      provider_type: 'scripted',
      settings: { access_token: 'first!' },
      providers: { second: { access_token: 'second!' } },
    });
    expect((await change({ access_token: '(hidden)', note: 'new' })).status).toBe(200);
    const kept = await instance.gateway.store.workspaces.get('api');
    expect(kept?.providers?.second).toEqual({ access_token: 'second!', note: 'new' });
    const read = (await instance.call({ path, ...root })).json.data;
    expect((await put(read)).status).toBe(200);
    expect(await instance.gateway.store.workspaces.get('api')).toMatchObject({
      provider_type: 'second',
      settings: { access_token: 'second!', note: 'new' },
      providers: { scripted: { access_token: 'first!' } },
    });
  });
});
