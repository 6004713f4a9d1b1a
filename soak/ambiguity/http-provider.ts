import { GatewayError, type ProviderFactory, type SendOutcome } from '@blazz/core';
import { Agent, request } from 'undici';
import type { FaultyUpstream, Protocol } from './faulty-upstream';
import { neverConnects } from './never-connects';
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

/** What its upstream answers. */
export const httpProtocol: Protocol = { sent: ({ message_id }) => ({ id: `wa-${message_id}` }) };

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
  const { port } = options;
  const dispatcher = new Agent({
    headersTimeout: 150,
    bodyTimeout: 150,
    pipelining: 0,
    connect: neverConnects(options),
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
