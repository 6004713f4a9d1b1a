import { GraphError } from '../errors/graph-error';
import type { GraphContext } from '../graph-context';
import type { BusinessNumber } from '../world/business-number';
import type { Contact } from '../world/contact';
import type { SentMessage } from './sent-message';

/** Whether a customer wrote to a number within the last 24 hours. */
export function isWindowOpen(
  context: GraphContext,
  number: BusinessNumber,
  contact: Contact,
): boolean {
  const wroteAt = contact.wroteAt.get(number.id);
  return wroteAt !== undefined && context.clock.now() - wroteAt < context.timings.windowMs;
}

/** What keeps an accepted message from its recipient; undefined when nothing does. */
export function obstacleOf(
  context: GraphContext,
  number: BusinessNumber,
  contact: Contact,
  message: Pick<SentMessage, 'category' | 'windowOpen'>,
): GraphError | undefined {
  if (!contact.onWhatsApp) {
    return new GraphError(131026, { details: 'The recipient is not on WhatsApp.' });
  }
  if (contact.blocks.has(number.id) || number.blocked.has(contact.number)) {
    return new GraphError(131026, { details: 'Sender and recipient cannot reach each other.' });
  }
  if (contact.optedOut && message.category === 'MARKETING') {
    return new GraphError(131050, { details: 'The recipient stopped marketing messages.' });
  }
  if (message.category === 'SERVICE' && !message.windowOpen && context.limiter.limits.window) {
    return new GraphError(131047, {
      details: 'More than 24 hours have passed since the customer last wrote to this number.',
    });
  }
  return undefined;
}
