import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { MessageType } from '../messages/content';
import type { OutgoingMessage } from '../messages/outgoing-message';
import type { AbilityName, MemberAbilities, ProviderAbilities } from './abilities';
import type { Attempt } from './attempt';
import type { MemberStatus } from './member-status';
import type { PlatformWebhook } from './platform-webhook';
import type { ProviderEvent } from './provider-event';
import type { SendLimits } from './send-limits';
import type { SendOutcome } from './send-outcome';

/** How fast a lane may drain through a provider. */
export interface Pace {
  /** How many recipients may be sent to at once, at least 1. */
  readonly concurrency: number;
  /** The mean number of milliseconds between two sends of a session; 0 means unpaced. */
  readonly intervalMs: number;
  /** By which share the interval varies at random, 0 to 1, so that sends do not tick like a machine. */
  readonly jitter: number;
}

/** What a provider can do, as told to applications. */
export interface ProviderCapabilities {
  /** The types of message that it can send. */
  readonly messageTypes: readonly MessageType[];
  /** The abilities that it has. */
  readonly abilities: readonly AbilityName[];
  /** How fast it may be driven. */
  readonly pace: Pace;
}

/**
 * A way to reach WhatsApp for one session. One object serves one start: after `stop` a new one is
 * created. A provider reports by {@link ProviderContext.emit} and knows nothing of its owner.
 */
export interface Provider extends ProviderAbilities {
  /** What it can do. Fixed from creation on. */
  readonly capabilities: ProviderCapabilities;
  /** WhatsApp's own limits on this sender, where the provider knows them. Default: none. */
  readonly limits?: SendLimits;
  /**
   * Connects. Resolves when events flow: with `ready`, with a `qr` when there are no credentials,
   * with an `action_required` that waits, or with a `syncing` that may take long. Whoever calls it sets a deadline through `signal`.
   * @throws GatewayError `start_failed`, `browser_not_found`, `profile_locked`, `timeout`, `invalid_config`
   *   for settings that were good once; nothing is left running
   */
  start(signal: AbortSignal): Promise<void>;
  /**
   * Sends one message. Never throws for what WhatsApp or the network does: the outcome says it.
   * An abort ends the wait, not necessarily the send: the outcome is then `unknown` unless nothing left.
   */
  send(message: OutgoingMessage, attempt: Attempt, signal: AbortSignal): Promise<SendOutcome>;
  /**
   * Told of what came in by {@link PlatformWebhook} while it runs, before it is written down: for a
   * provider that learns from it. Must not throw.
   */
  heard?(event: ProviderEvent): void;
  /** How its members stand, for a provider that is made of several; in their order. */
  members?(): readonly MemberStatus[];
  /**
   * What one of its members can do by itself, for a provider that is made of several: for what is meant
   * for one number and no other. Ids of media that it gives and takes name the member, as elsewhere.
   * @param name the member, as {@link members} names it
   * @returns `undefined` when there is no such member
   */
  member?(name: string): MemberAbilities | undefined;
  /** Disconnects and keeps credentials. Idempotent, bounded in time, leaves no process behind. */
  stop(): Promise<void>;
}

/** What a provider is given: its names, its settings, time, chance, and a way to report. */
export interface ProviderContext<Settings = unknown> {
  /** The tenant. */
  readonly workspaceId: string;
  /** The session. */
  readonly sessionId: string;
  /** What `parse` made of the workspace's settings. */
  readonly settings: Settings;
  /** Reports an event. Never throws, returns at once; ignored once the session let the provider go. */
  readonly emit: (event: ProviderEvent) => void;
  /** Time. */
  readonly clock: Clock;
  /** Chance: a number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** Log lines, already stamped with workspace, session and provider. */
  readonly logger: Logger;
}

/** Makes providers of one type. Made by a lower-case function such as `webjsProvider(options)`. */
export interface ProviderFactory<Settings = unknown> {
  /** `web_js`, `meta_api`, `fallback`, or a name of your own. */
  readonly type: string;
  /**
   * Checks a workspace's settings for this provider.
   * @throws GatewayError `invalid_config`, naming the setting, its shape and the fix
   */
  parse(settings: unknown): Settings;
  /**
   * Refuses settings that are well formed, and under which no session can start today: they are put into
   * force neither by configuring nor by a switch. A provider refuses them in its `start` too. Whatever
   * has them already goes on being told by webhooks. A factory without this method has no such settings.
   * @throws GatewayError `invalid_config`, with the fix
   */
  assertStartable?(settings: Settings): void;
  /**
   * Whether a session has credentials from an earlier link, so that it can be started without a
   * person. A factory without this method is always ready to start.
   * @param settings what `parse` made of the workspace's settings, where they are at hand
   */
  linked?(workspaceId: string, sessionId: string, settings?: Settings): Promise<boolean>;
  /**
   * Whether WhatsApp's id of a message looks like one of this provider's own, so that a reply or a
   * reaction goes out where its target is. A factory without this method cannot tell.
   */
  ownsId?(providerMessageId: string): boolean;
  /** What the platform posts to us, for a provider that is told by webhooks. */
  readonly webhook?: PlatformWebhook<Settings>;
  /** Makes a provider for one start of one session. Does not connect. */
  create(context: ProviderContext<Settings>): Provider;
}
