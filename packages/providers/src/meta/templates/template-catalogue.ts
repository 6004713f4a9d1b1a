import {
  type CreatedTemplate,
  GatewayError,
  type NewTemplate,
  type TemplateEdit,
  type TemplateInfo,
  type Templates,
} from '@blazz/core';
import { asList, asRaw, asText } from '../../json/raw';
import { idText } from '../decode/envelope';
import { graphError } from '../errors/classify';
import { unwrap } from '../errors/unwrap';
import type { MetaScope } from '../session/meta-scope';
import { KeptTemplates } from './kept-templates';
import { templateInfo } from './template-info';

/** The account's templates: listed page by page, made, changed, deleted, and kept for a while to check what is sent. */
export class TemplateCatalogue implements Templates {
  readonly #scope: MetaScope;
  readonly #kept: KeptTemplates;

  /** @param scope what the parts of the session share */
  constructor(scope: MetaScope) {
    this.#scope = scope;
    this.#kept = new KeptTemplates(scope.clock, scope.options.templatesMs);
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

  /** {@inheritDoc Templates.create} */
  async create(template: NewTemplate, signal: AbortSignal): Promise<CreatedTemplate> {
    const { name, language, category, components, parameter_format } = template;
    if (!/^[a-z0-9_]{1,512}$/.test(name)) {
      const why = "A template's name has 1 to 512 small letters, digits and _.";
      throw new GatewayError('bad_request', why);
    }
    const json = { name, language, ...written({ category, components, parameter_format }) };
    const path = this.#path;
    try {
      const made = unwrap(await this.#scope.call({ method: 'POST', path, json, signal }));
      return {
        id: idText(made.id),
        status: asText(made.status) ?? 'PENDING',
        category: asText(made.category) ?? category,
      };
    } finally {
      this.#kept.forget((one) => one.name === name && one.language === language);
    }
  }

  /** {@inheritDoc Templates.edit} */
  async edit(id: string, edit: TemplateEdit, signal: AbortSignal): Promise<void> {
    const path = `/${checkedId(id)}`;
    await this.#assertOwn(id, path, signal);
    try {
      unwrap(await this.#scope.call({ method: 'POST', path, json: written(edit), signal }));
    } finally {
      this.#kept.forget((one) => one.id === id);
    }
  }

  /** {@inheritDoc Templates.delete} */
  async delete(
    { name, id }: { readonly name: string; readonly id?: string | undefined },
    signal: AbortSignal,
  ): Promise<void> {
    const query = { name, ...(id === undefined ? {} : { hsm_id: checkedId(id) }) };
    try {
      unwrap(await this.#scope.call({ method: 'DELETE', path: this.#path, query, signal }));
    } finally {
      this.#kept.forget((one) => one.name === name && (id === undefined || one.id === id));
    }
  }

  /** A template, from what is kept, or asked for; undefined when Meta does not list it, or does not answer. */
  async find(
    name: string,
    language: string,
    signal: AbortSignal,
  ): Promise<TemplateInfo | undefined> {
    const kept = this.#kept.get(name, language);
    if (kept !== undefined) return kept;
    try {
      await this.#page({ name, limit: '100' }, signal);
    } catch {
      // The check spares a refusal; without it Meta refuses by itself.
      return undefined;
    }
    return this.#kept.get(name, language);
  }

  /** A template changed: it is asked for anew. */
  forget(name: string, language: string): void {
    this.#kept.forget((one) => one.name === name && one.language === language);
  }

  /**
   * Graph takes a template by its id alone, of every account that the token is good for; and one token
   * may be good for those of many tenants.
   * @throws GatewayError when the template is not of this account
   */
  async #assertOwn(id: string, path: string, signal: AbortSignal): Promise<void> {
    if (this.#kept.has(id)) return;
    const shown = unwrap(await this.#scope.call({ method: 'GET', path, signal }));
    const query = { name: asText(shown.name) ?? '', limit: '250' };
    let after: string | undefined;
    do {
      const page = await this.#page(after === undefined ? query : { ...query, after }, signal);
      if (page.templates.some((one) => one.id === id)) return;
      after = page.next;
    } while (after !== undefined);
    throw graphError({ code: 100, subcode: 2593002, isTransient: false });
  }

  get #path(): string {
    return `/${this.#scope.settings.waba_id}/message_templates`;
  }

  async #page(
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<{ readonly templates: readonly TemplateInfo[]; readonly next?: string }> {
    let cursor: string | undefined;
    const templates = await this.#kept.reading(async () => {
      const reply = await this.#scope.call({ method: 'GET', path: this.#path, query, signal });
      const { data, paging } = unwrap(reply);
      // A cursor is there on the last page too: what tells is whether there is a next one.
      const { cursors, next } = asRaw(paging);
      cursor = next === undefined ? undefined : asText(asRaw(cursors).after);
      return asList(data).map(templateInfo);
    });
    return { templates, ...(cursor === undefined ? {} : { next: cursor }) };
  }
}

/** What is said of a template, as Graph writes it; what is left out stays out. */
function written({
  category,
  components,
  parameter_format: format,
}: { [K in keyof TemplateEdit]: TemplateEdit[K] | undefined }): Readonly<Record<string, unknown>> {
  return {
    ...(category === undefined ? {} : { category }),
    ...(components === undefined ? {} : { components }),
    ...(format === undefined ? {} : { parameter_format: format.toUpperCase() }),
  };
}

/** An id that may stand in a path. */
function checkedId(id: string): string {
  if (/^[0-9]{1,32}$/.test(id)) return id;
  throw new GatewayError('bad_request', "A template's id has digits alone; list the templates.");
}
