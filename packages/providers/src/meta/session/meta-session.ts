import { setMaxListeners } from 'node:events';
import {
  type Attempt,
  type Blocking,
  GatewayError,
  type MarkRead,
  type MediaDownload,
  type MediaUpload,
  type MessageContent,
  type OutgoingMessage,
  type Provider,
  type ProviderCapabilities,
  type ProviderContext,
  type ProviderEvent,
  type Registration,
  type SendLimits,
  type SendOutcome,
  type Templates,
  type Typing,
} from '@blazz/core';
import type { Dispatcher } from 'undici';
import type { Connections } from '../graph/connections';
import { GraphClient } from '../graph/graph-client';
import type { GraphReply } from '../graph/graph-reply';
import { assertNotExpired, standingOf } from '../graph/graph-versions';
import { withJoinedSignal } from '../graph/joined-signal';
import type { MetaLimits } from '../limits/meta-limits';
import { Downloader } from '../media/downloader';
import { MediaPreparer } from '../media/media-preparer';
import { Uploader } from '../media/uploader';
import type { ResolvedOptions } from '../options';
import { Sender } from '../send/sender';
import type { MetaSettings } from '../settings';
import { checkParameters } from '../templates/check-parameters';
import { TemplateCatalogue } from '../templates/template-catalogue';
import { accountOf, numberFields, unregistered } from './account';
import { BlockList } from './block-list';
import { capabilitiesOf } from './capabilities';
import { ChatBook } from './chat-book';
import { Gestures } from './gestures';
import { Listener } from './listener';
import type { GraphCall, MetaScope } from './meta-scope';
import { NumberRegistration } from './number-registration';
import { Refusals } from './refusals';

/** What the sessions of one factory share. */
export interface MetaShared {
  /** The factory's options. */
  readonly options: ResolvedOptions;
  /** Connections to Graph. */
  readonly connections: Connections;
  /** Meta's limits on the session's number, which outlive one start. */
  readonly limits: MetaLimits;
}

/** One start of one number on the Cloud API. */
export class MetaSession implements Provider {
  /** {@inheritDoc Provider.capabilities} */
  readonly capabilities: ProviderCapabilities;
  /** {@inheritDoc Provider.limits} */
  readonly limits: SendLimits;
  /** {@inheritDoc ProviderAbilities.typing} */
  readonly typing: Typing;
  /** {@inheritDoc ProviderAbilities.markRead} */
  readonly markRead: MarkRead;
  /** {@inheritDoc ProviderAbilities.mediaDownload} */
  readonly mediaDownload: MediaDownload;
  /** {@inheritDoc ProviderAbilities.mediaUpload} */
  readonly mediaUpload: MediaUpload;
  /** {@inheritDoc ProviderAbilities.blocking} */
  readonly blocking: Blocking;
  /** {@inheritDoc ProviderAbilities.registration} */
  readonly registration: Registration;
  /** {@inheritDoc ProviderAbilities.templates} */
  readonly templates?: Templates;
  readonly #scope: MetaScope;
  readonly #connections: Connections;
  readonly #catalogue: TemplateCatalogue | undefined;
  readonly #listener: Listener;
  readonly #media: MediaPreparer;
  readonly #sender: Sender;
  readonly #end = new AbortController();
  #release: (() => Promise<void>) | undefined;
  #isReady = false;

