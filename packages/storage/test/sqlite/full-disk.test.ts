import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type EventDraft, GatewayError, newId, type Store } from '@blazz/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage, openStore } from './folder';
import { type SmallDisk, smallDisk } from './small-disk';

const fence = { workspaceId: 'ws', sessionId: 'main', epoch: 1 };
const lease = { resource: 'session/ws/main', holder: 'me', ttlMs: 1_000, graceMs: 0 };

function aDraft(): EventDraft {
  return {
    id: newId('evt', 0),
    session_id: 'main',
    time: '2026-01-01T00:00:00.000Z',
    type: 'message.revoked',
    data: { provider_message_id: 'wa-1', chat_id: 'chat@g.us' },
  };
}

const entry = {
  entry_id: 'in_a',
  workspace_id: 'ws',
  session_id: 'main',
  source: 'meta_api',
  body: '{}',
  received_at: 1,
};
const aside = {
  ...entry,
  error: new GatewayError('bad_request', 'No.').toJSON(),
  quarantined_at: 1,
};
const delivery = {
  endpoint_id: 'whe_a',
  workspace_id: 'ws',
  event_id: 'evt_a',
  seq: 1,
  session_id: 'main',
  body: '{}',
  attempts: 1,
  state: 'waiting',
  at: 1,
} as const;
const endpoint = {
  endpoint_id: 'whe_a',
  workspace_id: 'ws',
  url: 'https://app.test/hooks',
  secrets: [],
  ordered: false,
  status: 'enabled',
  created_at: 1,
} as const;
const session = {
  workspace_id: 'ws',
  session_id: 'main',
  provider: 'scripted',
  state: 'ready',
  since: 1,
  desired: 'running',
} as const;
const config = { workspace_id: 'ws', provider_type: 'scripted', sessions: [] };
const choice = { workspace_id: 'ws', provider_type: 'other', by: 'key', at: 1 };
const sent = { outcome: 'sent', provider_message_id: 'wa-sent' } as const;
const old = { workspaceId: 'ws', before: 10_000, now: 10_000, limit: 10 };

let used = 0;

/** Every kind of write: what has to be there before, and the write itself. */
const kinds: readonly {
  readonly name: string;
  readonly before?: (store: Store) => Promise<unknown>;
  readonly write: (store: Store) => Promise<unknown>;
}[] = [
  { name: 'acceptance', write: ({ outbox }) => outbox.accept(aMessage('msg_a'), 'd', 60_000) },
  {
    name: 'an attempt',
    before: ({ outbox }) => outbox.accept(aMessage('msg_a'), 'd', 60_000),
    write: ({ outbox }) => outbox.beginAttempt(fence, 'msg_a', 'scripted', 2_000),
  },
  {
    name: 'an outcome and its event',
    before: async ({ outbox }) => {
      await outbox.accept(aMessage('msg_a'), 'd', 60_000);
      await outbox.beginAttempt(fence, 'msg_a', 'scripted', 2_000);
    },
    write: ({ outbox }) => outbox.finishAttempt(fence, 'msg_a', sent, 3_000),
  },
  {
    name: 'a receipt',
    before: async ({ outbox }) => {
      await outbox.accept(aMessage('msg_a'), 'd', 60_000);
      await outbox.beginAttempt(fence, 'msg_a', 'scripted', 2_000);
      await outbox.finishAttempt(fence, 'msg_a', sent, 3_000);
    },
    write: ({ outbox }) => outbox.applyReceipt(fence, 'wa-sent', { status: 'read' }, 4_000),
  },
  {
    name: 'forgetting of messages',
    before: async ({ outbox }) => {
      await outbox.accept(aMessage('msg_a'), 'd', 1);
      await outbox.beginAttempt(fence, 'msg_a', 'scripted', 2_000);
      await outbox.finishAttempt(fence, 'msg_a', sent, 3_000);
    },
    write: ({ outbox }) => outbox.prune(old),
  },
  { name: 'events', write: ({ events }) => events.append(fence, [aDraft(), aDraft()]) },
  {
    name: 'a trim',
    before: ({ events }) => events.append(fence, [aDraft(), aDraft()]),
    write: ({ events }) => events.trim('ws', 1, 2_000),
  },
  { name: 'a cursor', write: ({ events }) => events.saveCursor('ws', 'reader', 7, 1) },
  {
    name: 'a nonce',
    write: async ({ nonces }) => {
      const { fresh, kept } = await nonces.use('key', `nonce-${++used}`, 1, 60_000);
      await kept;
      return fresh;
    },
  },
  { name: 'what came in', write: ({ intake }) => intake.put([entry]) },
  {
    name: 'what was read',
    before: ({ intake }) => intake.put([entry]),
    write: ({ intake }) => intake.remove('ws', ['in_a']),
  },
  {
    name: 'what is set aside',
    before: ({ intake }) => intake.put([entry]),
    write: ({ intake }) => intake.quarantine(aside),
  },
  { name: 'a lease', write: ({ leases }) => leases.acquire({ ...lease, now: 1 }) },
  { name: 'a session', write: ({ sessions }) => sessions.save(session) },
  { name: 'a workspace', write: ({ workspaces }) => workspaces.put(config) },
  {
    name: 'a choice, its event and what is configured with it',
    write: ({ workspaces }) => workspaces.choose(choice, aDraft(), config),
  },
  {
    name: 'a workspace that was switched before',
    before: ({ workspaces }) => workspaces.choose(choice, aDraft()),
    write: ({ workspaces }) => workspaces.put(config),
  },
  { name: 'a delivery', write: ({ deliveries }) => deliveries.put(delivery) },
  {
    name: 'an endpoint and its event',
    write: ({ deliveries }) => deliveries.saveEndpoint(endpoint, aDraft()),
  },
];

