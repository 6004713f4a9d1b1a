import { parseRecipient } from '@blazz/core';
import { Type } from '@sinclair/typebox';
import { idParams } from '../schemas/ids';
import type { RouteContext } from './context';
import { type Route, route } from './route';
import { abilityUser, whose } from './use-ability';

/** Media of 16 MiB as base64, and what stands around it. Larger media is sent by `link`. */
const UPLOAD_LIMIT = 24 * 1024 * 1024;

const bySession = { kind: 'key', scope: 'send', workspace: 'session' } as const;
const done = Type.Object({ done: Type.Literal(true) });
const chat = Type.String({ minLength: 1, maxLength: 160, description: 'A recipient, as in `to`.' });

/** The routes to what some providers can do beyond sending. Each says so when this one cannot. */
export function abilityRoutes({ clock }: RouteContext): readonly Route[] {
  const use = abilityUser(clock);
  return [
    route({
      method: 'POST',
      path: '/internal/session/:id/typing',
      summary: 'Show that somebody writes',
      grant: bySession,
      params: idParams,
      query: Type.Object(whose),
      body: Type.Object(
        {
          to: chat,
          state: Type.Union([
            Type.Literal('typing'),
            Type.Literal('recording'),
            Type.Literal('paused'),
          ]),
        },
        { additionalProperties: false },
      ),
      answers: { 200: done },
      async handle(call) {
        const { to, state } = call.body;
        const chatId = chatOf(to);
        await use(call, 'typing', (typing, signal) => typing.setTyping(chatId, state, signal));
        return { data: { done: true } };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/session/:id/read',
      summary: 'Mark a chat as read',
      description: 'Up to `provider_message_id`, if one is named.',
      grant: bySession,
      params: idParams,
      query: Type.Object(whose),
      body: Type.Object(
        { chat_id: chat, provider_message_id: Type.Optional(Type.String({ maxLength: 256 })) },
        { additionalProperties: false },
      ),
      answers: { 200: done },
      async handle(call) {
        const { chat_id, provider_message_id } = call.body;
        const chatId = chatOf(chat_id);
        await use(call, 'markRead', (markRead, signal) =>
          markRead.markRead(chatId, provider_message_id, signal),
        );
        return { data: { done: true } };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/session/:id/media/:media_id',
      summary: 'Download media of a message that came in',
      description: 'The bytes, by the `media.id` of `message.received`.',
      grant: bySession,
      params: Type.Object({
        ...idParams.properties,
        media_id: Type.String({ minLength: 1, maxLength: 512 }),
      }),
      query: Type.Object(whose),
      bare: true,
      answers: { 200: Type.Unsafe<string>({ type: 'string', format: 'binary' }) },
      async handle(call) {
        const { media_id } = call.params;
        const media = await use(call, 'mediaDownload', (ability, signal) =>
          ability.download(media_id, signal),
        );
        return {
          body: Buffer.from(media.data.buffer, media.data.byteOffset, media.data.byteLength),
          headers: {
            'content-type': media.mimeType,
            'content-disposition': dispositionOf(media.filename),
            // Whatever a stranger sent is not to be run by a browser that shows it.
            'content-security-policy': "default-src 'none'; sandbox",
            'x-content-type-options': 'nosniff',
          },
        };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/session/:id/media',
      summary: 'Upload media to send by its id',
      description: 'At most 16 MiB, as base64. Larger media is sent by `link`.',
      grant: bySession,
      params: idParams,
      query: Type.Object(whose),
      body: Type.Object(
        {
          data: Type.String({ minLength: 4, pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
          mime_type: Type.String({ minLength: 3, maxLength: 128 }),
          filename: Type.Optional(Type.String({ minLength: 1, maxLength: 240 })),
        },
        { additionalProperties: false },
      ),
      bodyLimit: UPLOAD_LIMIT,
      answers: {
        201: Type.Object({ id: Type.String(), valid_until: Type.String({ format: 'date-time' }) }),
      },
      async handle(call) {
        const { data, mime_type, filename } = call.body;
        const media = {
          data: Buffer.from(data, 'base64'),
          mimeType: mime_type,
          ...(filename === undefined ? {} : { filename }),
        };
        const { id, validMs } = await use(call, 'mediaUpload', (ability, signal) =>
          ability.upload(media, signal),
        );
        const valid_until = new Date(clock.now() + validMs).toISOString();
        return { status: 201, data: { id, valid_until } };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/session/:id/blocked',
      summary: 'List who is blocked',
      grant: bySession,
      params: idParams,
      query: Type.Object(whose),
      answers: { 200: Type.Array(Type.String()) },
      async handle(call) {
        return { data: await use(call, 'blocking', (ability, signal) => ability.blocked(signal)) };
      },
    }),
    route({
      method: 'POST',
      path: '/internal/session/:id/blocked',
      summary: 'Block somebody, or let them in again',
      grant: bySession,
      params: idParams,
      query: Type.Object(whose),
      body: Type.Object({ to: chat, blocked: Type.Boolean() }, { additionalProperties: false }),
      answers: { 200: done },
      async handle(call) {
        const { to, blocked } = call.body;
        const { key } = parseRecipient(to);
        await use(call, 'blocking', (ability, signal) => ability.setBlocked(key, blocked, signal));
        return { data: { done: true } };
      },
    }),
  ];
}

/** The chat that a recipient stands for, as providers name chats. */
function chatOf(to: string): string {
  const recipient = parseRecipient(to);
  if (recipient.kind === 'phone') return recipient.phone;
  return recipient.kind === 'bsuid' ? recipient.bsuid : recipient.chatId;
}

function dispositionOf(filename: string | undefined): string {
  if (filename === undefined) return 'attachment';
  return `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`;
}
