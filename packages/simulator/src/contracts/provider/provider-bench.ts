import {
  type Attempt,
  type MessageContent,
  type OutgoingMessage,
  type Provider,
  parseRecipient,
  systemClock,
} from '@blazz/core';
import type { ContractSession, ProviderHarness, WorldEffect } from './provider-world';
import { Recording } from './recording';

/** One provider, one start of it, and what it reported. */
export interface Run {
  /** The session. */
  readonly session: ContractSession;
  /** The provider. */
  readonly provider: Provider;
  /** What it reported. */
  readonly recording: Recording;
}

/** How a {@link ProviderBench} drives providers. */
export interface BenchOptions {
  /** How long anything may take, in milliseconds. */
  readonly timeoutMs: number;
  /** What the workspace's settings say. */
  readonly settings: unknown;
  /** Whether sessions are linked by a QR. */
  readonly hasQr: boolean;
}

/** Starts providers for the contract's tests, as few as can be: sessions stay up from test to test. */
export class ProviderBench {
  /** The provider under test and its WhatsApp. */
  readonly harness: ProviderHarness;
  /** Everything that no log line may contain. */
  readonly secrets: Set<string> = new Set();
  readonly #options: BenchOptions;
  readonly #runs: Run[] = [];
  readonly #ready = new Map<string, Promise<Run>>();
  #messages = 0;

  /**
   * @param harness the provider under test and its WhatsApp
   * @param options how to drive it
   */
  constructor(harness: ProviderHarness, options: BenchOptions) {
    this.harness = harness;
    this.#options = options;
    for (const person of harness.people) this.secrets.add(person);
  }

  /** How long anything may take, in milliseconds. */
  get timeoutMs(): number {
    return this.#options.timeoutMs;
  }

  /** Every log line of every provider so far. */
  get lines(): readonly string[] {
    return this.#runs.flatMap(({ recording }) => recording.lines);
  }

  /** A session of the contract's own workspace. */
  session(sessionId: string): ContractSession {
    return { workspaceId: 'contract', sessionId };
  }

  /** Makes a provider, and does not start it. */
  create(sessionId: string): Run {
    const session = this.session(sessionId);
    const recording = new Recording();
    const { factory } = this.harness;
    const provider = factory.create({
      ...session,
      settings: factory.parse(this.#options.settings),
      emit: recording.emit,
      clock: systemClock,
      random: Math.random,
      logger: recording.logger,
    });
    const run = { session, provider, recording };
    this.#runs.push(run);
    return run;
  }

  /** Makes a provider and starts it. */
  async start(sessionId: string): Promise<Run> {
    const run = this.create(sessionId);
    await run.provider.start(AbortSignal.timeout(this.timeoutMs));
    for (const { text } of run.recording.all('qr')) this.secrets.add(text);
    return run;
  }

  /** A session that is ready: the one that is up, or a new one, linked if it has to be. */
  ready(sessionId: string): Promise<Run> {
    const known = this.#ready.get(sessionId);
    if (known !== undefined) return known;
    const run = this.#bringUp(sessionId);
    this.#ready.set(sessionId, run);
    return run;
  }

  /** Takes a run over as its session's ready one. */
  keep(run: Run): void {
    this.#ready.set(run.session.sessionId, Promise.resolve(run));
  }

  /** Stops a session; the next {@link ready} starts it anew. */
  async drop(sessionId: string): Promise<void> {
    const known = this.#ready.get(sessionId);
    this.#ready.delete(sessionId);
    const run = await known?.catch(() => undefined);
    await run?.provider.stop();
  }

  /** Sends something, with the signal's default being the contract's patience. */
  send(
    run: Run,
    to: string,
    content: MessageContent,
    options: { readonly signal?: AbortSignal; readonly replyTo?: string } = {},
  ): ReturnType<Provider['send']> {
    const { signal = AbortSignal.timeout(this.timeoutMs), replyTo } = options;
    const { message, attempt } = this.message(to, content, replyTo);
    return run.provider.send(message, attempt, signal);
  }

  /** A message, and the first attempt at it. */
  message(
    to: string,
    content: MessageContent,
    replyTo?: string,
  ): { readonly message: OutgoingMessage; readonly attempt: Attempt } {
    const message_id = `msg_contract${++this.#messages}`;
    const recipient = parseRecipient(to);
    const attempt = { number: 1, epoch: 1, startedAt: Date.now() };
    if (content.type === 'text') this.secrets.add(content.text.body);
    return { message: { message_id, recipient, content, reply_to: replyTo }, attempt };
  }

  /** Says where the effects stand; the function that is returned gives those that came since. */
  async watchEffects(run: Run): Promise<() => Promise<readonly WorldEffect[]>> {
    const { world } = this.harness;
    const before = (await world.effects(run.session)).length;
    return async () => (await world.effects(run.session)).slice(before);
  }

  /** Stops every provider that was ever made, then the world. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#runs.map(({ provider }) => provider.stop()));
    await this.harness.stop();
  }

  async #bringUp(sessionId: string): Promise<Run> {
    const { factory, world } = this.harness;
    const { workspaceId } = this.session(sessionId);
    const isLinked = (await factory.linked?.(workspaceId, sessionId)) ?? true;
    const run = await this.start(sessionId);
    if (this.#options.hasQr && !isLinked) {
      const { text } = await run.recording.next('qr', this.timeoutMs);
      await world.scan?.(run.session, text);
    }
    await run.recording.next('ready', this.timeoutMs);
    return run;
  }
}
