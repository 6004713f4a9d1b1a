import { GatewayError } from '../errors/gateway-error';
import type { ProviderFactory } from '../provider/provider';
import { settingsFor } from './provider-settings';
import type { SessionConfig, WorkspaceConfig } from './workspace-config';

/**
 * The provider of a session, and what it makes of the settings.
 * @throws GatewayError `invalid_config`
 */
export function providerOf(
  config: WorkspaceConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
  session: SessionConfig,
): { readonly factory: ProviderFactory; readonly settings: unknown } {
  const factory = factories.get(config.provider_type);
  if (factory === undefined) {
    const known = [...factories.keys()].map((type) => `"${type}"`).join(', ');
    throw new GatewayError(
      'invalid_config',
      `provider_type "${config.provider_type}" is not one that this gateway was built with: ${known}.`,
      { details: { field: 'provider_type' } },
    );
  }
  return { factory, settings: factory.parse(settingsFor(config, session, factory.type)) };
}

/**
 * Checks that every session of a workspace could run as it is configured.
 * @param factories the providers, by type
 * @throws GatewayError `invalid_config`
 */
export function assertRunnable(
  config: WorkspaceConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
): void {
  for (const session of config.sessions) providerOf(config, factories, session);
}
