import type { StreamedEvents } from '../../control/event-stream';
import type { GraphSimulatorEvents } from '../events';
import type { SentMessage } from '../messages/sent-message';
import { showMessage } from './representation';

const names: readonly (keyof GraphSimulatorEvents)[] = [
  'request',
  'effect',
  'received',
  'status',
  'read',
  'typing',
  'webhook',
  'webhook_given_up',
];

/** The events of the Cloud API that are streamed. */
export const streamedEvents: StreamedEvents = {
  names,
  show: (name, payload) => (name === 'received' ? showMessage(payload as SentMessage) : payload),
};
