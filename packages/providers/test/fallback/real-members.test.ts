import type { Provider, ProviderFactory } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import type { WebjsSettings } from '@blazz/providers/webjs';
import {
  type ContractSession,
  type ProviderHarness,
  providerContract,
} from '@blazz/simulator/contracts';
import { expect } from 'vitest';
import { graphHarness, lackedByGraph } from '../meta/support/graph-harness';
import { Station } from '../webjs/support/lab';
import { webHarness } from '../webjs/support/web-harness';

/** The sessions of the contract. */
const sessionIds = ['first', 'second', 'third'];

/** Links every session of the contract, as it was before the Cloud API came to stand beside it. */
async function linkAll({ factory, world }: ProviderHarness): Promise<void> {
  for (const sessionId of sessionIds) {
    const session: ContractSession = { workspaceId: 'contract', sessionId };
    const station = new Station(
      factory as ProviderFactory<WebjsSettings>,
      sessionId,
      {},
      'contract',
    );
    await station.start();
    await world.scan?.(session, (await station.until('qr')).text);
    await station.until('ready');
    await station.provider.stop();
  }
}

/** A session is up when both its ways are: until then, the one that is up carries alone. */
function withBothUp(factory: ProviderFactory): ProviderFactory {
  return {
    ...factory,
    create: (context) => {
      const provider = factory.create(context);
      const areUp = (): boolean =>
        (provider.members?.() ?? []).every((each) => each.state === 'ready');
      return Object.assign(Object.create(provider) as Provider, {
        start: async (signal: AbortSignal) => {
          await provider.start(signal);
          await expect.poll(areUp, { timeout: 30_000, interval: 20 }).toBe(true);
        },
        send: provider.send.bind(provider),
        stop: provider.stop.bind(provider),
      });
    },
  };
}

/** The Cloud API, and WhatsApp Web in a real Chromium, as one; the first of the order carries what it can. */
async function both(order: readonly ('graph' | 'web')[]): Promise<ProviderHarness> {
  const [graph, web] = await Promise.all([graphHarness(), webHarness()]);
  await linkAll(web);
  const first = order[0] === 'graph' ? graph : web;
  const members = order.map((each) => (each === 'graph' ? graph : web).factory);
  return {
    ...first,
    factory: withBothUp(fallbackProvider({ members }) as ProviderFactory),
    stop: async () => {
      await Promise.all([graph.stop(), web.stop()]);
    },
    world: {
      ...first.world,
      // Whoever carries a message, it shows here: nothing goes out by both.
      effects: async (session) => [
        ...(await graph.world.effects(session)),
        ...(await web.world.effects(session)),
      ],
      leftovers: async () => [...(await graph.world.leftovers()), ...(await web.world.leftovers())],
    },
  };
}

const patience = { timeoutMs: 30_000, quietMs: 500 };

providerContract('fallbackProvider over the Cloud API, and a real browser behind it', {
  ...patience,
  settings: { members: [{ provider: 'meta_api' }, { provider: 'web_js' }] },
  lacks: lackedByGraph,
  open: () => both(['graph', 'web']),
});

providerContract('fallbackProvider over a real browser, and the Cloud API behind it', {
  ...patience,
  settings: { members: [{ provider: 'web_js' }, { provider: 'meta_api' }] },
  // A link that was made before is not made again; and while the Cloud API stands, nothing is down.
  lacks: ['qr', 'pairing_code', 'logout', 'unlink', 'kill'],
  open: () => both(['web', 'graph']),
});
