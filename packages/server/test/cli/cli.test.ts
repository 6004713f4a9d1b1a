import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program';
import { readOrCreateKeyFile } from '../../src/keys/key-file';
import { noteAddress } from '../../src/main/server-file';
import type { TestKey } from '../support/call';
import { type Instance, startInstance } from '../support/instance';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('the blazz command', () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance();
    await instance.link();
  });
  afterAll(() => instance[Symbol.asyncDispose]());

  const env = (key: TestKey = instance.keys.own) => ({
    BLAZZ_URL: instance.url,
    BLAZZ_KEY_ID: key.id,
    BLAZZ_KEY_SECRET: key.secret,
  });
  const run = async (
    args: readonly string[],
    options: {
      env?: Record<string, string>;
      signal?: AbortSignal;
      onOut?: (text: string) => void;
    } = {},
  ): Promise<Run> => {
    let out = '';
    let err = '';
    const code = await runCli(args, {
      env: options.env ?? env(),
      signal: options.signal ?? new AbortController().signal,
      out(text) {
        out += text;
        options.onOut?.(out);
      },
      err(text) {
        err += text;
      },
    });
    return { code, out, err };
  };

  it('exports what there is, a JSON object a line', async () => {
    await run(['send', '4915112345678', 'to be exported']);
    const { code, out, err } = await run(['export', '--workspace', 'own']);
    expect([code, err]).toEqual([0, expect.stringMatching(/lines\n$/)]);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(lines.map(({ kind }) => kind))).toEqual(
      new Set(['session', 'event', 'message']),
    );
    const seqs = lines.filter(({ kind }) => kind === 'event').map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    const rest = await run(['export', '--after', String(seqs.length)]);
    // What was exported is not exported again, whatever happened meanwhile.
    expect(rest.out).not.toContain(`"seq":${seqs.length},`);
    expect(await run(['export', '--after', 'x'])).toMatchObject({ code: 2 });
  });

  it('asks for templates and numbers where the provider has them', async () => {
    const json = '{"name":"sale","language":"en_US","category":"UTILITY","components":[{}]}';
    for (const args of [
      ['template', 'list', 'own'],
      ['template', 'create', 'own', json],
      ['template', 'edit', 'own', '12', '{"category":"UTILITY"}'],
      ['template', 'delete', 'own', 'sale', '--template', '12'],
      ['number', 'request-code', 'own', '--method', 'voice', '--language', 'id'],
      ['number', 'verify-code', 'own', '123456'],
      ['number', 'register', 'own', '--region', 'DE'],
      ['number', 'set-pin', 'own'],
      ['number', 'deregister', 'own'],
    ]) {
      const { code, err } = await run(args, { env: { ...env(), BLAZZ_PIN: '246801' } });
      // The scripted provider has neither.
      expect([code, err], args.join(' ')).toEqual([1, expect.stringContaining('(conflict)')]);
    }
    expect(await run(['number', 'register', 'own'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('BLAZZ_PIN'),
    });
    expect(await run(['template', 'create', 'own', '{'])).toMatchObject({ code: 2 });
  });

  it('looks after webhook endpoints', async () => {
    const added = await run(['webhooks', 'add', 'http://127.0.0.1:9/', '--type', 'message.status']);
    expect(added.out).toMatch(/^whe_\w+ {2}enabled {2}http:\/\/127\.0\.0\.1:9\/\n.*whsec_/);
    const [id = ''] = added.out.split(' ');
    expect((await run(['webhooks', 'list'])).out).not.toContain('whsec_');
    expect((await run(['webhooks', 'test', id])).out).toBe('It did not answer.\n');
    expect((await run(['webhooks', 'deliveries', id])).out).toBe('There is nothing.\n');
    expect((await run(['webhooks', 'replay', id])).out).toBe('0 tried again.\n');
    expect((await run(['webhooks', 'rotate', id])).out).toContain('whsec_');
    expect((await run(['webhooks', 'enable', id])).out).toContain('enabled');
    expect((await run(['webhooks', 'remove', id])).code).toBe(0);
    expect(await run(['webhooks', 'remove', id])).toMatchObject({ code: 1 });
    expect((await run(['webhooks', 'add', 'https://10.0.0.1/'])).err).toContain('address_refused');
  });

  it('looks at what a server here needs, and names the fix', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blazz-doctor-'));
    const local = { BLAZZ_DATA_DIR: join(folder, 'data'), PATH: process.env.PATH ?? '' };
    const fresh = await run(['doctor'], { env: local });
    expect(fresh).toMatchObject({
      code: 0,
      out: expect.stringContaining('made at the first start'),
    });
    await mkdir(local.BLAZZ_DATA_DIR, { mode: 0o700 });
    await writeFile(join(local.BLAZZ_DATA_DIR, 'blazz.db'), '');
    await writeFile(join(local.BLAZZ_DATA_DIR, 'keys.json'), '{}', { mode: 0o644 });
    const ill = await run(['doctor', '--json'], { env: { ...local, CHROME_PATH: '/no/chromium' } });
    expect(ill.code).toBe(1);
    const faults = JSON.parse(ill.out).filter(({ state }: { state: string }) => state === 'fault');
    expect(faults.map(({ what }: { what: string }) => what)).toEqual([
      'keys',
      'database',
      'browser',
    ]);
    for (const { words } of faults) expect(words.length).toBeGreaterThan(30);
    const bad = await run(['doctor'], { env: { ...local, PORT: 'x' } });
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining('PORT') });
    await rm(folder, { recursive: true });
  });

  it('sends, for people and for programs', async () => {
    const words = await run(['send', '4915112345678', 'hello']);
    expect(words).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^sent {2}msg_\w+\n$/),
      err: '',
    });
    const json = await run(['send', '4915112345678', 'hello', '--json', '--wait', '0']);
    expect(json.code).toBe(0);
    expect(JSON.parse(json.out).message_id).toMatch(/^msg_/);
    const image = await run([
      'send',
      '4915112345678',
      'look',
      '--image',
      'https://example.com/a.png',
      '--session',
      'session_own',
    ]);
    expect(image.code).toBe(0);
    expect(instance.world.calls.at(-1)?.message.content).toEqual({
      type: 'image',
      image: { link: 'https://example.com/a.png', caption: 'look' },
    });
  });

  it('tells by its exit code what became of a message', async () => {
    instance.world.nextSends({ outcome: 'rejected' });
    expect(await run(['send', '4915112345678', 'no'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('(rejected)'),
    });
    instance.world.nextSends({ outcome: 'unknown', effect: false });
    expect(await run(['send', '4915112345678', 'perhaps'])).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^unknown/),
    });
    const args = ['send', '4915112345678', 'once', '--key', 'cli-test-key-000001'];
    const [first, second] = [await run(args), await run(args)];
    expect(second.out.split('  ')[1]).toBe(first.out.split('  ')[1]);
  });

  it('shows a message with its attempts', async () => {
    const sent = await run(['send', '4915112345678', 'hello', '--json']);
    const id = JSON.parse(sent.out).message_id;
    const shown = await run(['message', id]);
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/text to 4915112345678 by session_own[^\n]*\n {2}attempt 1 /);
    expect((await run(['message', 'msg_nobody'])).err).toContain('(not_found)');
  });

  it('follows events until it is stopped', async () => {
    const controller = new AbortController();
    const following = run(['events', '--after', 'oldest', '--type', 'session.state', '--json'], {
      signal: controller.signal,
      onOut: (text) => {
        if (text.includes('"state":"ready"')) controller.abort();
      },
    });
    const { code, out } = await following;
    expect(code).toBe(0);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ seq: 1, type: 'session.state', workspace_id: 'own' });
    expect(new Set(events.map((event) => event.type))).toEqual(new Set(['session.state']));
  });

  it('looks after sessions', async () => {
    expect((await run(['session', 'list'])).out).toContain('own  session_own  scripted  ready');
    expect((await run(['session', 'status', 'own'])).out).toContain('ready');
    expect((await run(['session', 'stop', 'own'])).out).toContain('stopped');
    expect((await run(['session', 'reconnect', 'own', '--json'])).code).toBe(0);
    const other = { env: env(instance.keys.other) };
    const qr = await run(['session', 'qr', 'other'], other);
    expect(qr.out).toContain('█');
    const code = await run(['session', 'pair', 'other', '+49 151 12345678'], other);
    expect(code.out).toMatch(/^\w{8}\n/);
    expect((await run(['session', 'status', 'other'])).code).toBe(1);
  });

  it('lists named readers of events, and forgets one', async () => {
    expect((await run(['consumers', 'list'])).out).toContain('no named reader');
    const { events } = instance.gateway.store;
    const names = Array.from({ length: 201 }, (_, nth) => `reader-${1_000 + nth}`);
    await Promise.all(names.map((name) => events.saveCursor('own', name, 3, 0)));
    const { out } = await run(['consumers', 'list']);
    expect(out).toMatch(/^reader-1000 {2}3 of \d+ {2}seen 1970-01-01T00:00:00.000Z\n/);
    expect(out.trim().split('\n')).toHaveLength(201);
    const forgotten = await run(['consumers', 'forget', 'reader-1000']);
    expect(forgotten).toMatchObject({ code: 0, out: 'reader-1000 is forgotten.\n' });
    const list = JSON.parse((await run(['consumers', 'list', '--json'])).out);
    expect(list[0]).toMatchObject({ consumer: 'reader-1001', seq: 3 });
  });

  it('looks after workspaces', async () => {
    const root = { env: env(instance.keys.root) };
    const put = await run(
      ['workspace', 'put', 'shop', '--provider', 'scripted', '--session', 'shop-1', 'shop-2'],
      root,
    );
    expect(put).toMatchObject({ code: 0, out: 'shop  scripted  shop-1, shop-2\n' });
    expect((await run(['workspace', 'list'], root)).out).toContain('shop  scripted');
    const to = (provider: string) => run(['workspace', 'switch', 'shop', provider], root);
    expect((await to('scripted')).out).toContain('shop  scripted');
    expect(await to('carrier_pigeon')).toMatchObject({ code: 2, out: '' });
    expect((await run(['workspace', 'delete', 'shop'], root)).out).toBe('shop is forgotten.\n');
    const gone = await run(['workspace', 'delete', 'shop'], root);
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('(not_found)') });
    expect((await run(['send', '4915112345678', 'x'], root)).err).toContain('--workspace');
  });

  it.each([
    [['send'], 2, 'to'],
    [['send', '4915112345678'], 2, 'Give a text'],
    [['send', '4915112345678', 'x', '--wait', 'long'], 2, '--wait'],
    [['send', '4915112345678', '--image', 'a', '--video', 'b'], 2, 'not several'],
    [['events', '--after', 'noon'], 2, '--after'],
    [['events', '--type', 'fax'], 2, '--type'],
    [['dance'], 2, 'dance'],
    [['workspace', 'put', 'x', '--settings', '{'], 2, '--settings'],
  ])('refuses %j and says why', async (args, code, words) => {
    const result = await run(args);
    expect(result.code).toBe(code);
    expect(result.err).toContain(words);
  });

  it('finds server and key in the data folder, or says how to name them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blazz-cli-'));
    try {
      const local = { env: { BLAZZ_DATA_DIR: folder } };
      expect(await run(['session', 'list'], local)).toMatchObject({
        code: 2,
        err: expect.stringContaining('BLAZZ_URL'),
      });
      const file = await readOrCreateKeyFile(join(folder, 'keys.json'));
      const [key] = file.keys;
      const forget = await noteAddress(folder, instance.url);
      expect((await run(['session', 'list'], local)).err).toContain('(signature_invalid)');
      expect(key?.id).toBe('local');
      await forget();
      const half = { env: { BLAZZ_URL: instance.url, BLAZZ_KEY_ID: 'a' } };
      expect((await run(['session', 'list'], half)).err).toContain('BLAZZ_KEY_SECRET');
      const nowhere = { env: { ...env(), BLAZZ_URL: 'http://127.0.0.1:9' } };
      expect((await run(['workspace', 'list'], nowhere)).err).toContain('(connection_failed)');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has help for everything', async () => {
    const help = await run(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['send', 'events', 'session', 'workspace', 'message', 'start'])
      expect(help.out).toContain(name);
  });
});
