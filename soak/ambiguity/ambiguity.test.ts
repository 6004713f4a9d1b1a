import {
  Gateway,
  MemoryStore,
  type Provider,
  type ProviderFactory,
  staticWorkspaces,
} from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { FaultyUpstream } from './faulty-upstream';
import { httpProvider } from './http-provider';
import { faults, moments, outcomes } from './table';

/** A gateway over a store; several may come one after the other. */
function gatewayOver(store: MemoryStore, provider: ProviderFactory): Gateway {
  return new Gateway({
    store,
    providers: [provider],
    workspaces: staticWorkspaces([{ workspace_id: 'ws', provider_type: 'http' }]),
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

const cells = moments.flatMap((moment) =>
  faults.flatMap((fault) => (['hold', 'retry'] as const).map((mode) => ({ moment, fault, mode }))),
);

describe.concurrent('what cannot be told is never guessed', () => {
  it.each(cells)('$fault $moment, on_ambiguous: $mode', async ({ moment, fault, mode }) => {
    const upstream = new FaultyUpstream(moment, fault);
    const port = await upstream.start();
    const store = new MemoryStore();
    const factory = httpProvider({ upstream, port, moment, fault });
    const isCrash = fault === 'crash';
    const first = gatewayOver(store, isCrash ? dying(factory, upstream) : factory);
    await first.start();
    (await first.workspace('ws').session()).resume();
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
      gateway = gatewayOver(store, factory);
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
  });
});
