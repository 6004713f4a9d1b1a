import type { ProviderEvent } from '@blazz/core';
import type { ResolvedOptions } from '../options';
import type { TemplateCatalogue } from '../templates/template-catalogue';
import type { ChatBook } from './chat-book';

/** What a listener keeps up to date. */
export interface ListenerParts {
  /** The newest message of each chat. */
  readonly chats: ChatBook;
  /** The templates that are kept. */
  readonly catalogue: TemplateCatalogue | undefined;
}

/** Hears what Meta posted about the number, and keeps the session's own books by it. */
export class Listener {
  readonly #options: Pick<ResolvedOptions, 'observer'>;
  readonly #parts: ListenerParts;

  /**
   * @param options who hears of refusals
   * @param parts what is kept up to date
   */
  constructor(options: Pick<ResolvedOptions, 'observer'>, parts: ListenerParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Something was posted. */
  heard(event: ProviderEvent): void {
    if (event.type === 'message.received' && event.message.history !== true) {
      const { chat_id, provider_message_id } = event.message;
      this.#parts.chats.heard(chat_id, provider_message_id);
    }
    if (event.type === 'template.status') {
      this.#parts.catalogue?.forget(event.template.name, event.template.language);
    }
    if (event.type === 'message.receipt' && event.error !== undefined) {
      const { code, details } = event.error;
      this.#options.observer.platformRefused?.({
        provider: 'meta_api',
        class: String(details?.class),
        code,
        source: 'report',
      });
    }
  }
}
