import { type MessageRecord, type Recipient, receiptStatuses } from '@blazz/core';
import { type Static, type TObject, type TSchema, Type } from '@sinclair/typebox';

/** The status of a message. */
export const statusSchema: TSchema = Type.Union(
  receiptStatuses.map((status) => Type.Literal(status)),
  { description: 'How the message stands.' },
);

const errorBody = Type.Object(
  { code: Type.String(), message: Type.String(), retryable: Type.Boolean() },
  { additionalProperties: true },
);

const hops = Type.Array(
  Type.Object({
    from: Type.String(),
    to: Type.String(),
    code: Type.String(),
    reason: Type.String(),
  }),
  { description: 'The steps from a provider that could not carry it to the next, in order.' },
);

const attempt = Type.Object({
  number: Type.Integer(),
  provider: Type.String(),
  via: Type.Optional(
    Type.String({ description: 'The member that carried it, of a provider made of several.' }),
  ),
  hops: Type.Optional(hops),
  started_at: Type.String({ format: 'date-time' }),
  finished_at: Type.Optional(Type.String({ format: 'date-time' })),
  outcome: Type.Optional(Type.String()),
  error: Type.Optional(errorBody),
  scope: Type.Optional(
    Type.String({ description: 'What the error is about: `message`, `channel`, or `pace`.' }),
  ),
});

/** A message as the API tells it. Times are ISO 8601. */
export const messageSchema: TObject = Type.Object(
  {
    message_id: Type.String(),
    workspace_id: Type.String(),
    session_id: Type.String(),
    position: Type.Integer({ description: 'Its place in the order of acceptance.' }),
    to: Type.String(),
    type: Type.String({ description: 'The type of content; a field of the same name holds it.' }),
    lane: Type.String(),
    on_ambiguous: Type.String(),
    idempotency_key: Type.String(),
    status: statusSchema,
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    send_at: Type.Optional(Type.String({ format: 'date-time' })),
    expires_at: Type.Optional(Type.String({ format: 'date-time' })),
    retry_at: Type.Optional(Type.String({ format: 'date-time' })),
    reply_to: Type.Optional(Type.String()),
    provider: Type.Optional(Type.String()),
    provider_message_id: Type.Optional(Type.String()),
    attempts: Type.Array(attempt),
    error: Type.Optional(errorBody),
    pricing: Type.Optional(
      Type.Object(
        {
          billable: Type.Boolean(),
          model: Type.String(),
          category: Type.Optional(Type.String()),
          type: Type.Optional(Type.String()),
        },
        { description: 'What WhatsApp charges for it, once it has told.' },
      ),
    ),
    decided: Type.Optional(
      Type.Object(
        {
          decision: Type.String(),
          by: Type.String(),
          at: Type.String({ format: 'date-time' }),
        },
        { description: 'What somebody decided when nobody could tell whether it had left.' },
      ),
    ),
  },
  { additionalProperties: true, description: 'A message, its attempts and how it stands.' },
);

/** How a send stands, as its answer tells it. */
export const sendResultSchema: TObject = Type.Object({
  message_id: Type.String(),
  workspace_id: Type.String(),
  session_id: Type.String(),
  status: statusSchema,
  provider: Type.Optional(Type.String()),
  provider_message_id: Type.Optional(Type.String()),
  hops: Type.Optional(hops),
  error: Type.Optional(errorBody),
});

/** A message as the API tells it. */
export type MessageBody = Static<typeof messageSchema>;

/** Writes a message as the API tells it: the recipient as text, times as ISO 8601. */
export function encodeMessage(record: MessageRecord): MessageBody {
  const { recipient, content, attempts, created_at, updated_at, ...rest } = record;
  const { send_at, expires_at, retry_at, decided, ...plain } = rest;
  return {
    ...plain,
    to: encodeRecipient(recipient),
    ...content,
    created_at: iso(created_at),
    updated_at: iso(updated_at),
    ...(send_at === undefined ? {} : { send_at: iso(send_at) }),
    ...(expires_at === undefined ? {} : { expires_at: iso(expires_at) }),
    ...(retry_at === undefined ? {} : { retry_at: iso(retry_at) }),
    ...(decided === undefined ? {} : { decided: { ...decided, at: iso(decided.at) } }),
    attempts: attempts.map(({ epoch: _, started_at, finished_at, ...facts }) => ({
      ...facts,
      started_at: iso(started_at),
      ...(finished_at === undefined ? {} : { finished_at: iso(finished_at) }),
    })),
  };
}

/** Writes how a send stands. */
export function encodeSendResult(record: MessageRecord): Static<typeof sendResultSchema> {
  const { message_id, workspace_id, session_id, status } = record;
  const last = record.attempts.at(-1);
  return {
    message_id,
    workspace_id,
    session_id,
    status,
    ...(record.provider === undefined ? {} : { provider: record.provider }),
    ...(record.provider_message_id === undefined
      ? {}
      : { provider_message_id: record.provider_message_id }),
    ...(last?.hops === undefined ? {} : { hops: last.hops }),
    ...(record.error === undefined ? {} : { error: record.error }),
  };
}

function encodeRecipient(recipient: Recipient): string {
  switch (recipient.kind) {
    case 'phone':
      return recipient.phone;
    case 'bsuid':
      return recipient.bsuid;
    default:
      return recipient.chatId;
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
