/**
 * An instance over a scripted WhatsApp that answers at once; or, `durable`, one that only accepts, into
 * SQLite. Own process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway, MemoryStore, staticWorkspaces } from '@blazz/core';
import { KeyRing } from '@blazz/core/signing';
import { createServer, scopes } from '@blazz/server';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { sqliteStore } from '@blazz/storage/sqlite';

const world = new ScriptedWhatsApp({ receipts: {}, echoes: false });
const [secret = '', mode] = process.argv.slice(2);
const isDurable = mode === 'durable';
if (!isDurable) world.account('bench', 'session_bench').link();
const folder = mkdtempSync(join(tmpdir(), 'blazz-bench-'));
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
const gateway = new Gateway({
  store: isDurable ? sqliteStore({ path: join(folder, 'blazz.db') }) : new MemoryStore(),
  providers: [scriptedProvider({ world, pace: { concurrency: 64 } })],
  workspaces: staticWorkspaces([{ workspace_id: 'bench', provider_type: 'scripted' }]),
});
const keys = new KeyRing([{ id: 'bench', secret, scopes: [...scopes], workspaces: '*' }]);
const server = createServer({ gateway, keys, port: 0 });
await gateway.start();
await server.start();
process.send?.({ port: Number(new URL(server.address ?? '').port) });
process.on('message', () => {
  process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
  world.forget();
});
