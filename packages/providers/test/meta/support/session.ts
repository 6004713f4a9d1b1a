import {
  type Attempt,
  type Clock,
  type MessageContent,
  type OutgoingMessage,
  type Provider,
  type ProviderEvent,
  parseRecipient,
  systemClock,
} from '@blazz/core';
import { type MetaOptions, metaProvider } from '@blazz/providers/meta';

/** One provider, and what it reported and logged. */
export interface TestSession {
  readonly provider: Provider;
  readonly events: ProviderEvent[];
  readonly lines: string[];
}

export const phoneNumberId = '106540352242922';

/** Makes a provider on a Graph at an address. */
export function sessionOn(
  url: string,
  options: MetaOptions = {},
  settings: Record<string, unknown> = {},
  clock: Clock = systemClock,
): TestSession {
  const factory = metaProvider(options);
  const events: ProviderEvent[] = [];
  const lines: string[] = [];
  const write = (message: string, fields?: unknown): void => {
    lines.push(
      `${message} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? `${value.message}` : value))}`,
    );
  };
  const provider = factory.create({
    workspaceId: 'ws',
    sessionId: 'one',
    settings: factory.parse({
      phone_number_id: phoneNumberId,
      access_token: 'EAAtoken',
      graph_url: url,
      ...settings,
    }),
    emit: (event) => events.push(event),
    clock,
    random: () => 0,
    logger: { debug: write, info: write, warn: write, error: write },
  });
  return { provider, events, lines };
}

/** A message, to somebody. */
export function messageTo(
  to: string,
  content: MessageContent,
  more: { readonly number?: number; readonly replyTo?: string } = {},
): { readonly message: OutgoingMessage; readonly attempt: Attempt } {
  return {
    message: {
      message_id: 'msg_1',
      recipient: parseRecipient(to),
      content,
      reply_to: more.replyTo,
    },
    attempt: { number: more.number ?? 1, epoch: 1, startedAt: 0 },
  };
}

export const text: MessageContent = { type: 'text', text: { body: 'hello' } };
