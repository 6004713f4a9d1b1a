import { GraphError } from '../errors/graph-error';
import type { GraphContext } from '../graph-context';
import { isWindowOpen } from '../messages/obstacles';
import type { JsonObject } from '../messages/parse-message';
import { check } from '../schemas/check';
import { blockSchema } from '../schemas/number-requests';
import type { BusinessNumber } from '../world/business-number';
import type { Contact } from '../world/contact';
import { pageOf } from './page';
import { endpointsOf, type GraphEndpoint } from './route';

const onNumber = endpointsOf('number', 'whatsapp_business_messaging');

/** The most people that a number can block. */
const maxBlocked = 64_000;

interface Asked {
  readonly input: string;
  readonly contact: Contact | undefined;
}

function askedOf(context: GraphContext, body: JsonObject): Asked[] {
  check(blockSchema, body);
  const { people } = context.world;
  const users = body.block_users as { user?: string; user_id?: string }[];
  return users.map(({ user, user_id }) =>
    user === undefined
      ? { input: String(user_id), contact: people.byUserId(String(user_id)) }
      : { input: user, contact: people.of(user) },
  );
}

/** Why somebody cannot be blocked; undefined when nothing speaks against it. */
function obstacle(
  context: GraphContext,
  number: BusinessNumber,
  contact: Contact | undefined,
): string | undefined {
  if (!contact?.onWhatsApp) return 'This user is not on WhatsApp.';
  if (number.blocked.size >= maxBlocked) return `At most ${maxBlocked} users can be blocked.`;
  if (!context.limiter.limits.blocking || isWindowOpen(context, number, contact)) return undefined;
  return 'Only users who wrote within the last 24 hours can be blocked.';
}

/** The people that a number blocked. */
export const blockingEndpoints: readonly GraphEndpoint[] = [
  onNumber('list_blocked', 'GET', 'block_users', ({ node, request, services }) => {
    const blocked = [...node.blocked].map((wa_id) => ({ messaging_product: 'whatsapp', wa_id }));
    const address = `${services.origin()}/${request.version}/${node.id}/block_users`;
    return pageOf(blocked, { query: request.query, address });
  }),
  onNumber('block', 'POST', 'block_users', ({ node, request, services }) => {
    const added_users: object[] = [];
    const failed_users: object[] = [];
    for (const { input, contact } of askedOf(services.context, request.body)) {
      const details = obstacle(services.context, node, contact);
      if (details === undefined && contact) {
        node.blocked.add(contact.number);
        added_users.push({ input, wa_id: contact.number });
      } else {
        const error = new GraphError(139101, { details: details ?? '' });
        const { code, message, error_data } = error.inStatus();
        failed_users.push({ input, errors: [{ code, message, error_data }] });
      }
    }
    const answer = { messaging_product: 'whatsapp', block_users: { added_users } };
    if (failed_users.length === 0) return answer;
    throw new GraphError(139100, {
      details: 'Some users could not be blocked; block_users says which.',
      extra: { messaging_product: 'whatsapp', block_users: { added_users, failed_users } },
    });
  }),
  onNumber('unblock', 'DELETE', 'block_users', ({ node, request, services }) => {
    const removed_users = askedOf(services.context, request.body).flatMap(({ input, contact }) => {
      if (!contact || !node.blocked.delete(contact.number)) return [];
      return [{ input, wa_id: contact.number }];
    });
    return { messaging_product: 'whatsapp', block_users: { removed_users } };
  }),
];
