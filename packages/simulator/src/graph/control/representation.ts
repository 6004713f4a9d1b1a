import type { GraphSimulator } from '../graph-simulator';
import type { GraphEffect } from '../ledger';
import { type SentMessage, statusOf } from '../messages/sent-message';
import type { BusinessNumber } from '../world/business-number';

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

/** A business number as the control API shows it: what reaches its owner's phone is here, the pin is not. */
export function showNumber(number: Readonly<BusinessNumber>): object {
  const { id, wabaId, number: digits, registered, verified, code, pin, tier } = number;
  return {
    phone_number_id: id,
    waba_id: wabaId,
    number: digits,
    registered,
    verified,
    has_pin: pin !== undefined,
    tier,
    ...(code === undefined ? {} : { code }),
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
