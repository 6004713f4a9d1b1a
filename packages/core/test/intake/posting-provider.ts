import { GatewayError, type ProviderEvent, type ProviderFactory } from '@blazz/core';
import { type ScriptedProviderOptions, scriptedProvider } from '@blazz/simulator/provider';

/** One account's part of what the made-up platform posts. */
export interface PostedPart {
  readonly account: string;
  readonly events?: readonly ProviderEvent[];
  /** Cannot be read. */
  readonly poison?: true;
}

interface Settings {
  readonly account?: string;
  readonly secret?: string;
}

/** A scripted provider whose platform posts webhooks: JSON lists of parts, proven by a shared secret. */
export function postingProvider(options: ScriptedProviderOptions): ProviderFactory<Settings> {
  const base = scriptedProvider(options);
  return {
    ...base,
    parse: (settings) => settings as Settings,
    create: (context) => base.create(context),
    webhook: {
      handshake: ({ secret }, query) => (query.token === secret ? query.challenge : undefined),
      verify: ({ secret }, header) => header('x-secret') === secret,
      split(body) {
        const parts = JSON.parse(Buffer.from(body).toString()) as readonly PostedPart[];
        return parts.map((part) => ({ account: part.account, body: JSON.stringify(part) }));
      },
      accounts: ({ account }) => (account === undefined ? [] : [account]),
      sign: ({ secret }, header) =>
        secret !== undefined && header('x-secret') === secret ? { 'x-secret': secret } : undefined,
      decode(_settings, body) {
        const part = JSON.parse(body) as PostedPart;
        if (part.poison) throw new GatewayError('bad_request', 'It cannot be read.');
        return part.events ?? [];
      },
    },
  };
}

/** A message that came in. */
export function received(id: string, body = 'hi'): ProviderEvent {
  return {
    type: 'message.received',
    message: {
      provider_message_id: id,
      from: { phone: '6281111111' },
      chat_id: '6281111111@c.us',
      is_group: false,
      timestamp: '2026-01-01T00:00:00.000Z',
      type: 'text',
      text: { body },
    },
  };
}
