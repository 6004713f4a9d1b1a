import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Store } from '@blazz/core';
import { sqliteStore } from '@blazz/storage/sqlite';
import { expect, it } from 'vitest';
import { type Chance, chanceOf } from '../../../../soak/chance';
import { beganAnew, cutBetween, type DiskState } from './cut-files';
import { aMessage, somePath } from './folder';

/** How often the power is cut. `BLAZZ_SOAK=1` cuts a thousand times. */
const CUTS = process.env.BLAZZ_SOAK ? 1_000 : 50;
/** From which number chance begins; printed, so that a failure can be played again. */
const SEED = Number(process.env.BLAZZ_SEED ?? Date.now() % 1_000_000);
/** How many commits one run makes; it is cut several times. */
const COMMITS = 60;

const fence = { workspaceId: 'ws', sessionId: 'main', epoch: 1 };

/** Everything that a caller can see of a store. */
async function seen(store: Store): Promise<string> {
  const messages = await store.outbox.list('ws', { limit: 200 });
  const log = await store.events.read('ws', { after: 0, limit: 1_000 });
  const cursor = await store.events.cursor('ws', 'reader');
  const lease = await store.leases.get('some/lease');
  const depth = await store.outbox.depth('ws', 'main');
  return JSON.stringify({ messages, log, cursor, lease, depth });
}

/** A turn's work: several callers at once, who share one commit. */
async function work(store: Store, turn: number, chance: Chance): Promise<void> {
  const { outbox, events, leases } = store;
  const { messages } = await outbox.claim({
    workspaceId: 'ws',
    sessionId: 'main',
    now: turn,
    limit: 10,
    busy: new Set(),
  });
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 1 + chance() * 4; i++) {
    const message = aMessage(`msg_${turn}_${i}`, 'x'.repeat(Math.floor(chance() * 3_000)));
    calls.push(outbox.accept(message, 'd', 1_000));
  }
  for (const { message_id: id } of messages) {
    calls.push(outbox.beginAttempt(fence, id, 'scripted', turn));
    const result = { outcome: 'sent', provider_message_id: `wa-${id}` } as const;
    calls.push(outbox.finishAttempt(fence, id, result, turn));
    if (chance() < 0.5)
      calls.push(outbox.applyReceipt(fence, `wa-${id}`, { status: 'read' }, turn));
  }
  if (chance() < 0.2) calls.push(events.trim('ws', Math.floor(turn / 2), turn));
  if (chance() < 0.3) calls.push(events.saveCursor('ws', 'reader', turn, turn));
  const lease = { resource: 'some/lease', holder: 'me', now: turn, ttlMs: 1_000, graceMs: 0 };
  if (chance() < 0.2) calls.push(leases.acquire(lease));
  await Promise.all(calls);
}

/** A run, as it was seen after each commit, and as its files were. */
async function record(chance: Chance): Promise<{ seen: string[]; disk: DiskState[] }> {
  const path = await somePath();
  // A small log, so that a short run has several checkpoints.
  const store = sqliteStore({ path, checkpointPages: 40 });
  await store.start();
  const run: { seen: string[]; disk: DiskState[] } = { seen: [], disk: [] };
  const read = (file: string): Buffer => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0));
  for (let turn = 0; turn < COMMITS; turn++) {
    if (turn > 0) await work(store, turn, chance);
    run.seen.push(await seen(store));
    run.disk.push({ main: read(path), log: read(`${path}-wal`) });
  }
  await store.stop();
  return run;
}

it(`loses nothing that was answered, in ${CUTS} power cuts`, { timeout: 600_000 }, async () => {
  console.log(`power cuts from seed ${SEED}`);
  const chance = chanceOf(SEED);
  const met = { whole: 0, none: 0, anew: 0, checkpoints: 0 };
  let run = await record(chance);
  for (let cut = 0; cut < CUTS; cut++) {
    if (cut > 0 && cut % 25 === 0) run = await record(chance);
    const at = 1 + Math.floor(chance() * (COMMITS - 2));
    const [before, after] = [run.disk[at], run.disk[at + 1]] as [DiskState, DiskState];
    const left = cutBetween(before, after, chance);
    const path = await somePath();
    await writeFile(path, left.main);
    await writeFile(`${path}-wal`, left.log);
    const store = sqliteStore({ path });
    await store.start();
    const found = await seen(store);
    await store.stop();
    // A commit that was not answered may be there, whole; the one that was answered must be.
    const isNone = found === run.seen[at];
    expect(isNone || found === run.seen[at + 1], `seed ${SEED}, cut ${cut}, after ${at}`).toBe(
      true,
    );
    met[isNone ? 'none' : 'whole']++;
    if (beganAnew(before, after)) met.anew++;
    if (!before.main.equals(after.main)) met.checkpoints++;
  }
  console.log(`cuts: ${JSON.stringify(met)}`);
  // Each kind of cut must have been met, or the test proves less than it says.
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(0);
});
