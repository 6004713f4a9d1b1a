import type { Clock } from '../clock';
import { GatewayError } from '../errors/gateway-error';
import { newId } from '../ids';
import type { ProviderFactory } from '../provider/provider';
import type { Store } from '../store/store';
import type { ProviderChoices } from './provider-choices';
import { assertStartable } from './provider-of';
import { switchedTo } from './provider-settings';
import type { WorkspaceConfig } from './workspace-config';
import type { WorkspaceSource } from './workspace-source';

/** A switch to another provider. */
export interface SwitchRequest {
  /** The provider to run on. */
  readonly to: string;
  /** Its settings; only for a workspace that is managed over the API. Default: those it is known by. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Who asks: the id of a key, or a name. */
  readonly by: string;
}

/** What a switch works with. */
export interface SwitchContext {
  /** Where state is. */
  readonly store: Store;
  /** The workspaces as they are in force. */
  readonly source: WorkspaceSource;
  /** Which workspaces were switched before. */
  readonly choices: ProviderChoices;
  /** The providers, by type. */
  readonly factories: ReadonlyMap<string, ProviderFactory>;
  /** Time. */
  readonly clock: Clock;
  /** Stops the workspace's sessions, sends in flight finished first. */
  readonly rest: () => Promise<void>;
}

/**
 * Puts a workspace on another provider. Everything is checked before anything is changed. What is
 * queued stays where it is, in the store, for the next provider to send.
 * @returns the configuration that is in force now
 * @throws GatewayError `not_found`, `invalid_config`, or `conflict` when settings are given for a
 *   workspace that is configured elsewhere
 */
export async function switchProvider(
  workspaceId: string,
  request: SwitchRequest,
  context: SwitchContext,
): Promise<WorkspaceConfig> {
  const { store, source, choices, factories, clock, rest } = context;
  const { to, settings, by } = request;
  const before = await source.get(workspaceId);
  if (before === undefined) throw new GatewayError('not_found', 'There is no such workspace.');
  const known = switchedTo(before, to);
  const next = settings === undefined ? known : { ...known, settings };
  assertStartable(next, factories);
  if (before.provider_type === to && settings === undefined) return before;
  const stored = settings === undefined ? undefined : await store.workspaces.get(workspaceId);
  if (settings !== undefined && stored === undefined) throw configuredElsewhere();
  // The configuration keeps its own provider: what it was switched to is a choice beside it.
  const kept = stored && switchedTo(next, stored.provider_type);
  const now = clock.now();
  const event = {
    id: newId('evt', now),
    type: 'provider.switched',
    session_id: '',
    time: new Date(now).toISOString(),
    data: { from: before.provider_type, to, by },
  } as const;
  const choice = { workspace_id: workspaceId, provider_type: to, by, at: now };
  await choices.choose(choice, event, kept);
  await rest();
  return next;
}

function configuredElsewhere(): GatewayError {
  return new GatewayError(
    'conflict',
    'This workspace is configured outside the API (in code, a file or the primary application). Give the settings there, under `providers`, and switch without `settings`.',
  );
}
