import {
  Gateway,
  MemoryStore,
  type Provider,
  type ProviderFactory,
  staticWorkspaces,
} from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { FaultyUpstream } from './faulty-upstream';
import { graphProtocol, graphProvider, graphSettings } from './graph';
import { httpProtocol, httpProvider } from './http-provider';
import { faults, moments, outcomes } from './table';

/** A gateway over a store; several may come one after the other. */
function gatewayOver(
  store: MemoryStore,
  provider: ProviderFactory,
  settings: Readonly<Record<string, unknown>>,
): Gateway {
  return new Gateway({
    store,
    providers: [provider],
    workspaces: staticWorkspaces([{ workspace_id: 'ws', provider_type: provider.type, settings }]),
    instanceId: 'same',
  });
}

/** A provider whose gateway dies at the moment of the fault: it tells nobody how a send ended. */
function dying(factory: ProviderFactory, upstream: FaultyUpstream): ProviderFactory {
  return {
    ...factory,
    create: (context): Provider => {
      const provider = factory.create(context);
      return {
        ...provider,
        capabilities: provider.capabilities,
        start: (signal) => provider.start(signal),
        stop: () => provider.stop(),
        send: async (...args) => {
          const isLast = upstream.isFaulty;
          const outcome = provider.send(...args);
          return isLast ? await new Promise<never>(() => undefined) : await outcome;
        },
      };
    },
  };
}

/** An author's own provider, and ours. */
const ways = {
  http: { protocol: httpProtocol, provider: httpProvider, settings: () => ({}) },
  meta_api: { protocol: graphProtocol, provider: graphProvider, settings: graphSettings },
} as const;

const cells = (Object.keys(ways) as (keyof typeof ways)[]).flatMap((way) =>
  moments.flatMap((moment) =>
    faults.flatMap((fault) =>
      (['hold', 'retry'] as const).map((mode) => ({ way, moment, fault, mode })),
    ),
  ),
);

describe.concurrent('what cannot be told is never guessed', () => {
  it.each(cells)(
    '$way: $fault $moment, on_ambiguous: $mode',
    async ({ way, moment, fault, mode }) => {
      const { protocol, provider, settings } = ways[way];
      const upstream = new FaultyUpstream(moment, fault, protocol);
      const port = await upstream.start();
      const store = new MemoryStore();
      const factory = provider({ upstream, port, moment, fault });
      const isCrash = fault === 'crash';
      const first = gatewayOver(
        store,
        isCrash ? dying(factory, upstream) : factory,
        settings(port),
      );
      await first.start();
      await (await first.workspace('ws').session()).start();
      upstream.arm();
      const { message } = await first.workspace('ws').send({
        to: '4915550001111',
        type: 'text',
        text: { body: 'hello' },
        on_ambiguous: mode,
      });
      await upstream.struck;
      let gateway = first;
      if (isCrash) {
        // The first one is dead: it is neither stopped nor heard of again. Its successor comes.
        gateway = gatewayOver(store, factory, settings(port));
        await gateway.start();
        (await gateway.workspace('ws').session()).resume();
      }
      const workspace = gateway.workspace('ws');
      const settled = await workspace.settled(message.message_id, { timeoutMs: 8_000 });
      const expected = outcomes[moment][fault];
      expect(settled.attempts[0]?.outcome ?? 'unknown').toBe(expected);
      if (mode === 'hold') {
        expect(settled.status).toBe(expected === 'unknown' ? 'unknown' : 'sent');
        expect(upstream.effects).toBeLessThanOrEqual(1);
        if (expected !== 'unknown') expect(upstream.effects).toBe(1);
      } else {
        expect(settled.status).toBe('sent');
        expect(upstream.effects).toBeGreaterThanOrEqual(1);
      }
      await gateway.stop();
      upstream.stop();
    },
  );
});
