import {
  messageTypes as allTypes,
  type Clock,
  GatewayError,
  type MessageType,
  type Pace,
  type Provider,
  type ProviderFactory,
  type SendLimits,
} from '@blazz/core';
import { abilitiesFor, type ScriptedAbility, scriptedAbilities } from './abilities';
import { ScriptedLink } from './scripted-link';
import type { ScriptedWhatsApp } from './scripted-whatsapp';
import { sendByScript } from './send-by-script';

/** What a scripted provider can do, and what it is connected to. */
export interface ScriptedProviderOptions {
  /** The WhatsApp that it connects to. */
  readonly world: ScriptedWhatsApp;
  /** Its name, as in `provider_type`. Default: `scripted`. */
  readonly type?: string;
  /** The types of message that it can send. Default: all. */
  readonly messageTypes?: readonly MessageType[];
  /** The abilities that it has. Default: all. */
  readonly abilities?: readonly ScriptedAbility[];
  /** How fast it may be driven. Default: 4 recipients at once, unpaced. */
  readonly pace?: Partial<Pace>;
  /** Makes the limits of a provider that starts. Default: none. */
  readonly limits?: (clock: Clock) => SendLimits;
}

/**
 * A provider whose WhatsApp lives in memory and does what a script says: for tests of whatever
 * stands above providers, for benches, and for trying the gateway out. It keeps the contract that
 * every provider keeps. Workspaces' settings are not looked at.
 */
export function scriptedProvider(options: ScriptedProviderOptions): ProviderFactory {
  const {
    world,
    type = 'scripted',
    messageTypes = allTypes,
    abilities = scriptedAbilities,
  } = options;
  const pace: Pace = { concurrency: 4, intervalMs: 0, jitter: 0, ...options.pace };
  if (!(pace.concurrency >= 1)) {
    throw new GatewayError('invalid_config', 'pace.concurrency must be at least 1.');
  }
  return {
    type,
    parse: (settings) => settings,
    linked: async (workspaceId, sessionId) => world.account(workspaceId, sessionId).linked,
    create(context): Provider {
      const { workspaceId, sessionId, emit } = context;
      const { stage } = world;
      const seat = stage.seat({ workspaceId, sessionId });
      const link = new ScriptedLink({ stage, seat, emit });
      return {
        capabilities: { messageTypes, abilities, pace },
        ...(options.limits === undefined ? {} : { limits: options.limits(context.clock) }),
        start: (signal) => link.start(signal),
        stop: async () => link.stop(),
        send: (message, attempt, signal) =>
          sendByScript({ stage, seat, link, messageTypes }, message, attempt, signal),
        ...abilitiesFor(abilities, { stage, seat, link }),
      };
    },
  };
}
