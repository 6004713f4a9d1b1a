import type { ProviderSettings, SessionConfig, WorkspaceConfig } from './workspace-config';

/**
 * What a session's provider of a type is configured with: the workspace's settings for it, and over
 * them the session's own.
 */
export function settingsFor(
  config: WorkspaceConfig,
  session: SessionConfig,
  type: string,
): Readonly<Record<string, unknown>> {
  const of = ({ settings, providers }: ProviderSettings): Readonly<Record<string, unknown>> =>
    (type === config.provider_type ? settings : undefined) ?? providers?.[type] ?? {};
  return { ...of(config), ...of(session) };
}

/** A workspace's configuration once it runs on another provider; the settings of each are kept. */
export function switchedTo(config: WorkspaceConfig, type: string): WorkspaceConfig {
  const from = config.provider_type;
  if (from === type) return config;
  const turn = <P extends ProviderSettings>(part: P): P => {
    const { settings, providers, ...rest } = part;
    const { [type]: next, ...others } = {
      ...providers,
      ...(settings === undefined ? {} : { [from]: settings }),
    };
    return {
      ...rest,
      ...(next === undefined ? {} : { settings: next }),
      ...(Object.keys(others).length === 0 ? {} : { providers: others }),
    } as P;
  };
  return { ...turn(config), provider_type: type, sessions: config.sessions.map(turn) };
}
