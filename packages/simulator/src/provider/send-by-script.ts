import {
  type Attempt,
  delay,
  GatewayError,
  type MessageType,
  type NotSentOutcome,
  type OutgoingMessage,
  type SendOutcome,
} from '@blazz/core';
import type { ScriptedLink } from './scripted-link';
import type { ReceiptTimes, ScriptedSend } from './send-script';
import type { Seat, Stage } from './stage';

/** What a send needs. */
export interface SendContext {
  /** The WhatsApp that it goes to. */
  readonly stage: Stage;
  /** The account. */
  readonly seat: Seat;
  /** The connection. */
  readonly link: ScriptedLink;
  /** The types of message that can be sent. */
  readonly messageTypes: readonly MessageType[];
}

/** One send: what the script says, cut short by an abort or the end of the session. */
export async function sendByScript(
  context: SendContext,
  message: OutgoingMessage,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { stage, seat, link, messageTypes } = context;
  const end = stage.called(message, attempt, seat.name);
  let outcome: SendOutcome | undefined;
  try {
    if (signal.aborted) {
      outcome = notSent(new GatewayError('timeout', 'The send was given up before it began.'));
    } else if (!link.isReady) {
      outcome = notSent(new GatewayError('not_ready', 'The session is not ready: wait for it.'));
    } else if (!messageTypes.includes(message.content.type)) {
      const why = `This provider cannot send ${message.content.type} messages.`;
      outcome = { status: 'rejected', error: new GatewayError('unsupported_content', why) };
    } else {
      const step = stage.plan(message, attempt, seat.name);
      outcome = await act(step, context, message, attempt, signal);
    }
    return outcome;
  } finally {
    end(outcome?.status);
  }
}

async function act(
  step: ScriptedSend,
  context: SendContext,
  message: OutgoingMessage,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { stage, seat, link } = context;
  const { echoes: echo, receipts: usual } = stage.options;
  const take = (receipts: ReceiptTimes = usual): string =>
    seat.mailbox.take(message, attempt, { receipts, echo });
  /** Whether the time passed; false: the send was cut short. */
  const passed = async (ms: number = 0): Promise<boolean> => {
    if (ms === 0) return true;
    const end = AbortSignal.any([signal, link.over]);
    await delay(stage.options.clock, ms, end).catch(() => undefined);
    return !end.aborted;
  };
  switch (step.outcome) {
    case 'sent': {
      const id = take(step.receipts);
      return (await passed(step.afterMs)) ? { status: 'sent', provider_message_id: id } : cut(id);
    }
    case 'rejected': {
      if (!(await passed(step.afterMs))) return cut();
      const error = step.error ?? new GatewayError('rejected', 'WhatsApp refused the message.');
      return { status: 'rejected', error, ...scopeOf(step) };
    }
    case 'not_sent': {
      await passed(step.afterMs);
      const error = step.error ?? new GatewayError('not_ready', 'Nothing left; try again.');
      return { ...notSent(error, step.retryAfterMs), ...scopeOf(step) };
    }
    case 'unknown': {
      const id = step.effect ? take() : undefined;
      await passed(step.afterMs);
      return cut(step.id === true ? id : undefined, step.error);
    }
    case 'hang': {
      if (step.effect) take();
      await aborted(AbortSignal.any([signal, link.over]));
      return cut();
    }
    case 'throw': {
      if (step.effect) take();
      throw step.error ?? new TypeError('The script lets this send throw.');
    }
  }
}

function scopeOf<S>({ scope }: { readonly scope?: S }): { readonly scope?: S } {
  return scope === undefined ? {} : { scope };
}

function notSent(error: GatewayError, retryAfterMs?: number): NotSentOutcome {
  return { status: 'not_sent', error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The answer did not come. */
function cut(
  id?: string,
  error: GatewayError = new GatewayError(
    'timeout',
    'WhatsApp did not answer; it may have the message.',
  ),
): SendOutcome {
  return {
    status: 'unknown',
    error,
    ...(id === undefined ? {} : { provider_message_id: id }),
  };
}
