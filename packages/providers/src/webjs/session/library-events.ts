import type {
  LibraryClient,
  LibraryMessage,
  LibraryReaction,
  LibraryVote,
} from '../library/library-types';
import type { Connection } from './connection';
import type { Inbound } from './inbound';
import type { SessionScope } from './session-scope';

/** Who hears what the library emits. */
export interface LibraryHandlers {
  /** A QR, or a text that is none yet. */
  readonly onQr: (text: string) => void;
  /** A pairing code. */
  readonly onCode: (code: string) => void;
  /** Linked; chats are loading. May come again. */
  readonly onAuthenticated: () => void;
  /** How far loading is. */
  readonly onLoading: (percent: unknown) => void;
  /** Ready. May come again. */
  readonly onReady: () => void;
  /** The connection's state changed, once ready. */
  readonly onState: (state: string) => void;
  /** WhatsApp ended the session. */
  readonly onDisconnected: (reason: string) => void;
  /** A message appeared, sent or received. */
  readonly onMessage: (message: LibraryMessage) => void;
  /** A message appeared that cannot be decrypted yet. */
  readonly onCiphertext: (message: LibraryMessage) => void;
  /** It never could. */
  readonly onCiphertextFailed: (message: LibraryMessage) => void;
  /** An acknowledgement moved. */
  readonly onAck: (message: LibraryMessage, ack: unknown) => void;
  /** A text or caption changed. */
  readonly onEdit: (message: LibraryMessage, text: unknown) => void;
  /** A message was deleted for everybody. */
  readonly onRevoke: (message: LibraryMessage) => void;
  /** Somebody reacted. */
  readonly onReaction: (reaction: LibraryReaction) => void;
  /** Somebody voted in a poll. */
  readonly onVote: (vote: LibraryVote) => void;
}

/**
 * The library's event names. What is not listed has no event of ours on purpose: calls, the chat
 * list, and what the owner deletes for himself alone (`message_revoke_me`, `chat_removed`), which
 * changes nothing for anybody else.
 */
const names: Readonly<Record<keyof LibraryHandlers, string>> = {
  onQr: 'qr',
  onCode: 'code',
  onAuthenticated: 'authenticated',
  onLoading: 'loading_screen',
  onReady: 'ready',
  onState: 'change_state',
  onDisconnected: 'disconnected',
  // `message` repeats the received ones of these.
  onMessage: 'message_create',
  onCiphertext: 'message_ciphertext',
  onCiphertextFailed: 'message_ciphertext_failed',
  onAck: 'message_ack',
  onEdit: 'message_edit',
  onRevoke: 'message_revoke_everyone',
  onReaction: 'message_reaction',
  onVote: 'vote_update',
};

/** Who hears what: the connection what is about the link, the reader what is about messages. */
export function handlers(connection: Connection, inbound: Inbound): LibraryHandlers {
  return {
    onQr: (text) => connection.onQr(text),
    onCode: (code) => connection.onCode(code),
    onAuthenticated: () => connection.onAuthenticated(),
    onLoading: (percent) => connection.onLoading(percent),
    onReady: () => connection.onReady(),
    onState: (state) => connection.onState(state),
    onDisconnected: (reason) => connection.onDisconnected(reason),
    onMessage: (message) => inbound.onMessage(message),
    onCiphertext: (message) => inbound.onCiphertext(message),
    onCiphertextFailed: (message) => inbound.onMessage(message),
    onAck: (message, ack) => inbound.onAck(message, ack),
    onEdit: (message, text) => inbound.onEdit(message, text),
    onRevoke: (message) => inbound.onRevoke(message),
    onReaction: (reaction) => inbound.onReaction(reaction),
    onVote: (vote) => inbound.onVote(vote),
  };
}

/**
 * Listens to a client. Every listener is wrapped: the library carries what a listener throws into
 * the page, and with it drops the events that would have come next.
 */
export function listen(
  client: LibraryClient,
  handlers: LibraryHandlers,
  scope: SessionScope,
): void {
  for (const [handler, event] of Object.entries(names)) {
    const handle = handlers[handler as keyof LibraryHandlers] as (...args: never[]) => void;
    client.on(event, (...args) => {
      try {
        handle(...args);
      } catch (error) {
        scope.logger.error('an event of WhatsApp Web could not be read', { reason: event, error });
      }
    });
  }
}
