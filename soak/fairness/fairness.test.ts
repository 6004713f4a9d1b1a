import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gateway, MemoryStore, type Store, staticWorkspaces } from '@blazz/core';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { sqliteStore } from '@blazz/storage/sqlite';
import { afterAll, expect, it } from 'vitest';

const CAMPAIGN = 20_000;
const CONCURRENCY = 8;
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

const stores: Record<string, () => Promise<Store>> = {
  memory: async () => new MemoryStore(),
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blazz-fairness-'));
    folders.push(folder);
    return sqliteStore({ path: join(folder, 'blazz.db') });
  },
};

it.each(Object.keys(stores))(
  'one workspace’s campaign does not hold up another’s message: %s',
  { timeout: 60_000 },
  async (kind) => {
    const world = new ScriptedWhatsApp({ receipts: {}, echoes: false });
    const gateway = new Gateway({
      store: (await stores[kind]?.()) ?? new MemoryStore(),
      providers: [scriptedProvider({ world, pace: { concurrency: CONCURRENCY } })],
      workspaces: staticWorkspaces([
        { workspace_id: 'campaign', provider_type: 'scripted' },
        { workspace_id: 'single', provider_type: 'scripted' },
      ]),
    });
    world.account('single', 'session_single').link();
    await gateway.start();
    // WhatsApp takes a moment for each, as it does.
    world.nextSends(
      ...Array.from({ length: CAMPAIGN + 2 }, () => ({ outcome: 'sent' as const, afterMs: 1 })),
    );
    const text = (to: number, lane: 'bulk' | 'interactive' = 'bulk') => ({
      to: `4915${10_000_000 + to}`,
      type: 'text',
      text: { body: 'hello' },
      lane,
    });
    const campaign = gateway.workspace('campaign');
    for (let i = 0; i < CAMPAIGN; i += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, j) => campaign.send(text(i + j))));
    }
    // Everything is queued; now it all begins.
    world.account('campaign', 'session_campaign').link();
    (await campaign.session()).resume();
    while (world.effects.length < 50) await new Promise((resolve) => setImmediate(resolve));

    const sentMeanwhile = async (workspaceId: string, to: number): Promise<number> => {
      const before = world.effects.length;
      const workspace = gateway.workspace(workspaceId);
      const { message } = await workspace.send(text(to, 'interactive'));
      await workspace.settled(message.message_id, { timeoutMs: 30_000 });
      const at = world.effects.findIndex((effect) => effect.message_id === message.message_id);
      return at - before;
    };
    // Counted in messages, not in time: a busy machine makes no difference.
    expect(await sentMeanwhile('single', 1)).toBeLessThan(10 * CONCURRENCY);
    // And within the workspace, what is interactive goes before the bulk that waits.
    expect(await sentMeanwhile('campaign', 5_000_000)).toBeLessThan(10 * CONCURRENCY);
    expect(world.effects.length).toBeLessThan(CAMPAIGN);
    await gateway.stop();
  },
);
