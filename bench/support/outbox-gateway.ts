/** Ours: accept, attempt, outcome in SQLite, through a gateway in this process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway, staticWorkspaces } from '@blazz/core';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { sqliteStore } from '@blazz/storage/sqlite';
import { serveOutbox } from './outbox-side';

const folder = mkdtempSync(join(tmpdir(), 'blazz-outbox-'));
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
const world = new ScriptedWhatsApp({ receipts: {}, echoes: false });
world.account('bench', 'session_bench').link();
const gateway = new Gateway({
  store: sqliteStore({ path: join(folder, 'blazz.db') }),
  providers: [scriptedProvider({ world, pace: { concurrency: 64 } })],
  workspaces: staticWorkspaces([{ workspace_id: 'bench', provider_type: 'scripted' }]),
});
await gateway.start();
const workspace = gateway.workspace('bench');
await workspace.session();
const cycle = async (number: number): Promise<void> => {
  const to = `62812${String(10_000_000 + (number % 50_000))}`;
  const text = { body: `Your order no. ${number} is on its way and arrives tomorrow.` };
  const { message } = await workspace.send(
    { to, type: 'text', text },
    { idempotencyKey: `order-${String(number).padStart(16, '0')}` },
  );
  const settled = await workspace.settled(message.message_id, { timeoutMs: 30_000 });
  if (settled.status !== 'sent') throw new Error(`message ${number} is ${settled.status}`);
};
serveOutbox(cycle, async () => world.forget());
