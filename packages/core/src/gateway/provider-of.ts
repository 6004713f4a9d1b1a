import { GatewayError } from '../errors/gateway-error';
import type { ProviderFactory } from '../provider/provider';
import { settingsFor } from './provider-settings';
import type { SessionConfig, WorkspaceConfig } from './workspace-config';

/**
 * The provider of a type.
 * @throws GatewayError `invalid_config` when there is none
 */
export function factoryOf(
  type: string,
  factories: ReadonlyMap<string, ProviderFactory>,
): ProviderFactory {
  const factory = factories.get(type);
  if (factory !== undefined) return factory;
  const known = [...factories.keys()].map((each) => `"${each}"`).join(', ');
  throw new GatewayError(
    'invalid_config',
    `provider_type "${type}" is not one that this gateway was built with: ${known}.`,
    { details: { field: 'provider_type' } },
  );
}

/**
 * The provider of a session, and what it makes of the settings.
 * @throws GatewayError `invalid_config`
 */
export function providerOf(
  config: WorkspaceConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
  session: SessionConfig,
): { readonly factory: ProviderFactory; readonly settings: unknown } {
  const factory = factoryOf(config.provider_type, factories);
  return { factory, settings: factory.parse(settingsFor(config, session, factory.type)) };
}

/**
 * Checks that every session of a workspace could start today as it is about to be configured.
 * @param factories the providers, by type
 * @throws GatewayError `invalid_config`
 */
export function assertStartable(
  config: WorkspaceConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
): void {
  for (const session of config.sessions) {
    const { factory, settings } = providerOf(config, factories, session);
    factory.assertStartable?.(settings);
  }
}

/**
 * Checks that every session of a workspace could run as it is configured, whether or not it could start today.
 * @param factories the providers, by type
 * @throws GatewayError `invalid_config`
 */
export function assertRunnable(
  config: WorkspaceConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
): void {
  for (const session of config.sessions) providerOf(config, factories, session);
}