  /**
   * @param context the session's names, settings, time and chance
   * @param shared what the sessions of the factory share
   */
  constructor(context: ProviderContext<MetaSettings>, shared: MetaShared) {
    const { settings, clock, random, logger } = context;
    const { options, connections, limits } = shared;
    const emit = (event: ProviderEvent): void => {
      if (!this.#end.signal.aborted) context.emit(event);
    };
    const call = (one: GraphCall): Promise<GraphReply> => this.#call(one);
    this.#scope = { options, settings, clock, random, logger, emit, call };
    this.#connections = connections;
    // Every call that is under way listens to it.
    setMaxListeners(0, this.#end.signal);
    this.limits = limits;
    this.capabilities = capabilitiesOf(options.pace, settings.waba_id !== undefined);
    const chats = new ChatBook();
    const gestures = new Gestures(this.#scope, chats);
    const uploader = new Uploader(this.#scope);
    if (settings.waba_id !== undefined) {
      this.#catalogue = new TemplateCatalogue(this.#scope);
      this.templates = this.#catalogue;
    }
    this.#listener = new Listener(options, { chats, catalogue: this.#catalogue });
    this.typing = gestures;
    this.markRead = gestures;
    this.mediaUpload = uploader;
    this.mediaDownload = new Downloader(this.#scope, (use) => this.#connected(use));
    this.blocking = new BlockList(this.#scope);
    this.registration = new NumberRegistration(this.#scope, () =>
      this.#down({ type: 'down', error: unregistered() }),
    );
    this.#media = new MediaPreparer(this.#scope, uploader);
    const refusals = new Refusals(this.#scope, (event) => this.#down(event));
    this.#sender = new Sender(this.#scope, {
      limits,
      prepare: (content, signal) => this.#prepare(content, signal),
      onRefusal: (rule, error) => refusals.told(rule, error),
      ready: () => this.#isReady,
    });
  }

  /** {@inheritDoc Provider.start} */
  async start(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { settings, emit, logger, clock } = this.#scope;
    assertNotExpired(settings, clock.now());
    const { state, endsOn } = standingOf(settings.graph_version, clock.now());
    if (state !== 'good') {
      const what = `Graph ${settings.graph_version} ${state === 'ending' ? 'ends' : 'ended'} on ${endsOn ?? 'a day long past'}; set graph_version to a newer one`;
      logger.warn(what);
    }
    const reply = await this.#call({
      method: 'GET',
      path: `/${settings.phone_number_id}`,
      query: { fields: numberFields },
      signal,
    });
    signal.throwIfAborted();
    const account = accountOf(reply, settings);
    if (this.#end.signal.aborted) {
      throw new GatewayError('start_failed', 'The session was stopped while it started.');
    }
    // Held while it runs, so that connections stay open from one send to the next.
    this.#release = this.#connections.share().release;
    this.#isReady = true;
    emit({ type: 'ready', account });
  }

  /** {@inheritDoc Provider.send} */
  send(message: OutgoingMessage, attempt: Attempt, signal: AbortSignal): Promise<SendOutcome> {
    return this.#sender.send(message, attempt, signal);
  }

  /** {@inheritDoc Provider.heard} */
  heard(event: ProviderEvent): void {
    this.#listener.heard(event);
  }

  /** {@inheritDoc Provider.stop} */
  async stop(): Promise<void> {
    this.#isReady = false;
    this.#end.abort(new GatewayError('not_ready', 'The session was stopped.'));
    await this.#release?.();
  }

  #down(event: ProviderEvent): void {
    if (!this.#isReady) return;
    this.#isReady = false;
    this.#scope.emit(event);
  }

  async #prepare(content: MessageContent, signal: AbortSignal): Promise<MessageContent> {
    if (content.type === 'template') {
      const { name, language } = content.template;
      const info = await this.#catalogue?.find(name, language.code, signal);
      if (info !== undefined) checkParameters(content.template, info);
    }
    return this.#media.prepare(content, signal);
  }

  #call({ deadlineMs, signal, ...call }: GraphCall): Promise<GraphReply> {
    const { settings, options, clock } = this.#scope;
    return this.#connected((dispatcher) => {
      const client = new GraphClient({
        url: settings.graph_url,
        version: settings.graph_version,
        token: settings.access_token,
        dispatcher,
        clock,
      });
      const ms = deadlineMs ?? options.deadlines.callMs;
      return withJoinedSignal([signal, this.#end.signal], (either) =>
        client.call({ ...call, deadlineMs: ms, signal: either }),
      );
    });
  }

  async #connected<T>(use: (dispatcher: Dispatcher) => Promise<T>): Promise<T> {
    const { dispatcher, release } = this.#connections.share();
    try {
      return await use(dispatcher);
    } finally {
      await release();
    }
  }
}
