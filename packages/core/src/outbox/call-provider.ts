import type { Clock } from '../clock';
import { toGatewayError } from '../errors/gateway-error';
import type { Provider } from '../provider/provider';
import type { SendOutcome } from '../provider/send-outcome';
import type { MessageRecord } from './message-record';
import { type FindMessage, prepare } from './outgoing';
import type { SendDeadlines } from './send-deadlines';

/** One call of a provider. */
export interface ProviderCall {
  /** Who is called. */
  readonly provider: Provider;
  /** What is sent; its last attempt is the one under way. */
  readonly message: MessageRecord;
  /** The lease epoch under which it is sent. */
  readonly epoch: number;
  /** Finds the messages that it refers to. */
  readonly find: FindMessage;
  /** Time. */
  readonly clock: Clock;
  /** How long it may take before its outcome counts as unknown. */
  readonly deadlines: SendDeadlines;
}

/** Sends a message. Whatever the provider does, the outcome is data. */
export async function callProvider(call: ProviderCall): Promise<SendOutcome> {
  const { provider, message, epoch, find, clock, deadlines } = call;
  const last = message.attempts.at(-1);
  const attempt = {
    number: last?.number ?? 1,
    epoch,
    startedAt: last?.started_at ?? clock.now(),
  };
  const prepared = prepare(provider, message, find);
  const outgoing = prepared instanceof Promise ? await prepared : prepared;
  if ('status' in outgoing) return outgoing;
  try {
    return await deadlines.run((signal) => provider.send(outgoing, attempt, signal));
  } catch (thrown) {
    // A provider that throws breaks its contract: nobody can tell what it did.
    const error = toGatewayError(thrown, 'provider_failed', 'The provider failed while sending.');
    return { status: 'unknown', error };
  }
}
