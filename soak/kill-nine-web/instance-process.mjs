// An instance as it is deployed, from the built packages, in a process of its own, with sessions of
// WhatsApp Web in real browsers: it is killed with SIGKILL. WhatsApp is simulated by whoever started it.
import { Gateway, staticWorkspaces } from '@blazz/core';
import { KeyRing } from '@blazz/core/signing';
import { webjsProvider } from '@blazz/providers/webjs';
import { createServer, scopes } from '@blazz/server';
import { sqliteStore } from '@blazz/storage/sqlite';

/** @type {{ folder: string, port: number, browserArgs: string[], secret: string, sessions: string[] }} */
const options = JSON.parse(process.argv[2] ?? '{}');

const gateway = new Gateway({
  store: sqliteStore({ path: `${options.folder}/blazz.db` }),
  providers: [
    webjsProvider({
      sessionsDir: `${options.folder}/sessions`,
      extraBrowserArgs: options.browserArgs,
      pace: { concurrency: 1, intervalMs: 0, jitter: 0 },
    }),
  ],
  workspaces: staticWorkspaces([
    {
      workspace_id: 'shop',
      provider_type: 'web_js',
      sessions: options.sessions.map((session_id) => ({ session_id })),
    },
  ]),
  instanceId: 'instance-under-kill',
});
const keys = new KeyRing([
  { id: 'soak', secret: options.secret, scopes: [...scopes], workspaces: '*' },
]);
const server = createServer({ gateway, keys, port: options.port });
await gateway.start();
await server.start();
process.send?.({ port: Number(new URL(server.address ?? '').port) });

async function stop() {
  await server.stop();
  await gateway.stop();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
// Whoever started it may die first.
process.on('disconnect', () => process.exit(1));
