import type { GraphSimulator } from '../graph-simulator';
import type { GraphEffect } from '../ledger';
import { type SentMessage, statusOf } from '../messages/sent-message';

/** A sent message as the control API shows it. */
export function showMessage(message: SentMessage): object {
  const { id, from, to, text, steps, refusal } = message;
  return {
    id,
    phone_number_id: from.id,
    to: to.number,
    type: message.message.type,
    content: message.message.content,
    ...(text === undefined ? {} : { text }),
    ...(message.message.callbackData === undefined
      ? {}
      : { callback_data: message.message.callbackData }),
    status: statusOf(message),
    steps,
    ...(refusal ? { error: refusal.inStatus() } : {}),
  };
}

/** An effect as the control API shows it. */
export function showEffect(effect: GraphEffect): object {
  const { phoneNumberId, callbackData, ...rest } = effect;
  return {
    ...rest,
    phone_number_id: phoneNumberId,
    ...(callbackData === undefined ? {} : { callback_data: callbackData }),
  };
}

/** Everything that a view of the simulator shows. */
export function showState(simulator: GraphSimulator): object {
  return {
    url: simulator.url,
    effects: simulator.effects.length,
    pending_webhooks: simulator.webhooks.pending,
    faults: simulator.faults.all.map(({ rule, hits }) => ({ ...rule, hits })),
    messages: simulator.messages.map(showMessage),
  };
}
