import type { JsonObject } from '../messages/parse-message';
import { escapedJson } from './signature';

/** One item on its way: a change of an account. */
export interface WebhookItem {
  /** The account. */
  readonly wabaId: string;
  /** The field, such as `messages`. */
  readonly field: string;
  /** What changed. */
  readonly value: JsonObject;
  /** Hears what becomes of it. */
  readonly progress?: (state: 'DELIVERED' | 'RETRYING' | 'FAILED') => void;
}

/** A body ready to be signed, and the items that it carries. */
export interface WebhookBody {
  /** The exact text. */
  readonly text: string;
  /** What is in it. */
  readonly items: readonly WebhookItem[];
}

/** The largest body that Meta sends, in bytes. */
const maxBytes = 3 * 1024 * 1024;

/**
 * Packs items into bodies: up to `most` in each, and up to 3 MB. Neighbours of one account share an
 * entry.
 */
export function pack(items: readonly WebhookItem[], most: number, now: number): WebhookBody[] {
  const bodies: WebhookBody[] = [];
  let batch: WebhookItem[] = [];
  let bytes = 0;
  const close = (): void => {
    if (batch.length > 0) bodies.push({ text: bodyOf(batch, now), items: batch });
    batch = [];
    bytes = 0;
  };
  for (const item of items) {
    const size = escapedJson(item.value).length + 128;
    if (batch.length >= most || bytes + size > maxBytes) close();
    batch.push(item);
    bytes += size;
  }
  close();
  return bodies;
}

function bodyOf(items: readonly WebhookItem[], now: number): string {
  const entries: { id: string; time: number; changes: object[] }[] = [];
  for (const { wabaId, field, value } of items) {
    let entry = entries.at(-1);
    if (entry?.id !== wabaId) {
      entry = { id: wabaId, time: Math.floor(now / 1000), changes: [] };
      entries.push(entry);
    }
    entry.changes.push({ value, field });
  }
  return escapedJson({ object: 'whatsapp_business_account', entry: entries });
}
