import {
  GatewayError,
  type LogFields,
  parseWorkspaceConfig,
  type WorkspaceConfig,
} from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp } from '@blazz/simulator/provider';
import { expect, it } from 'vitest';
import { harness } from '../harness';
import { ids, post } from './posting';
import { postingProvider, received } from './posting-provider';

/** A gateway whose workspaces are what the test says, and whose provider refuses some settings. */
function changing() {
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ receipts: {}, clock });
  const lines: [string, LogFields | undefined][] = [];
  const write = (message: string, fields?: LogFields) => void lines.push([message, fields]);
  const configs = new Map<string, WorkspaceConfig>();
  const base = harness({
    linked: false,
    gateway: {
      clock,
      logger: { debug: write, info: write, warn: write, error: write },
      providers: [
        {
          ...postingProvider({ world }),
          parse(settings) {
            const { wrong } = settings as { wrong?: string };
            if (wrong === undefined) return settings as never;
            if (wrong === 'odd') throw new Error(JSON.stringify(settings));
            throw new GatewayError('invalid_config', 'wrong must be left out.');
          },
        },
      ],
      workspaces: { get: async (id) => configs.get(id), list: async () => [...configs.values()] },
    },
  });
  const configure = (config: object) => {
    const parsed = parseWorkspaceConfig({ provider_type: 'scripted', ...config });
    configs.set(parsed.workspace_id, parsed);
  };
  const refusals = () => lines.filter(([message]) => message.includes('refused until'));
  return { ...base, clock, world, configure, lines, refusals };
}

const settings = { secret: 'app', account: '1' };
const part = (id: string) => [{ account: '1', events: [received(id)] }];
const later = { code: 'not_ready', retryable: true, retryAfterMs: 60_000 };

it('settings that cannot be read have webhooks come again, and are told of once for each configuration', async () => {
  const under = changing();
  const { gateway, clock, configure, refusals, lines } = under;
  await gateway.start();
  for (const wrong of ['first', 'odd', 'first']) {
    configure({ workspace_id: 'ws', sessions: ['main'], settings: { ...settings, wrong } });
    for (const identifier of ['ws', 'main', 'ws']) {
      await expect(post(gateway, identifier, part('a'))).rejects.toMatchObject(later);
      const ask = gateway.intake.handshake(identifier, { token: 'app', challenge: 'x' });
      await expect(ask).rejects.toMatchObject(later);
      await clock.advance(2_000);
    }
  }
  expect(refusals().map(([, fields]) => fields)).toMatchObject([
    { workspace_id: 'ws', session_id: 'main', provider: 'scripted' },
    { error: { code: 'invalid_config', message: 'The settings could not be read.' } },
    { error: { message: 'wrong must be left out.' } },
  ]);
  const told = lines.map(([message, fields]) => {
    const { code, message: why } = Object(fields?.error);
    return JSON.stringify([message, { ...fields, error: [code, why] }]);
  });
  expect(told.join()).not.toContain('app');

  configure({ workspace_id: 'ws', sessions: ['main'], settings });
  await clock.advance(2_000);
  expect(await post(gateway, 'main', part('a'))).toBe(1);
  await clock.advance(10);
  expect(await ids(under)).toEqual(['main:a']);
  await clock.play(gateway.stop());
});

it('a provider that this gateway has not is no reason to say that there is no such workspace', async () => {
  const { gateway, clock, configure } = changing();
  configure({ workspace_id: 'ws', provider_type: 'elsewhere', sessions: ['main'] });
  await gateway.start();
  await expect(post(gateway, 'ws', part('a'))).rejects.toMatchObject(later);
  await expect(post(gateway, 'nobody', part('a'))).rejects.toMatchObject({ code: 'not_found' });
  await clock.play(gateway.stop());
});

it('one session with wrong settings keeps nothing out for the others of its workspace', async () => {
  const under = changing();
  const { gateway, clock, configure } = under;
  const sessions = [
    { session_id: 'broken', settings: { wrong: 'yes', account: '2' } },
    { session_id: 'main', settings: { account: '1' } },
  ];
  configure({ workspace_id: 'ws', settings: { secret: 'app' }, sessions });
  await gateway.start();
  expect(await post(gateway, 'ws', part('a'))).toBe(1);
  await expect(post(gateway, 'ws', part('b'), 'forged')).rejects.toMatchObject(later);
  const forged = post(gateway, 'main', part('b'), 'forged');
  await expect(forged).rejects.toMatchObject({ code: 'signature_invalid' });
  await clock.advance(10);
  expect(await ids(under)).toEqual(['main:a']);
  await clock.play(gateway.stop());
});

it('what came in before its settings went wrong waits until they are mended', async () => {
  const under = changing();
  const { gateway, clock, configure, store } = under;
  configure({ workspace_id: 'ws', settings, sessions: ['main'] });
  await gateway.start();
  await gateway.workspace('ws').session();
  configure({ workspace_id: 'ws', settings: { ...settings, wrong: 'yes' }, sessions: ['main'] });
  await store.intake.put([
    {
      entry_id: 'in_a',
      workspace_id: 'ws',
      session_id: 'main',
      source: 'scripted',
      body: JSON.stringify(part('a')[0]),
      received_at: 1,
    },
  ]);
  const session = await gateway.sessions.find('main');
  session?.read();
  await clock.advance(600_000);
  expect(await store.intake.depth()).toEqual({ waiting: 1, quarantined: 0 });
  // And holds up nothing that can be read.
  const forwarded = received('forwarded');
  if (forwarded.type === 'message.received') {
    const entry = { entry_id: 'in_b', workspace_id: 'ws', session_id: 'main', source: 'forwarded' };
    const body = JSON.stringify(forwarded.message);
    await store.intake.put([{ ...entry, body, received_at: 2 }]);
  }
  session?.read();
  await clock.advance(60_000);
  expect(await ids(under)).toEqual(['main:forwarded']);
  expect(await store.intake.depth()).toEqual({ waiting: 1, quarantined: 0 });
  configure({ workspace_id: 'ws', settings, sessions: ['main'] });
  await clock.advance(60_000);
  expect(await ids(under)).toEqual(['main:forwarded', 'main:a']);
  await clock.play(gateway.stop());
});
