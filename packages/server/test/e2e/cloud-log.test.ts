import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayEvent } from '@blazz/core';
import { GraphSimulator } from '@blazz/simulator/graph';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, type TestKey } from '../support/call';
import { runProgram } from '../support/program';

const customer = '4915112340001';
const stranger = '4915112340002';
const refused = '4915112340003';
const business = {
  number: '15557778888',
  phoneNumberId: '106540352242922',
  wabaId: '102290129340398',
  appId: '100200300400500',
  appSecret: '5f1d7c0e9ab34826bd8e6a7f0c21d943',
  verifyToken: 'a-verify-token-of-the-test',
  accessToken: 'EAAtheaccesstokenofthetest',
};

let folder = '';
const graph = new GraphSimulator({ port: 0 });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazz-cloud-log-'));
  await graph.start();
  graph.addBusiness(business);
  const wroteTo = [business.phoneNumberId];
  graph.addContact({ number: customer, name: 'Wilhelmine Mustermann', wroteTo });
});
afterAll(async () => {
  await graph.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const signed = (body: string, secret: string) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

/** A payload as Meta posts it, with the name and number of whoever wrote. */
function payload(phoneNumberId: string, from: string, name: string, body: string): string {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: business.number, phone_number_id: phoneNumberId },
    contacts: [{ profile: { name }, wa_id: from }],
    messages: [
      { from, id: `wamid.${body}`, timestamp: '1780000000', type: 'text', text: { body } },
    ],
  };
  const entry = [{ id: business.wabaId, changes: [{ field: 'messages', value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

it('writes no number, name, text or secret of a Cloud API workspace into its log', {
  timeout: 120_000,
}, async () => {
  const workspaces = join(folder, 'workspaces.json');
  const settings = {
    graph_url: graph.url,
    phone_number_id: business.phoneNumberId,
    waba_id: business.wabaId,
    access_token: business.accessToken,
    app_secrets: [business.appSecret],
    verify_token: business.verifyToken,
  };
  const config = { workspace_id: 'cloud', provider_type: 'meta_api', settings };
  await writeFile(workspaces, JSON.stringify([config]));
  await using program = runProgram('main.ts', {
    BLAZZ_DATA_DIR: join(folder, 'data'),
    BLAZZ_SANDBOX: 'false',
    BLAZZ_WORKSPACES_FILE: workspaces,
    BLAZZ_LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
    PORT: '0',
  });
  const url = (await program.seen(/listens on (http:\/\/\S+)/))[1] as string;
  const key: TestKey = JSON.parse(await readFile(join(folder, 'data', 'keys.json'), 'utf8'))
    .keys[0];
  const address = '/webhook/whatsapp/cloud';
  const post = (path: string, body: object) => call(url, { method: 'POST', path, key, body });
  const events = async (): Promise<readonly GatewayEvent[]> =>
    (await call(url, { path: '/internal/events?workspace_id=cloud&limit=1000', key })).json.data
      .events;
  const until = (fits: (event: GatewayEvent) => boolean) =>
    expect.poll(async () => (await events()).some(fits), { timeout: 30_000 }).toBe(true);

  // The handshake, and one that is a guess.
  await graph.webhooks.subscribe(business.appId, `${url}${address}`);
  const guess = 'a-guessed-verify-token';
  const query = `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${guess}`;
  expect((await call(url, { path: `${address}?${query}` })).status).toBe(403);

  // What comes in: from the platform, forged, of an unknown number, broken, forwarded.
  graph.phone(customer).text(business.number, 'the-inbound-body');
  await until(({ type }) => type === 'message.received');
  const bring = (body: string, secret: string) =>
    call(url, { method: 'POST', path: address, body, headers: signed(body, secret) });
  const forged = payload(business.phoneNumberId, stranger, 'Forged Name', 'the-forged-body');
  expect((await bring(forged, 'a-guessed-app-secret')).status).toBe(401);
  const unknown = payload('999999999999999', stranger, 'Unknown Name', 'the-unknown-body');
  expect((await bring(unknown, business.appSecret)).status).toBe(200);
  const broken = `{"the-broken-body": "${stranger}`;
  expect((await bring(broken, business.appSecret)).status).toBe(200);
  const aside = await call(url, { path: '/internal/intake/unclaimed', key });
  expect(aside.json.data).toMatchObject({ unclaimed: 2 });
  // The newest is the broken one: released, it is set aside once more, by the session.
  const [newest] = aside.json.data.entries;
  const path = `/internal/intake/unclaimed/${newest.entry_id}/release`;
  expect((await post(path, { workspace_id: 'cloud' })).status).toBe(200);
  const message = {
    provider_message_id: 'wamid.forwarded',
    from: { phone: stranger, name: 'Forwarded Name' },
    type: 'text',
    text: { body: 'the-forwarded-body' },
  };
  await post('/internal/incoming-message', { workspace_id: 'cloud', message });

  // What goes out: taken, refused by WhatsApp, lost on the way, refused by us.
  const send = (to: string, body: string) =>
    post('/internal/send-message', { workspace_id: 'cloud', to, type: 'text', text: { body } });
  expect((await send(customer, 'the-sent-body')).json.data.status).toBe('sent');
  expect((await send(refused, 'the-refused-body')).status).toBeLessThan(500);
  graph.faults.add({ fault: { kind: 'cut_response', bytes: 0 }, times: 1 });
  await send(customer, 'the-lost-body');
  graph.expireToken(business.accessToken);
  await send(customer, 'the-late-body');
  expect((await send('not-a-number-4915112340004', 'the-bad-body')).status).toBe(400);
  await until(({ type, data }) => type === 'message.status' && 'error' in data);
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);

  const log = program.output + program.errors;
  // The run is in it.
  expect(log).toContain(`"route":"/webhook/whatsapp/:identifier"`);
  expect(log).toContain('"route":"/internal/send-message"');
  expect(log).toContain('"workspace_id":"cloud"');
  expect(log).toContain('what nobody here has was set aside, unclaimed');
  expect(log).toContain('an entry was set aside');
  for (const secret of [
    ...[customer, stranger, refused, business.number, '4915112340004'],
    ...['Wilhelmine', 'Forged Name', 'Unknown Name', 'Forwarded Name'],
    ...[
      'inbound',
      'forged',
      'unknown',
      'broken',
      'forwarded',
      'sent',
      'refused',
      'lost',
      'late',
      'bad',
    ].map((name) => `the-${name}-body`),
    ...[business.appSecret, business.verifyToken, business.accessToken, guess],
    ...['a-guessed-app-secret', key.secret],
  ]) {
    expect(log, secret).not.toContain(secret);
  }
});
