import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventDraft, Gateway, staticWorkspaces } from '@blazz/core';
import { generateSecret, KeyRing } from '@blazz/core/signing';
import { EventFeed } from '@blazz/router';
import { createServer } from '@blazz/server';
import { sqliteStore } from '@blazz/storage/sqlite';
import { type Chance, chanceOf } from '../chance';

/** How hard a run is. */
export interface StreamProfile {
  /** How many events happen. */
  readonly events: number;
  /** How many consumers follow them. */
  readonly consumers: number;
  /** How many events happen in one turn. */
  readonly batch: number;
  /** From which number chance begins. */
  readonly seed: number;
}

/** What a run found. */
export interface StreamReport {
  /** What some consumer saw, or did not see, against the rules. */
  readonly faults: readonly string[];
  /** How often consumers went away and came back. */
  readonly returns: number;
  /** How many events were seen more than once. */
  readonly repeats: number;
  /** How many events a second all consumers together saw. */
  readonly perSecond: number;
}

const fence = { workspaceId: 'ws', sessionId: 'main', epoch: 1 };

/** Has consumers go away, stall and come back at random while events happen, and looks at what each saw. */
export async function streamSoak(profile: StreamProfile): Promise<StreamReport> {
  const folder = await mkdtemp(join(tmpdir(), 'blazz-stream-'));
  const store = sqliteStore({ path: join(folder, 'blazz.db') });
  const gateway = new Gateway({
    store,
    providers: [],
    workspaces: staticWorkspaces([{ workspace_id: 'ws', provider_type: 'none' }]),
    retention: { eventsPerWorkspace: profile.events },
  });
  const secret = generateSecret();
  const keys = new KeyRing([{ id: 'soak', secret, scopes: ['events'], workspaces: ['ws'] }]);
  const server = createServer({ gateway, keys, port: 0 });
  await gateway.start();
  await server.start();
  const began = performance.now();
  const tally = { faults: [] as string[], returns: 0, repeats: 0 };
  try {
    const consumers = Array.from({ length: profile.consumers }, (_, i) =>
      consume(`consumer-${i}`, {
        profile,
        tally,
        chance: chanceOf(profile.seed + i),
        connection: { baseUrl: server.address ?? '', key: { id: 'soak', secret } },
      }),
    );
    for (let at = 0; at < profile.events; at += profile.batch) {
      const drafts = Array.from({ length: Math.min(profile.batch, profile.events - at) }, (_, i) =>
        draft(at + i + 1),
      );
      await store.events.append(fence, drafts);
    }
    await Promise.all(consumers);
    const seen = profile.events * profile.consumers + tally.repeats;
    return { ...tally, perSecond: Math.round((seen / (performance.now() - began)) * 1_000) };
  } finally {
    server.drain();
    await gateway.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface ConsumerContext {
  readonly profile: StreamProfile;
  readonly tally: { faults: string[]; returns: number; repeats: number };
  readonly chance: Chance;
  readonly connection: { readonly baseUrl: string; readonly key: { id: string; secret: string } };
}

/** One consumer, through as many connections as it takes. */
async function consume(name: string, context: ConsumerContext): Promise<void> {
  const { profile, tally, chance, connection } = context;
  /** The highest `seq` that it saw, and that it acknowledged. */
  let seen = 0;
  let acked = 0;
  while (seen < profile.events || acked < profile.events) {
    const feed = new EventFeed({
      ...connection,
      workspaceId: 'ws',
      consumer: name,
      ack: 'manual',
      backoffMs: 20,
      // Until something is acknowledged there is no place that the instance could remember.
      ...(acked === 0 ? { after: 0 } : {}),
    });
    const leaveAt = acked + profile.events * (0.05 + 0.3 * chance());
    let last = acked === 0 ? 0 : undefined;
    for await (const item of feed) {
      if (item.type === 'stream.gap') {
        tally.faults.push(`${name}: a gap from ${item.from} to ${item.to}`);
        break;
      }
      const { seq } = item;
      // It may come back to what it had not acknowledged, never to later than that.
      const expected = last === undefined ? undefined : last + 1;
      if (expected !== undefined && seq !== expected) {
        tally.faults.push(`${name}: ${seq} instead of ${expected}`);
      }
      if (last === undefined && seq > acked + 1) {
        tally.faults.push(`${name}: came back at ${seq}, had acknowledged ${acked}`);
      }
      last = seq;
      if (seq <= seen) tally.repeats++;
      seen = Math.max(seen, seq);
      if (seq === profile.events || chance() < 0.02) {
        feed.ack(seq);
        acked = Math.max(acked, seq);
      }
      if (chance() < 0.0005) await sleep(chance() * 100);
      if (seq === profile.events || seq > leaveAt) break;
    }
    await feed.stop();
    tally.returns++;
  }
}

function draft(number: number): EventDraft {
  return {
    id: `evt_${String(number).padStart(26, '0')}`,
    type: 'message.edited',
    session_id: 'main',
    time: '2026-01-01T00:00:00.000Z',
    data: { provider_message_id: `wa-${number}`, chat_id: 'chat@g.us', text: 'x'.repeat(200) },
  };
}
