import { Gateway, MemoryStore, type ProviderFactory, staticWorkspaces } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import type { ManualClock } from '@blazz/simulator/clock';

/** A gateway with one workspace `ws`, whose session `main` goes by two members, `m0` before `m1`. */
export function fallbackGateway(members: readonly ProviderFactory[], clock: ManualClock): Gateway {
  return new Gateway({
    store: new MemoryStore(),
    providers: [fallbackProvider({ members })],
    workspaces: staticWorkspaces([
      {
        workspace_id: 'ws',
        provider_type: 'fallback',
        sessions: ['main'],
        settings: { members: [{ provider: 'm0' }, { provider: 'm1' }] },
      },
    ]),
    clock,
    random: () => 0.5,
    instanceId: 'test',
  });
}
