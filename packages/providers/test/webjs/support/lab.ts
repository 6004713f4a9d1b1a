import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Attempt,
  type LogFields,
  type Logger,
  type OutgoingMessage,
  type Provider,
  type ProviderEvent,
  type ProviderFactory,
  parseRecipient,
  type SendOutcome,
  systemClock,
} from '@blazz/core';
import { type WebjsOptions, type WebjsSettings, webjsProvider } from '@blazz/providers/webjs';
import { WebSimulator, type WebSimulatorOptions } from '@blazz/simulator/web';
import { listProcesses } from '../../../src/webjs/browser/process-table';

/** A log line, as a test reads it. */
export interface LogLine extends LogFields {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** A session under test: its provider, and everything it reported. */
export class Station {
  readonly provider: Provider;
  readonly events: ProviderEvent[] = [];
  readonly log: LogLine[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(
    factory: ProviderFactory<WebjsSettings>,
    readonly sessionId: string,
    settings: WebjsSettings = {},
    readonly workspaceId: string = 'w1',
  ) {
    const line =
      (level: LogLine['level']) =>
      (message: string, fields: LogFields = {}): void => {
        this.log.push({ level, message, ...fields });
      };
    const logger: Logger = {
      debug: line('debug'),
      info: line('info'),
      warn: line('warn'),
      error: line('error'),
    };
    this.provider = factory.create({
      workspaceId,
      sessionId,
      settings,
      emit: (event) => {
        this.events.push(event);
        for (const look of [...this.#waiting]) look();
      },
      clock: systemClock,
      random: Math.random,
      logger,
    });
  }

  start(signal: AbortSignal = AbortSignal.timeout(60_000)): Promise<void> {
    return this.provider.start(signal);
  }

  /** The events of a type so far. */
  of<T extends ProviderEvent['type']>(type: T): Extract<ProviderEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<
      ProviderEvent,
      { type: T }
    >[];
  }

  /** Waits for an event, also one that came already, from index `after` on. */
  until<T extends ProviderEvent['type']>(
    type: T,
    wanted: (event: Extract<ProviderEvent, { type: T }>) => boolean = () => true,
    ms = 20_000,
    after = 0,
  ): Promise<Extract<ProviderEvent, { type: T }>> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.events
          .slice(after)
          .find(
            (event) => event.type === type && wanted(event as Extract<ProviderEvent, { type: T }>),
          );
        if (found === undefined) return;
        done();
        resolve(found as Extract<ProviderEvent, { type: T }>);
      };
      const timer = setTimeout(() => {
        done();
        const seen = this.events.map((event) => event.type).join(', ');
        reject(new Error(`No fitting "${type}" within ${ms} ms; seen: ${seen || 'nothing'}.`));
      }, ms);
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** A simulator, a folder for profiles, and every station that lives in it. */
export class Lab implements AsyncDisposable {
  readonly simulator: WebSimulator;
  readonly dir: string;
  readonly #stations: Station[] = [];

  private constructor(simulator: WebSimulator, dir: string) {
    this.simulator = simulator;
    this.dir = dir;
  }

  static async open(options: WebSimulatorOptions = {}): Promise<Lab> {
    const simulator = new WebSimulator({
      ...options,
      timings: { bootMs: 20, pairMs: 50, syncMs: 400, ...options.timings },
    });
    await simulator.start();
    return new Lab(simulator, await mkdtemp(join(tmpdir(), 'blazz-webjs-')));
  }

  factory(options: Partial<WebjsOptions> = {}): ProviderFactory<WebjsSettings> {
    return webjsProvider({
      sessionsDir: this.dir,
      extraBrowserArgs: this.simulator.chromiumArgs(),
      ...options,
    });
  }

  station(
    sessionId: string,
    options: Partial<WebjsOptions> = {},
    settings: WebjsSettings = {},
  ): Station {
    const station = new Station(this.factory(options), sessionId, settings);
    this.#stations.push(station);
    return station;
  }

  /** Starts a session, scans its QR, and waits until it is ready. */
  async linked(
    sessionId: string,
    number: string,
    options: Partial<WebjsOptions> = {},
  ): Promise<Station> {
    const station = this.station(sessionId, options);
    const isLinked = await this.factory().linked?.(station.workspaceId, sessionId);
    await station.start();
    if (isLinked !== true) {
      const { text } = await station.until('qr');
      await this.simulator.scan(text, { number, name: 'Ada' });
    }
    await station.until('ready');
    return station;
  }

  /** Stops everything and proves that no process is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#stations.map((station) => station.provider.stop()));
    const left = await processesIn(this.dir);
    await this.simulator.stop();
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
    if (left.length > 0) throw new Error(`Orphans: ${left.join(', ')}`);
  }
}

/** The ids of processes that name a folder in their command line. */
export async function processesIn(dir: string): Promise<number[]> {
  const processes = await listProcesses();
  return processes
    .filter((entry) => entry.pid !== process.pid && entry.args.some((arg) => arg.includes(dir)))
    .map((entry) => entry.pid);
}

let counter = 0;

/** An outgoing message. */
export function outgoing(
  to: string,
  content: OutgoingMessage['content'] | string,
  replyTo?: string,
): OutgoingMessage {
  counter += 1;
  return {
    message_id: `msg_${counter}`,
    recipient: parseRecipient(to),
    content: typeof content === 'string' ? { type: 'text', text: { body: content } } : content,
    reply_to: replyTo,
  };
}

/** A first attempt, begun now. */
export function attempt(startedAt: number = Date.now()): Attempt {
  return { number: 1, epoch: 1, startedAt };
}

/** Sends, and answers the outcome. */
export function send(
  station: Station,
  to: string,
  content: OutgoingMessage['content'] | string,
  replyTo?: string,
): Promise<SendOutcome> {
  return station.provider.send(
    outgoing(to, content, replyTo),
    attempt(),
    AbortSignal.timeout(60_000),
  );
}
