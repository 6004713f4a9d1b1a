import { ownConsumers } from '@blazz/core';
import {
  type Static,
  type TInteger,
  type TObject,
  type TOptional,
  type TSchema,
  type TString,
  Type,
} from '@sinclair/typebox';
import type { Caller } from '../http/caller';
import { eventSchema, parseEventTypes } from '../schemas/event-schema';
import { idParams, workspaceId } from '../schemas/ids';
import type { RouteContext } from './context';
import { notFound } from './not-found';
import { type Answer, type Route, route } from './route';

const list = (description: string): TOptional<TString> =>
  Type.Optional(Type.String({ maxLength: 4096, description }));

const readGrant = { kind: 'key', scope: 'events', workspace: 'query' } as const;

const eventsQuery: TObject<{
  workspace_id: TOptional<TString>;
  after: TOptional<TInteger>;
  limit: TOptional<TInteger>;
  types: TOptional<TString>;
  sessions: TOptional<TString>;
}> = Type.Object(
  {
    workspace_id: Type.Optional(
      Type.String({ description: 'May be left out when the key covers exactly one.' }),
    ),
    after: Type.Optional(
      Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
    types: list('Only these types, with commas between them.'),
    sessions: list('Only of these sessions, with commas between them.'),
  },
  { additionalProperties: false },
);

const eventPage: TSchema = Type.Object({
  events: Type.Array(eventSchema),
  next: Type.Integer(),
  oldest_seq: Type.Integer(),
  head_seq: Type.Integer(),
});

const consumersQuery: TObject<{
  workspace_id: TOptional<TString>;
  cursor: TOptional<TString>;
  limit: TOptional<TInteger>;
}> = Type.Object(
  {
    workspace_id: eventsQuery.properties.workspace_id,
    cursor: Type.Optional(Type.String({ maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

const consumerPage: TSchema = Type.Object({
  consumers: Type.Array(
    Type.Object({
      consumer: Type.String(),
      seq: Type.Integer({ description: 'What it acknowledged last.' }),
      seen_at: Type.String({ format: 'date-time' }),
    }),
  ),
  head_seq: Type.Integer({
    description: 'The newest event: who stands there has read everything.',
  }),
  next_cursor: Type.Optional(Type.String()),
});

/** The routes of the event log and its stream. */
export function eventRoutes(context: RouteContext): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/internal/events',
      summary: 'Read the event log',
      description:
        'Events after a `seq`, oldest first. Pass `next` of one page as `after` of the following one. When `after` is older than `oldest_seq`, the events between are gone; when it is higher than `head_seq`, the log began anew, and is read from its oldest event.',
      grant: readGrant,
      query: eventsQuery,
      answers: {
        200: eventPage,
      },
      handle: ({ workspaceId, query }) => readEvents(context, workspaceId, query),
    }),
    route({
      method: 'GET',
      path: '/internal/consumers',
      summary: 'List the named readers of events',
      description:
        'By name, with where each stands and when it was seen last. It is seen by each subscription and acknowledgement, and once in a while by the connection as long as that lasts. Pass `next_cursor` of one page as `cursor` of the following one; the last page has none.',
      grant: readGrant,
      query: consumersQuery,
      answers: { 200: consumerPage },
      handle: ({ workspaceId, query }) => listConsumers(context, workspaceId, query),
    }),
    route({
      method: 'DELETE',
      path: '/internal/consumers/:id',
      summary: 'Forget how far a named reader of events has read',
      description:
        'For one that is gone for good. One that is not seen any more and is behind is forgotten by itself, after 30 days.',
      grant: readGrant,
      params: idParams,
      query: Type.Object({ workspace_id: Type.Optional(Type.String()) }),
      answers: { 200: Type.Object({ consumer: Type.String() }) },
      async handle({ workspaceId, params: { id } }) {
        const { events } = context.gateway.store;
        // The places of webhook endpoints are forgotten along with those, and not by this.
        const isOwn = id.startsWith(ownConsumers);
        if (isOwn || !(await events.deleteCursor(workspaceId, id))) throw notFound();
        return { data: { consumer: id } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/ws-tickets',
      summary: 'Get a ticket for the event stream',
      description:
        'For clients that cannot sign a WebSocket upgrade, such as browsers. Use it once, within 30 seconds, as the second entry of Sec-WebSocket-Protocol. With `workspace_id` it is good for that workspace only.',
      grant: { kind: 'key', scope: 'events', workspace: 'none' },
      body: Type.Object({ workspace_id: Type.Optional(workspaceId) }),
      answers: {
        201: Type.Object({
          ticket: Type.String(),
          expires_at: Type.String({ format: 'date-time' }),
          protocols: Type.Array(Type.String()),
        }),
      },
      handle({ caller, body }) {
        const { workspace_id } = body;
        const holder = workspace_id === undefined ? caller : narrow(caller, String(workspace_id));
        const { ticket, expiresAt } = context.tickets.issue(holder);
        const expires_at = new Date(expiresAt).toISOString();
        const protocols = ['blazz.v1', `blazz.ticket.${ticket}`];
        return { status: 201, data: { ticket, expires_at, protocols } };
      },
    }),
  ];
}

async function readEvents(
  { gateway }: RouteContext,
  id: string,
  query: Static<typeof eventsQuery>,
): Promise<Answer> {
  const { after = 0, limit = 100, types, sessions } = query;
  const workspace = gateway.workspace(id);
  await workspace.config();
  const filter = {
    limit,
    ...(types === undefined ? {} : { types: parseEventTypes(split(types)) }),
    ...(sessions === undefined ? {} : { sessions: split(sessions) }),
  };
  const found = await workspace.events({ ...filter, after });
  // A log that is younger than the cursor began anew: waiting for it to grow that far would lose events.
  const page = found.headSeq < after ? await workspace.events({ ...filter, after: 0 }) : found;
  const { events, next, oldestSeq: oldest_seq, headSeq: head_seq } = page;
  return { data: { events, next, oldest_seq, head_seq } };
}

async function listConsumers(
  { gateway }: RouteContext,
  id: string,
  { cursor: after, limit = 50 }: Static<typeof consumersQuery>,
): Promise<Answer> {
  const { events } = gateway.store;
  await gateway.workspace(id).config();
  const [list, { headSeq: head_seq }] = await Promise.all([
    events.consumers(id, { after, limit }),
    events.bounds(id),
  ]);
  const consumers = list.map((each) => ({
    ...each,
    seen_at: new Date(each.seen_at).toISOString(),
  }));
  const last = list.length < limit ? undefined : list.at(-1)?.consumer;
  const next = last === undefined ? {} : { next_cursor: last };
  return { data: { consumers, head_seq, ...next } };
}

/** The same caller, for one workspace only. */
function narrow(caller: Caller, workspaceId: string): Caller {
  if (!caller.covers(workspaceId)) throw notFound();
  return {
    id: caller.id,
    workspaces: new Set([workspaceId]),
    hasScope: (scope) => caller.hasScope(scope),
    covers: (other) => other === workspaceId,
    validity: (now) => caller.validity(now),
  };
}

function split(list: string): string[] {
  return list.split(',').map((entry) => entry.trim());
}
