import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type EventDraft, Gateway, staticWorkspaces } from '@blazz/core';
import { generateSecret, KeyRing } from '@blazz/core/signing';
import { EventFeed } from '@blazz/router';
import { createServer } from '@blazz/server';
import { sqliteStore } from '@blazz/storage/sqlite';
import { expect, it } from 'vitest';

const STALLED = 5;
const EVENTS = 20_000;
const MOST_BYTES = 50_000_000;

/** What this process, server and consumers together, holds that cannot be collected, in bytes. */
async function held(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What native code holds is let go of a turn after its owner was collected.
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

it('holds little for consumers that have stalled, whatever happens meanwhile', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blazz-stalled-'));
  const store = sqliteStore({ path: join(folder, 'blazz.db') });
  const gateway = new Gateway({
    store,
    providers: [],
    workspaces: staticWorkspaces([{ workspace_id: 'ws', provider_type: 'none' }]),
  });
  const secret = generateSecret();
  const keys = new KeyRing([{ id: 'soak', secret, scopes: ['events'], workspaces: ['ws'] }]);
  const server = createServer({ gateway, keys, port: 0 });
  await gateway.start();
  await server.start();
  const connection = { baseUrl: server.address ?? '', key: { id: 'soak', secret } };
  const feeds = await Promise.all(
    Array.from({ length: STALLED }, async () => {
      const feed = new EventFeed({ ...connection, workspaceId: 'ws', after: 0, bufferSize: 1 });
      // It takes the first event, and never asks for another.
      const first = feed[Symbol.asyncIterator]().next();
      await store.events.append({ workspaceId: 'ws', sessionId: 'main', epoch: 1 }, [draft()]);
      await first;
      return feed;
    }),
  );
  const before = await held();
  for (let at = 0; at < EVENTS; at += 100) {
    const drafts = Array.from({ length: 100 }, draft);
    await store.events.append({ workspaceId: 'ws', sessionId: 'main', epoch: 1 }, drafts);
  }
  // A reader that keeps up sees all of it: the stalled ones have had every chance to be fed as well.
  await using live = new EventFeed({ ...connection, workspaceId: 'ws', after: 0 });
  for await (const item of live) {
    if (item.type !== 'stream.gap' && item.seq === EVENTS + STALLED) break;
  }
  const grown = (await held()) - before;
  console.log(`five stalled consumers: ${(grown / 1e6).toFixed(1)} MB`);
  expect(grown).toBeLessThan(MOST_BYTES);
  for (const feed of feeds) await feed.stop();
  server.drain();
  await gateway.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

let number = 0;
function draft(): EventDraft {
  return {
    id: `evt_${String(++number).padStart(26, '0')}`,
    type: 'message.edited',
    session_id: 'main',
    time: '2026-01-01T00:00:00.000Z',
    data: { provider_message_id: `wa-${number}`, chat_id: 'chat@g.us', text: 'x'.repeat(4_000) },
  };
}
