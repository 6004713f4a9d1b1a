import {
  GatewayError,
  isErrorCode,
  isSettled,
  type MessageRecord,
  type Workspace,
} from '@blazz/core';
import { parseIdempotencyKey } from '@blazz/core/signing';
import type { Static } from '@sinclair/typebox';
import { type FailedOutcome, failure, success } from '../http/envelope';
import { parsePrefer } from '../http/prefer';
import { encodeSendResult, sendResultSchema } from '../schemas/message-schema';
import { sendBody, sendMessageDocs, sendTemplateDocs } from '../schemas/send-schema';
import type { RouteContext } from './context';
import { type Answer, type Call, type Route, route } from './route';
import { SendFlight } from './send-flight';
import { toSendParts } from './send-request';

/** A send may carry media as a `data:` link; a text of this size is refused by its own rule. */
const SEND_LIMIT = 8 * 1024 * 1024;

const grant = { kind: 'key', scope: 'send', workspace: 'body' } as const;
const answers = { 200: sendResultSchema, 202: sendResultSchema };

type SendCall = Pick<
  Call<unknown, unknown, unknown, unknown, string>,
  'header' | 'whileWaiting'
> & {
  readonly workspaceId: string;
};

/** The routes that send. */
export function sendRoutes(context: RouteContext): readonly Route[] {
  const flight = new SendFlight();
  const send = async (call: SendCall, body: Record<string, unknown>): Promise<Answer> => {
    const waitMs = parsePrefer(call.header('prefer'));
    const idempotencyKey = readIdempotencyKey(call.header('idempotency-key'));
    const { sessionId, message } = toSendParts(body);
    const workspace = context.gateway.workspace(call.workspaceId);
    return await flight.run(workspace.id, idempotencyKey, async () => {
      const accepted = await workspace.send(message, {
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      const record = await outcome(call, workspace, accepted.message, waitMs);
      return answer(record, {
        'idempotency-key': `"${accepted.idempotencyKey}"`,
        ...(accepted.replayed ? { 'idempotent-replayed': 'true' } : {}),
      });
    });
  };
  return [
    route({
      method: 'POST',
      path: '/internal/send-message',
      summary: 'Send a message',
      description:
        'Waits for the outcome, at most `Prefer: wait=N` seconds (default 10, at most 60); `Prefer: respond-async` does not wait. 200: WhatsApp has it. 202: accepted and durable, not sent yet, or nobody can tell. 422: refused. Repeat a request with the same `Idempotency-Key` as often as you like: the message is sent once.',
      grant,
      body: sendBody,
      bodyDocs: sendMessageDocs,
      bodyLimit: SEND_LIMIT,
      answers,
      handle: (call) => send(call, call.body),
    }),
    route({
      method: 'POST',
      path: '/internal/send-template',
      summary: 'Send a template message',
      description: 'As send-message, for an approved template.',
      grant,
      body: sendBody,
      bodyDocs: sendTemplateDocs,
      answers,
      handle: (call) => send(call, { ...(call.body as Static<typeof sendBody>), type: 'template' }),
    }),
  ];
}

function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = parseIdempotencyKey(header);
  if (key !== undefined) return key;
  throw new GatewayError(
    'bad_request',
    'Idempotency-Key must be 16 to 128 letters, digits, "_" or "-", in quotes or without.',
    { details: { header: 'idempotency-key' } },
  );
}

async function outcome(
  call: SendCall,
  workspace: Workspace,
  message: MessageRecord,
  waitMs: number,
): Promise<MessageRecord> {
  if (waitMs === 0 || isSettled(message.status)) return message;
  return await call.whileWaiting(async (signal) => {
    try {
      return await workspace.settled(message.message_id, { timeoutMs: waitMs, signal });
    } catch (error) {
      // Draining ends the wait, not the message: it is durable, so its state so far is a true answer.
      if (!signal.aborted) throw error;
      return await workspace.message(message.message_id);
    }
  });
}

function answer(record: MessageRecord, headers: Readonly<Record<string, string>>): Answer {
  const result = encodeSendResult(record);
  if (record.status !== 'failed') {
    const has = ['sent', 'delivered', 'read', 'played'].includes(record.status);
    return { status: has ? 200 : 202, body: success(result), headers };
  }
  const last = record.attempts.at(-1)?.outcome;
  const failed: FailedOutcome = last === 'not_sent' ? 'not_sent' : 'rejected';
  const code = record.error?.code;
  const error = new GatewayError(
    isErrorCode(code) ? code : 'rejected',
    record.error?.message ?? 'WhatsApp refused the message.',
    // The same key replays this very answer: only another message can fare better.
    { retryable: false, details: { ...record.error?.details, ...result, error: undefined } },
  );
  return { status: 422, body: failure(error, failed), headers };
}
