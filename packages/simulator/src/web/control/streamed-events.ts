import type { StreamedEvents } from '../../control/event-stream';
import type { WebSimulatorEvents } from '../events';
import type { ReadMessage } from '../network/content';
import { showMessage } from './representation';

const names: readonly (keyof WebSimulatorEvents)[] = [
  'qr',
  'qr_expired',
  'code',
  'paired',
  'connected',
  'synced',
  'disconnected',
  'logged_out',
  'state',
  'passkey',
  'dialog',
  'sent',
  'delivered',
  'acknowledged',
  'effect',
  'typing',
  'seen',
  'changed',
];

/** The events of WhatsApp Web that are streamed. */
export const streamedEvents: StreamedEvents = {
  names,
  show: (_name, payload) =>
    'message' in payload
      ? { ...payload, message: showMessage(payload.message as ReadMessage) }
      : payload,
};
