/** A store on a file, and what accepting costs there. Own process. */
import { randomBytes } from 'node:crypto';
import { type NewMessage, newId, parseRecipient } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';

/** What the process is asked for. */
export type LargeStoreOrder =
  | { readonly accepts: number; readonly callers: number }
  /** The workspace to look at for the first time. */
  | { readonly touch: number };

/** What opening took. */
export interface Opened {
  readonly openMs: number;
  readonly rssMb: number;
}

const [path = '', workspaces = '100'] = process.argv.slice(2);
const WORKSPACES = Number(workspaces);
const KEY_TTL_MS = 259_200_000;
const store = sqliteStore({ path });
const began = performance.now();
await store.start();
await store.leases.get('nothing');
const openMs = performance.now() - began;
process.on('disconnect', () => process.exit());
process.on('message', async (order: LargeStoreOrder) => {
  const at = performance.now();
  if ('touch' in order) {
    await accept(order.touch);
    process.send?.(performance.now() - at);
    return;
  }
  const cpu = process.cpuUsage();
  let left = order.accepts;
  await Promise.all(
    Array.from({ length: order.callers }, async () => {
      while (left-- > 0) await accept(Math.floor(Math.random() * WORKSPACES));
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const perSecond = (order.accepts / (performance.now() - at)) * 1_000;
  const rssMb = process.memoryUsage.rss() / 1e6;
  process.send?.({ perSecond, cpuUs: (user + system) / order.accepts, rssMb });
});

async function accept(workspace: number): Promise<void> {
  const now = Date.now();
  const message: NewMessage = {
    message_id: newId('msg', now),
    workspace_id: `ws_${workspace}`,
    session_id: 'main',
    recipient: parseRecipient('6281234567890'),
    content: { type: 'text', text: { body: 'Your order is on its way and arrives tomorrow.' } },
    lane: 'interactive',
    on_ambiguous: 'hold',
    idempotency_key: randomBytes(16).toString('hex'),
    created_at: now,
  };
  const result = await store.outbox.accept(message, 'digest-of-it', KEY_TTL_MS);
  if (result.kind !== 'accepted') throw new Error(`The message was ${result.kind}.`);
}

process.send?.({ openMs, rssMb: process.memoryUsage.rss() / 1e6 } satisfies Opened);
