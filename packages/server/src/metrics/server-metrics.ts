import type { Observer, Session } from '@blazz/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { closeCodes } from '../stream/close-codes';

/** Durations of calls to providers, in seconds: a browser is slow, an API is not. */
const sendBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const closeCodeNumbers: ReadonlySet<number> = new Set(
  Object.values(closeCodes).map(([code]) => code),
);
/** How long limits hold sends, in seconds: from a token of the bucket to the longest punishment of a pair. */
const heldBuckets = [0.01, 0.05, 0.25, 1, 5, 10, 30, 60, 120, 300, 1_100, 3_600];
const httpBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

/**
 * The metrics of one instance. Labels are words of fixed lists: no tenant, session or phone number
 * can show up in one. Give {@link ServerMetrics.observer} to the gateway, and the rest to the server.
 */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #accepted = this.#counter('messages_accepted_total', 'Messages that were accepted.', [
    'type',
    'provider',
  ]);
  readonly #attempts = this.#counter('send_attempts_total', 'Attempts to send that ended.', [
    'provider',
    'outcome',
    'code',
  ]);
  readonly #attemptTime = new Histogram({
    name: 'blazz_send_attempt_duration_seconds',
    help: 'From the call of the provider to its outcome.',
    labelNames: ['provider', 'outcome'] as const,
    buckets: sendBuckets,
    registers: [this.#registry],
  });
  readonly #hops = this.#counter('hops_total', 'Messages that went on to another member.', [
    'from',
    'to',
    'code',
  ]);
  readonly #moves = this.#counter('session_transitions_total', 'Sessions that changed state.', [
    'provider',
    'from',
    'to',
  ]);
  readonly #downs = this.#counter('provider_down_total', 'Providers that died.', [
    'provider',
    'code',
  ]);
  readonly #requests = this.#counter('http_requests_total', 'Requests that were answered.', [
    'method',
    'route',
    'status',
  ]);
  readonly #requestTime = new Histogram({
    name: 'blazz_http_request_duration_seconds',
    help: 'From the first byte of a request to the last of its answer.',
    labelNames: ['route'] as const,
    buckets: httpBuckets,
    registers: [this.#registry],
  });
  readonly #refusals = this.#counter('signature_refusals_total', 'Requests refused unproven.', [
    'reason',
  ]);
  readonly #streamed = this.#counter('stream_events_total', 'Events written to streams.', []);
  readonly #streamClosed = this.#counter('stream_closed_total', 'Streams that ended.', ['code']);

  readonly #webhooks = this.#counter('webhook_tries_total', 'Webhook deliveries that were tried.', [
    'outcome',
  ]);

  readonly #received = this.#counter('webhook_received_total', 'Payloads that platforms posted.', [
    'provider',
  ]);
  readonly #setAside = this.#counter(
    'intake_quarantined_total',
    'What came in and was set aside.',
    ['provider', 'code'],
  );
  readonly #platformRefused = this.#counter(
    'platform_refused_total',
    'Refusals by the platform, as an answer or in a report.',
    ['provider', 'class', 'code', 'source'],
  );
  readonly #held = new Histogram({
    name: 'blazz_send_held_seconds',
    help: 'How long a limit of the platform held a send when it was its turn.',
    labelNames: ['provider', 'limit', 'cause'] as const,
    buckets: heldBuckets,
    registers: [this.#registry],
  });
  readonly #platformLimits = this.#counter(
    'platform_limit_total',
    'Times that a limit of the platform was tightened.',
    ['provider', 'limit'],
  );

  /** What the gateway reports to. */
  readonly observer: Observer = {
    messageAccepted: (fact) => this.#accepted.inc({ ...fact }),
    attemptFinished: ({ provider, outcome, code, durationMs }) => {
      this.#attempts.inc({ provider, outcome, code: code ?? 'none' });
      this.#attemptTime.observe({ provider, outcome }, durationMs / 1000);
    },
    hopped: (fact) => this.#hops.inc({ ...fact }),
    sessionMoved: (fact) => this.#moves.inc({ ...fact }),
    webhookReceived: ({ provider }) => this.#received.inc({ provider }),
    intakeQuarantined: (fact) => this.#setAside.inc({ ...fact }),
    webhookTried: (fact) => this.#webhooks.inc({ ...fact }),
    platformRefused: (fact) => this.#platformRefused.inc({ ...fact }),
    limitChanged: ({ provider, limit }) => this.#platformLimits.inc({ provider, limit }),
    sendHeld: ({ heldMs, ...labels }) => this.#held.observe(labels, heldMs / 1000),
    providerDown: (fact) => this.#downs.inc({ ...fact }),
  };

  /** Counts an answered request. `route` is the route's pattern. */
  request(fact: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
  }): void {
    const { method, route, status, durationMs } = fact;
    this.#requests.inc({ method, route, status });
    this.#requestTime.observe({ route }, durationMs / 1000);
  }

  /** Counts a request that was refused before anybody knew who made it. */
  refused(reason: string): void {
    this.#refusals.inc({ reason });
  }

  /** Counts events written to a stream. */
  streamed(count: number): void {
    this.#streamed.inc(count);
  }

  /** Counts a stream that ended. */
  streamClosed(code: number): void {
    // A client may choose any of thousands of codes; these are the ones that say something.
    const known = code < 1016 || closeCodeNumbers.has(code);
    this.#streamClosed.inc({ code: known ? String(code) : 'other' });
  }

  /** Adds what is not counted but looked up when the metrics are read. */
  watch(state: {
    readonly sessions: () => readonly Pick<Session, 'state' | 'members'>[];
    readonly streams: () => number;
  }): void {
    const sessions = this.#gauge('sessions', 'Sessions of this instance.', ['state'], () => {
      sessions.reset();
      for (const { state: name } of state.sessions()) sessions.inc({ state: name });
    });
    const labels = ['member', 'state', 'breaker'];
    const members = this.#gauge('members', 'Members of fallback sessions.', labels, () => {
      members.reset();
      for (const { members: own } of state.sessions())
        for (const { member, state: name, breaker } of own)
          members.inc({ member, state: name, breaker });
    });
    const streams = this.#gauge('streams', 'Open event streams.', [], () => {
      streams.set(state.streams());
    });
    const memory = this.#gauge('resident_memory_bytes', 'Memory of the process.', [], () => {
      memory.set(process.memoryUsage.rss());
    });
  }

  /** The metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name: `blazz_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, labelNames: string[], collect: () => void): Gauge {
    return new Gauge({
      name: `blazz_${name}`,
      help,
      labelNames,
      collect,
      registers: [this.#registry],
    });
  }
}
