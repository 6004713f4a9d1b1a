import { settingsFor } from '../gateway/provider-settings';
import type { WorkspaceConfig } from '../gateway/workspace-config';
import type { PlatformWebhook } from '../provider/platform-webhook';
import type { ProviderFactory } from '../provider/provider';

/** A session, as a platform that posts webhooks sees it. */
export interface Seat {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
  /** The type of the provider whose platform it is. */
  readonly source: string;
  /** What the platform posts. */
  readonly webhook: PlatformWebhook;
  /** What the factory made of the settings. */
  readonly settings: unknown;
}

/**
 * The seats of a workspace: each session, on the provider that it runs on and on those that it may be
 * switched to, where that provider is told by webhooks. What was sent by the one before is still
 * reported on. A provider whose settings are wrong has no seat.
 */
export function seatsOf(
  config: WorkspaceConfig,
  factories: ReadonlyMap<string, ProviderFactory>,
): readonly Seat[] {
  const seats: Seat[] = [];
  for (const session of config.sessions) {
    const others = { ...config.providers, ...session.providers };
    for (const type of new Set([config.provider_type, ...Object.keys(others)])) {
      const factory = factories.get(type);
      if (factory?.webhook === undefined) continue;
      const settings = parsed(factory, settingsFor(config, session, type));
      if (settings === undefined) continue;
      seats.push({
        workspaceId: config.workspace_id,
        sessionId: session.session_id,
        source: type,
        webhook: factory.webhook,
        settings: settings.value,
      });
    }
  }
  return seats;
}

function parsed(factory: ProviderFactory, settings: unknown): { value: unknown } | undefined {
  try {
    return { value: factory.parse(settings) };
  } catch {
    // Whoever runs the session is told; whoever posts to it is a stranger.
    return undefined;
  }
}
