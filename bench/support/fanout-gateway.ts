/** Ours: an instance over SQLite, whose log the clients follow. Own process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway, staticWorkspaces } from '@blazz/core';
import { KeyRing } from '@blazz/core/signing';
import { createServer } from '@blazz/server';
import { sqliteStore } from '@blazz/storage/sqlite';
import { fanoutEvent } from './fanout-event';

const [secret = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'blazz-fanout-'));
const store = sqliteStore({ path: join(folder, 'blazz.db') });
const gateway = new Gateway({
  store,
  providers: [],
  workspaces: staticWorkspaces([{ workspace_id: 'bench', provider_type: 'none' }]),
});
const keys = new KeyRing([{ id: 'bench', secret, scopes: ['events'], workspaces: ['bench'] }]);
const server = createServer({ gateway, keys, port: 0 });
await gateway.start();
await server.start();
const fence = { workspaceId: 'bench', sessionId: 'session_bench', epoch: 1 };
let number = 0;
process.on('message', (command: 'usage' | number) => {
  if (command === 'usage') {
    process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
    return;
  }
  // As several sessions would: each event is a write of its own.
  for (let i = 0; i < command; i++) void store.events.append(fence, [fanoutEvent(++number)]);
});
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
process.send?.({ port: Number(new URL(server.address ?? '').port) });
