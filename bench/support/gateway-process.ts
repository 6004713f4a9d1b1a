/** An instance over a scripted WhatsApp that answers at once. Own process. */
import { Gateway, KeyRing, MemoryStore, staticWorkspaces } from '@blazz/core';
import { createServer, scopes } from '@blazz/server';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';

const world = new ScriptedWhatsApp({ receipts: {}, echoes: false });
world.account('bench', 'session_bench').link();
const gateway = new Gateway({
  store: new MemoryStore(),
  providers: [scriptedProvider({ world, pace: { concurrency: 64 } })],
  workspaces: staticWorkspaces([{ workspace_id: 'bench', provider_type: 'scripted' }]),
});
const secret = process.argv[2] ?? '';
const keys = new KeyRing([{ id: 'bench', secret, scopes: [...scopes], workspaces: '*' }]);
const server = createServer({ gateway, keys, port: 0 });
await gateway.start();
await server.start();
process.send?.({ port: Number(new URL(server.address ?? '').port) });
process.on('message', () => {
  process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
  world.forget();
});
