import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayClient } from '@blazz/router';
import { GraphSimulator } from '@blazz/simulator/graph';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program';
import { call } from '../support/call';
import { runProgram } from '../support/program';

const customer = '4915112340001';
const [pin, newPin, wrongPin] = ['246801', '135792', '975310'] as const;
const backup = { data: 'QmFja3VwT2ZUaGVUZXN0', password: 'the-backup-password' };

let folder = '';
const graph = new GraphSimulator({ port: 0, timings: { reviewMs: 1 } });
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazz-registration-'));
  await graph.start();
});
afterAll(async () => {
  await graph.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('takes a number from unproven to its first message over HTTP, and keeps its secrets', {
  timeout: 120_000,
}, async () => {
  const business = graph.addBusiness({ name: 'Toko' });
  graph.addContact({ number: customer, wroteTo: [business.phoneNumberId] });
  graph.changeNumber(business.number, { registered: false, verified: false });
  await using program = runProgram('main.ts', {
    BLAZZ_DATA_DIR: join(folder, 'data'),
    BLAZZ_SANDBOX: 'false',
    BLAZZ_LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
    PORT: '0',
  });
  const baseUrl = (await program.seen(/listens on (http:\/\/\S+)/))[1] as string;
  const keys = JSON.parse(await readFile(join(folder, 'data', 'keys.json'), 'utf8')).keys;
  const key = keys[0];
  await using client = new GatewayClient({ baseUrl, key });
  const errors: string[] = [];
  const fails = async (work: Promise<unknown>, fits: object): Promise<void> => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    errors.push(`${error} ${JSON.stringify(error)}`);
    expect(error).toMatchObject(fits);
  };

  const settings = {
    graph_url: graph.url,
    phone_number_id: business.phoneNumberId,
    waba_id: business.wabaId,
    access_token: business.accessToken,
  };
  const config = { provider_type: 'meta_api', settings };
  const put = { method: 'PUT', path: '/internal/workspaces/shop', key, body: config } as const;
  expect((await call(baseUrl, put)).status).toBeLessThan(300);

  // Not registered: it cannot be ready, and says why.
  const status = () => client.sessionStatus('shop');
  await fails(client.reconnect('shop'), { code: 'start_failed', details: { graph_code: 133010 } });
  expect(await status()).toMatchObject({ state: 'failed' });
  const waiting = await client.send(
    { workspace_id: 'shop', to: customer, type: 'text', text: { body: 'the-first-body' } },
    { wait: 0 },
  );

  // Proven by the code that came, after a wrong one.
  const { number, templates } = client;
  await fails(number.register('shop', { pin }), { details: { graph_code: 133006 } });
  await number.requestCode('shop', { method: 'sms', language: 'en_US' });
  const { code = '' } = graph.number(business.number);
  const wrong = code === '111222' ? '111223' : '111222';
  await fails(number.verifyCode('shop', wrong), { details: { graph_code: 136025 } });
  await fails(number.verifyCode('shop', 'secret'), { code: 'bad_request' });
  await number.verifyCode('shop', code);

  // Registered, with everything that may go with it, and only then ready.
  await fails(number.register('shop', { pin: '24680' }), { code: 'bad_request' });
  await number.register('shop', { pin, data_localization_region: 'DE', backup });
  expect(graph.number(business.number)).toMatchObject({ registered: true, verified: true, pin });
  expect(await client.reconnect('shop')).toMatchObject({ state: 'ready' });
  await expect
    .poll(async () => (await client.message(waiting.message_id, 'shop')).status)
    .toMatch(/sent|delivered|read/);

  // A template, made, approved, sent, and gone.
  const made = await templates.create('shop', {
    name: 'ready',
    language: 'en_US',
    category: 'UTILITY',
    components: [
      {
        type: 'BODY',
        text: 'Hi {{who}}, it is ready',
        example: { body_text_named_params: [{ param_name: 'who', example: 'Ani' }] },
      },
    ],
    parameter_format: 'named',
  });
  const listed = async () => (await templates.list('shop')).templates.map((one) => one.status);
  await expect.poll(listed).toEqual(['APPROVED']);
  const parameters = [{ type: 'text', parameter_name: 'who', text: 'the-name' }];
  const template = {
    name: 'ready',
    language: { code: 'en_US' },
    components: [{ type: 'body', parameters }],
  };
  const filled = await client.sendTemplate({ workspace_id: 'shop', to: customer, template });
  expect(filled.status).toMatch(/sent|delivered|read/);
  const footer = { type: 'FOOTER', text: 'Bye' };
  const [{ components = [] } = {}] = (await templates.list('shop')).templates;
  await templates.edit('shop', made.id, { components: [...components, footer] });
  await templates.delete('shop', { name: 'ready', template_id: made.id });
  expect(await listed()).toEqual([]);

  // One that Meta wants later is held for a second, and that is counted.
  graph.faults.add({
    fault: { kind: 'error', code: 131056 },
    match: { endpoint: 'send_message' },
    times: 1,
  });
  const text = { type: 'text', text: { body: 'the-held-body' } } as const;
  const held = await client.send({ workspace_id: 'shop', to: customer, ...text });
  expect(held.status).toMatch(/sent|delivered|read/);
  const metrics = await call(baseUrl, { path: '/metrics', key });
  expect(metrics.text).toContain(
    'blazz_send_held_seconds_count{provider="meta_api",limit="pair",cause="refusal"} 1',
  );

  // Another PIN, by the command line; then off the platform, and its messages wait.
  let written = '';
  const env = { BLAZZ_URL: baseUrl, BLAZZ_KEY_ID: key.id, BLAZZ_KEY_SECRET: key.secret };
  const out = (text: string): void => {
    written += text;
  };
  const io = { env: { ...env, BLAZZ_PIN: newPin }, out, err: out };
  const run = (...args: string[]) => runCli(args, { ...io, signal: new AbortController().signal });
  expect(await run('number', 'set-pin', 'shop')).toBe(0);
  expect(graph.number(business.number).pin).toBe(newPin);
  expect(await run('template', 'list', 'shop')).toBe(0);
  expect(await run('number', 'deregister', 'shop')).toBe(0);
  await expect.poll(async () => (await status()).state).toBe('failed');
  await fails(number.register('shop', { pin: wrongPin }), { details: { graph_code: 133015 } });
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);

  const log = program.output + program.errors;
  expect(log).toContain('"route":"/internal/session/:id/register"');
  const told = `${errors.join('\n')}${written}`;
  // Six digits may stand inside of a time or an id.
  for (const digits of [code, wrong, pin, newPin, wrongPin]) {
    const alone = new RegExp(`(?<![\\d.])${digits}(?!\\d)`);
    expect(log).not.toMatch(alone);
    expect(told).not.toMatch(alone);
  }
  for (const secret of [
    ...[backup.data, backup.password, business.accessToken, business.number, customer],
    ...['the-first-body', 'the-name'],
  ]) {
    expect(log, secret).not.toContain(secret);
    expect(told, secret).not.toContain(secret);
  }
});
