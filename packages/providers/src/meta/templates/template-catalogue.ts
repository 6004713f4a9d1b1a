import { GatewayError, type TemplateInfo, type Templates } from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { idText } from '../decode/envelope';
import { unwrap } from '../errors/unwrap';
import type { MetaScope } from '../session/meta-scope';

/** How many templates a list holds at most before it is no longer read on: Meta allows 6 000 with languages. */
const maxKept = 10_000;

/** The account's templates: listed page by page, and kept for a while to check what is sent. */
export class TemplateCatalogue implements Templates {
  readonly #scope: MetaScope;
  readonly #known = new Map<string, { readonly info: TemplateInfo; readonly until: number }>();

  /** @param scope what the parts of the session share */
  constructor(scope: MetaScope) {
    this.#scope = scope;
  }

  /** {@inheritDoc Templates.list} */
  async list(
    options: { readonly after?: string | undefined; readonly limit?: number | undefined },
    signal: AbortSignal,
  ): Promise<{ readonly templates: readonly TemplateInfo[]; readonly next?: string }> {
    const { after, limit = 100 } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > 250) {
      throw new GatewayError('bad_request', 'limit must be a whole number from 1 to 250.');
    }
    return this.#page({ limit: String(limit), ...(after === undefined ? {} : { after }) }, signal);
  }

  /** A template, from what is kept, or asked for; undefined when Meta does not list it, or does not answer. */
  async find(
    name: string,
    language: string,
    signal: AbortSignal,
  ): Promise<TemplateInfo | undefined> {
    const key = keyOf(name, language);
    const kept = this.#known.get(key);
    if (kept !== undefined && this.#scope.clock.monotonic() < kept.until) return kept.info;
    try {
      await this.#page({ name, limit: '100' }, signal);
    } catch {
      // The check spares a refusal; without it Meta refuses by itself.
      return undefined;
    }
    return this.#known.get(key)?.info;
  }

  /** A template changed: it is asked for anew. */
  forget(name: string, language: string): void {
    this.#known.delete(keyOf(name, language));
  }

  async #page(
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly templates: readonly TemplateInfo[]; readonly next?: string }> {
    const { settings, clock, options } = this.#scope;
    const path = `/${settings.waba_id}/message_templates`;
    const { data, paging } = unwrap(await this.#scope.call({ method: 'GET', path, query, signal }));
    const templates = asList(data).map(templateInfo);
    const until = clock.monotonic() + options.templatesMs;
    for (const info of templates) {
      if (this.#known.size >= maxKept) this.#known.clear();
      this.#known.set(keyOf(info.name, info.language), { info, until });
    }
    // A cursor is there on the last page too: what tells is whether there is a next one.
    const { cursors, next } = asRaw(paging);
    const cursor = next === undefined ? undefined : asText(asRaw(cursors).after);
    return { templates, ...(cursor === undefined ? {} : { next: cursor }) };
  }
}

function keyOf(name: string, language: string): string {
  return `${name}/${language}`;
}

function templateInfo(value: unknown): TemplateInfo {
  const raw = asRaw(value);
  return {
    id: idText(raw.id),
    name: asText(raw.name) ?? '',
    language: asText(raw.language) ?? '',
    status: asText(raw.status) ?? 'UNKNOWN',
    category: asText(raw.category) ?? 'UNKNOWN',
    components: asList(raw.components).map(asRaw),
  };
}
