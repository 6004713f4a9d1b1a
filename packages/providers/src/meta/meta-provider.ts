import type { ProviderFactory } from '@blazz/core';
import { Connections } from './graph/connections';
import { assertNotExpired } from './graph/graph-versions';
import { LimitsBook } from './limits/limits-book';
import { type MetaOptions, resolveOptions } from './options';
import { MetaSession } from './session/meta-session';
import { type MetaSettings, parseSettings } from './settings';
import { metaWebhook } from './webhook/meta-webhook';

/**
 * Meta's Cloud API: providers of type `meta_api`. One factory serves any number of workspaces and
 * sessions, over one pool of connections.
 * @throws GatewayError `invalid_config` when an option is wrong
 */
export function metaProvider(options: MetaOptions = {}): ProviderFactory<MetaSettings> {
  const resolved = resolveOptions(options);
  const { deadlines, connect, observer } = resolved;
  const connections = new Connections({
    connectMs: deadlines.connectMs,
    perOrigin: resolved.connections,
    connect,
  });
  const limits = new LimitsBook(observer);
  return {
    type: 'meta_api',
    parse: (settings) => parseSettings(settings, resolved.graphVersion),
    assertStartable: (settings) => assertNotExpired(settings, resolved.now()),
    ownsId: (id) => id.startsWith('wamid.'),
    webhook: metaWebhook(),
    create: (context) =>
      new MetaSession(context, {
        options: resolved,
        connections,
        limits: limits.of(context.settings, context.clock),
      }),
  };
}