/** Everything that a caller can see of a store. A nonce is seen by being used: it is no part of this. */
async function seen({ outbox, events, ...store }: Store): Promise<string> {
  return JSON.stringify({
    messages: await outbox.list('ws', { limit: 200 }),
    depth: await outbox.depth('ws', 'main'),
    log: await events.read('ws', { after: 0, limit: 1_000 }),
    cursor: await events.cursor('ws', 'reader'),
    waiting: await store.intake.waiting('ws', 'main', 10),
    aside: await store.intake.quarantined('ws', { limit: 10 }),
    lease: await store.leases.get(lease.resource),
    sessions: await store.sessions.list(),
    workspaces: await store.workspaces.list(),
    choices: await store.workspaces.choices(),
    endpoints: await store.deliveries.endpoints(),
    deliveries: await store.deliveries.list('ws', 'whe_a', {
      state: 'waiting',
      after: 0,
      limit: 9,
    }),
  });
}

/** One of the programs beside this test, and the first thing that it says. */
async function program(name: string, path: string): Promise<[ChildProcess, string]> {
  const file = new URL(`./programs/${name}.ts`, import.meta.url);
  const child = fork(file, [path], { execArgv: ['--import', 'tsx'] });
  const [said] = await once(child, 'message');
  return [child, String(said)];
}

async function ask(child: ChildProcess, word: string): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(word);
  return (await answer)[0];
}

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

const full = {
  code: 'store_unavailable',
  retryable: true,
  message: 'The disk is full; free some space. Nothing that was answered is lost.',
};

const trial = smallDisk(1);
trial?.end();

describe.skipIf(trial === undefined)('on a disk that is full', { timeout: 60_000 }, () => {
  let disk: SmallDisk;
  let store: Store;
  beforeEach(async () => {
    disk = smallDisk(16) as SmallDisk;
    store = await openStore(join(disk.folder, 'blazz.db'));
  });
  afterEach(async () => {
    await store.stop();
    disk.end();
  });

  it.each(kinds)('$name: all or nothing, told so, and again once there is room', async (kind) => {
    await kind.before?.(store);
    const before = await seen(store);
    disk.fill();
    for (let time = 0; time < 3; time++) {
      await expect(kind.write(store)).rejects.toMatchObject(full);
      expect(await seen(store)).toBe(before);
    }
    disk.makeRoom();
    const answer = await kind.write(store);
    if (kind.name === 'a nonce') expect(answer).toBe(true);
    else expect(await seen(store)).not.toBe(before);
    const after = await seen(store);
    await store.stop();
    await store.start();
    expect(await seen(store)).toBe(after);
  });

  it('refuses everybody who shares a commit, and takes each of them afterwards', async () => {
    const writes = kinds.filter(({ before }) => before === undefined);
    const before = await seen(store);
    disk.fill();
    const refused = await Promise.allSettled(writes.map(({ write }) => write(store)));
    for (const each of refused) expect(each).toMatchObject({ status: 'rejected', reason: full });
    expect(await seen(store)).toBe(before);
    disk.makeRoom();
    await Promise.all(writes.map(({ write }) => write(store)));
  });

  it('writes down with the next commit what a request that is at work has used', async () => {
    disk.fill();
    const use = (nonce: string) => store.nonces.use('key', nonce, 1, 60_000);
    const first = await use('first');
    expect(first.fresh).toBe(true);
    await expect(first.kept).rejects.toMatchObject(full);
    expect((await use('first')).fresh).toBe(false);
    // No further request is let to work.
    await expect(use('second')).rejects.toMatchObject(full);
    disk.makeRoom();
    await store.outbox.accept(aMessage('msg_a'), 'd', 60_000);
    await store.stop();
    await store.start();
    expect((await use('first')).fresh).toBe(false);
    expect((await use('second')).fresh).toBe(true);
  });

  it('can be started and stopped though there is no room, and has all that was answered', async () => {
    const path = join(disk.folder, 'held.db');
    const [holder, held] = await program('holder', path);
    disk.fill();
    await end(holder);
    for (let time = 0; time < 2; time++) {
      const [opener] = await program('opener', path);
      expect(await ask(opener, 'start')).toBe('open');
      expect(await ask(opener, 'stop')).toBe('stopped');
      await end(opener);
      disk.fill();
    }
    disk.makeRoom();
    const after = await openStore(path);
    expect(await after.outbox.get('ws', held)).toMatchObject({ status: 'queued' });
    await after.outbox.accept(aMessage('msg_b'), 'd', 60_000);
    await after.stop();
  });

  it('makes no file, and says why', async () => {
    await store.stop();
    disk.fill();
    const other = openStore(join(disk.folder, 'other.db'));
    await expect(other).rejects.toMatchObject(full);
    disk.makeRoom();
    const made = await openStore(join(disk.folder, 'other.db'));
    await made.outbox.accept(aMessage('msg_a'), 'd', 60_000);
    await made.stop();
  });
});
