import { GatewayError } from '../errors/gateway-error';
import { isId, toId } from '../ids';
import { isObject } from '../is-object';
import { isTooDeep } from '../nesting';

/** How providers are configured: the one that runs, and others that may be switched to. */
export interface ProviderSettings {
  /** The settings of the provider named by `provider_type`; see its documentation. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The settings of other providers, by their type. */
  readonly providers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One WhatsApp account of a workspace. Its settings stand over those of the workspace. */
export interface SessionConfig extends ProviderSettings {
  /** Unique in the gateway, since the routes name a session without its workspace. */
  readonly session_id: string;
}

/** A tenant, and how it reaches WhatsApp. */
export interface WorkspaceConfig extends ProviderSettings {
  /** The tenant's id. */
  readonly workspace_id: string;
  /** The provider that its sessions run on: `web_js`, `meta_api`, `fallback`. */
  readonly provider_type: string;
  /** Its sessions; the first is the primary one. Default: one, called `session_{workspace_id}`. */
  readonly sessions: readonly SessionConfig[];
}

/**
 * Checks a workspace's configuration and fills in what was left out.
 * @throws GatewayError `invalid_config` or `invalid_id`, naming the field and the fix
 */
export function parseWorkspaceConfig(value: unknown): WorkspaceConfig {
  if (!isObject(value))
    throw wrong('a workspace', 'must be an object with workspace_id and provider_type');
  const workspace_id = toId(value.workspace_id, 'workspace_id');
  const provider_type = value.provider_type;
  if (!isId(provider_type)) throw wrong('provider_type', 'must name a provider, such as "web_js"');
  return {
    workspace_id,
    provider_type,
    ...parseProviderSettings(value),
    sessions: parseSessions(value.sessions, workspace_id),
  };
}

function parseProviderSettings(value: Readonly<Record<string, unknown>>): ProviderSettings {
  const { settings, providers } = value;
  if (settings !== undefined && !isObject(settings)) throw wrong('settings', 'must be an object');
  if (isTooDeep(settings)) throw wrong('settings', 'must not be nested deeper than 64 levels');
  return {
    ...(settings === undefined ? {} : { settings }),
    ...(providers === undefined ? {} : { providers: parseProviders(providers) }),
  };
}

function parseProviders(value: unknown): NonNullable<ProviderSettings['providers']> {
  if (!isObject(value)) {
    throw wrong('providers', 'must be an object: the settings of each provider under its type');
  }
  const entries = Object.entries(value).map(([type, settings]) => {
    if (isId(type) && isObject(settings) && !isTooDeep(settings)) return [type, settings] as const;
    throw wrong(`providers.${isId(type) ? type : '…'}`, 'must be an object of settings');
  });
  return Object.fromEntries(entries);
}

function parseSessions(value: unknown, workspaceId: string): readonly SessionConfig[] {
  if (value === undefined) return [{ session_id: `session_${workspaceId}`.slice(0, 64) }];
  if (!Array.isArray(value) || value.length === 0) {
    throw wrong(
      'sessions',
      'must be a list of at least one {"session_id": "…"}; leave it out for one session',
    );
  }
  const sessions = value.map((entry: unknown) => ({
    session_id: toId(isObject(entry) ? entry.session_id : entry, 'session_id'),
    ...(isObject(entry) ? parseProviderSettings(entry) : {}),
  }));
  if (new Set(sessions.map((session) => session.session_id)).size < sessions.length) {
    throw wrong('sessions', 'must not name the same session_id twice');
  }
  return sessions;
}

function wrong(what: string, rule: string): GatewayError {
  return new GatewayError('invalid_config', `${what} ${rule}.`, { details: { field: what } });
}
