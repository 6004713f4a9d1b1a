import {
  type Attempt,
  GatewayError,
  isGatewayError,
  type MessageContent,
  type OutgoingMessage,
  type SendOutcome,
} from '@blazz/core';
import { encodeMessage, type MessageBody, metaMessageTypes } from '../encode/message';
import type { GraphRule } from '../errors/error-class';
import { GraphRefusal } from '../errors/graph-refusal';
import type { GraphReply } from '../graph/graph-reply';
import type { MetaLimits } from '../limits/meta-limits';
import type { MetaScope } from '../session/meta-scope';
import { outcomeOf } from './outcome';

/** What a sender works with. */
export interface SenderParts {
  /** Meta's limits on the number. */
  readonly limits: MetaLimits;
  /** Makes content ready: uploads media, checks templates. Throws what keeps it from that. */
  readonly prepare: (content: MessageContent, signal: AbortSignal) => Promise<MessageContent>;
  /** Told of every refusal. */
  readonly onRefusal: (rule: GraphRule, refusal: GatewayError) => void;
  /** Whether the session can send now. */
  readonly ready: () => boolean;
}

/** Sends messages, and tells for certain what became of each, or that nobody can. */
export class Sender {
  readonly #scope: MetaScope;
  readonly #parts: SenderParts;

  /**
   * @param scope what the parts of the session share
   * @param parts what the sender works with
   */
  constructor(scope: MetaScope, parts: SenderParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  /** {@inheritDoc Provider.send} */
  async send(
    message: OutgoingMessage,
    attempt: Attempt,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { content } = message;
    if (signal.aborted || !this.#parts.ready()) return notReady();
    if (!metaMessageTypes.includes(content.type)) {
      const what = `The Cloud API cannot send messages of type ${content.type}; send interactive buttons or a list instead.`;
      return refusal(new GatewayError('unsupported_content', what));
    }
    const { settings, options } = this.#scope;
    let body: MessageBody;
    try {
      const ready = await this.#parts.prepare(content, signal);
      body = encodeMessage({ ...message, content: ready }, attempt.number);
    } catch (thrown) {
      if (thrown instanceof GraphRefusal) return this.#outcome(message, attempt, thrown.reply);
      const what = 'The message could not be prepared; it is tried again.';
      return refusal(
        isGatewayError(thrown)
          ? thrown
          : new GatewayError('provider_failed', what, { cause: thrown }),
      );
    }
    // Whatever ends before this line provably left nothing.
    if (signal.aborted || !this.#parts.ready()) return notReady();
    const reply = await this.#scope.call({
      method: 'POST',
      path: `/${settings.phone_number_id}/messages`,
      json: body,
      deadlineMs: options.deadlines.sendMs,
      signal,
    });
    return this.#outcome(message, attempt, reply);
  }

  #outcome(message: OutgoingMessage, attempt: Attempt, reply: GraphReply): SendOutcome {
    const { limits, onRefusal } = this.#parts;
    const { key } = message.recipient;
    let refusedBy: GraphRule | undefined;
    const outcome = outcomeOf(reply, {
      attempt: attempt.number,
      random: this.#scope.random,
      onRefusal: (rule, waitMs) => {
        refusedBy = rule;
        return limits.refused(rule, key, waitMs);
      },
    });
    if (outcome.status === 'sent') limits.accepted(key);
    else if (refusedBy !== undefined) onRefusal(refusedBy, outcome.error);
    return outcome;
  }
}

/** The outcome of a message that could not even be prepared: nothing left. */
function refusal(error: GatewayError): SendOutcome {
  return { status: error.retryable ? 'not_sent' : 'rejected', error };
}

function notReady(): SendOutcome {
  const what = 'The session is not connected to WhatsApp; the message waits until it is.';
  return refusal(new GatewayError('not_ready', what));
}
