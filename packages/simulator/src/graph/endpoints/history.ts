import { createHash } from 'node:crypto';
import type { JsonObject } from '../messages/parse-message';
import type { SentMessage, StatusStep } from '../messages/sent-message';
import { pageOf } from './page';
import { endpointsOf, type GraphEndpoint } from './route';

const onNumber = endpointsOf('number', 'whatsapp_business_messaging');

/** A stable id of 15 digits for something that has none of its own. */
function numericId(text: string): string {
  const [high] = new BigUint64Array(createHash('sha256').update(text).digest().buffer.slice(0, 8));
  return String(100_000_000_000_000n + ((high ?? 0n) % 900_000_000_000_000n));
}

function showEvent(message: SentMessage, step: StatusStep): JsonObject {
  return {
    id: numericId(`${message.id} ${step.status}`),
    delivery_status: step.status.toUpperCase(),
    timestamp: Math.floor(step.time / 1000),
    webhook_update_state: step.webhook,
    ...(step.status === 'failed' && message.refusal
      ? { error_description: message.refusal.title }
      : {}),
  };
}

/** What became of the messages of a number. */
export const historyEndpoints: readonly GraphEndpoint[] = [
  onNumber('message_history', 'GET', 'message_history', ({ node, request, services }) => {
    const { query, version } = request;
    const wanted = query.get('message_id');
    const withEvents = query.get('fields')?.includes('events') ?? false;
    const shown = services.receipts.all
      .filter(({ id, from }) => from === node && (wanted === null || wanted === id))
      .map((message) => ({
        id: numericId(message.id),
        message_id: message.id,
        ...(withEvents
          ? { events: { data: message.steps.map((step) => showEvent(message, step)) } }
          : {}),
      }));
    const address = `${services.origin()}/${version}/${node.id}/message_history`;
    return pageOf(shown, { query, address });
  }),
];
