import { type Blocking, GatewayError, parseRecipient } from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { graphError } from '../errors/classify';
import { unwrap } from '../errors/unwrap';
import { graphErrorFacts } from '../graph/graph-error-facts';
import type { MetaScope } from './meta-scope';

/** How many pages are read at most: Meta's list holds 64 000. */
const maxPages = 700;

/** Who is blocked. Meta blocks only people who wrote within the last 24 hours. */
export class BlockList implements Blocking {
  readonly #scope: MetaScope;

  /** @param scope what the parts of the session share */
  constructor(scope: MetaScope) {
    this.#scope = scope;
  }

  /** {@inheritDoc Blocking.setBlocked} */
  async setBlocked(recipientKey: string, blocked: boolean, signal: AbortSignal): Promise<void> {
    const recipient = parseRecipient(recipientKey);
    if (recipient.kind !== 'phone' && recipient.kind !== 'bsuid') {
      throw new GatewayError('invalid_recipient', 'Only people can be blocked, not chats.');
    }
    const user =
      recipient.kind === 'phone' ? { user: recipient.phone } : { user_id: recipient.bsuid };
    const reply = await this.#scope.call({
      method: blocked ? 'POST' : 'DELETE',
      path: this.#path,
      json: { messaging_product: 'whatsapp', block_users: [user] },
      signal,
    });
    // An answer may still name people with whom it did not work.
    const failed = asRaw(asList(asRaw(unwrap(reply).block_users).failed_users)[0]);
    const facts = graphErrorFacts(asList(failed.errors)[0]);
    if (facts !== undefined) throw graphError(facts);
  }

  /** {@inheritDoc Blocking.blocked} */
  async blocked(signal: AbortSignal): Promise<readonly string[]> {
    const keys: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const query = { limit: '100', ...(after === undefined ? {} : { after }) };
      const reply = await this.#scope.call({ method: 'GET', path: this.#path, query, signal });
      const { data, paging } = unwrap(reply);
      for (const entry of asList(data)) {
        const { wa_id, user_id } = asRaw(entry);
        const key = asText(wa_id) ?? asText(user_id);
        if (key !== undefined) keys.push(key);
      }
      after = asText(asRaw(asRaw(paging).cursors).after);
      if (after === undefined || asRaw(paging).next === undefined) break;
    }
    return keys;
  }

  get #path(): string {
    return `/${this.#scope.settings.phone_number_id}/block_users`;
  }
}
