import type { Faults } from '../faults';
import type { ReadMessage } from '../network/content';
import type { Phone } from '../phone';
import type { WebSimulator } from '../web-simulator';

/** A message as the control API shows it. */
export function showMessage(message: ReadMessage): object {
  const { fromMe, mediaPath, ...rest } = message;
  return {
    ...rest,
    from_me: fromMe,
    ...(mediaPath === undefined ? {} : { media_path: mediaPath }),
  };
}

/** Faults as the control API shows them. */
export function showFaults(faults: Faults): object {
  const { latencyMs, ...modes } = faults;
  return { ...modes, latency_ms: latencyMs };
}

/** An account as the control API shows it. */
export function showAccount(phone: Phone, simulator: WebSimulator): object {
  return {
    number: phone.number,
    name: phone.name,
    lid: phone.lid,
    linked_devices: phone.linkedDevices,
    connected_pages: phone.connectedPages,
    ack_mode: phone.ackMode,
    wants_passkey: phone.wantsPasskey,
    ...(phone.dialog === undefined ? {} : { dialog: phone.dialog }),
    faults: showFaults(simulator.faults(phone.number)),
    chats: phone.chats().map(({ last, ...chat }) => ({
      ...chat,
      ...(last ? { last: showMessage(last) } : {}),
    })),
  };
}

/** Everything that a view of the simulator shows. */
export function showState(simulator: WebSimulator): object {
  return {
    waiting: simulator.waitingQrs.map(({ text, page }) => ({ qr: text, page })),
    codes: simulator.waitingCodes,
    accounts: simulator.accounts.map((phone) => showAccount(phone, simulator)),
    faults: showFaults(simulator.faults()),
    effects: simulator.effects.length,
    chromium_args: simulator.chromiumArgs(),
  };
}
