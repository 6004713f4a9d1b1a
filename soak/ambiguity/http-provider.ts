import { GatewayError, type ProviderFactory, type SendOutcome } from '@blazz/core';
import { Agent, buildConnector, request } from 'undici';
import type { FaultyUpstream } from './faulty-upstream';
import type { Fault, Moment } from './table';

/** Errors of a connection that never stood: not a byte of the message can have left. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What a provider over HTTP is made of. */
export interface HttpProviderOptions {
  /** Where it sends to. */
  readonly upstream: FaultyUpstream;
  /** The upstream's port. */
  readonly port: number;
  /** What strikes, for what happens before a connection stands. */
  readonly moment: Moment;
  /** What strikes. */
  readonly fault: Fault;
}

/**
 * A provider over HTTP, as an author would write one: what went wrong before the connection stood
 * is `not_sent`, what came as a whole answer is `sent` or `rejected`, everything else is `unknown`.
 */
export function httpProvider(options: HttpProviderOptions): ProviderFactory {
  const { upstream, port, moment, fault } = options;
  const connector = buildConnector({ timeout: 100 });
  const dispatcher = new Agent({
    headersTimeout: 150,
    bodyTimeout: 150,
    pipelining: 0,
    connect: (target, done) => {
      if (moment !== 'before_connect' || !upstream.isFaulty) return connector(target, done);
      upstream.strike();
      // Nobody listens on port 1; 192.0.2.1 is an address that nobody has.
      if (fault !== 'timeout') return connector({ ...target, port: '1' }, done);
      const error = Object.assign(new Error('timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
      setTimeout(() => done(error, null), 100);
    },
  });
  return {
    type: 'http',
    parse: (settings) => settings,
    create: ({ emit }) => ({
      capabilities: {
        messageTypes: ['text'],
        abilities: [],
        pace: { concurrency: 4, intervalMs: 0, jitter: 0 },
      },
      start: async () => emit({ type: 'ready', account: { phone: '4915100000001' } }),
      stop: async () => undefined,
      send: async ({ message_id }, _attempt, signal): Promise<SendOutcome> => {
        const body = JSON.stringify({ message_id, padding: 'x'.repeat(200) });
        try {
          const answer = await request(`http://127.0.0.1:${port}/send`, {
            method: 'POST',
            body,
            signal,
            dispatcher,
          });
          const { id } = (await answer.body.json()) as { id: string };
          return { status: 'sent', provider_message_id: id };
        } catch (cause) {
          const error = new GatewayError('provider_failed', 'WhatsApp did not answer.', { cause });
          const code = (cause as { code?: string }).code ?? '';
          return neverConnected.has(code)
            ? { status: 'not_sent', error, retryAfterMs: 20 }
            : { status: 'unknown', error };
        }
      },
    }),
  };
}
