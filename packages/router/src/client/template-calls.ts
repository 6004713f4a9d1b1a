import type { CreatedTemplate, NewTemplate, TemplateEdit, TemplatePage } from '@blazz/core';
import type { SessionCallOptions, SessionCalls } from './session-calls';

/** Which page of templates to list. */
export interface TemplateListQuery {
  /** Where to read on: `next` of the page before. */
  readonly after?: string;
  /** At most this many, 1 to 250. */
  readonly limit?: number;
}

/** The templates of a session's account. An `id` is a session's, or a workspace's: then its primary session. */
export class TemplateCalls {
  readonly #calls: SessionCalls;

  /** @internal Ask a {@link GatewayClient} for it. */
  constructor(calls: SessionCalls) {
    this.#calls = calls;
  }

  /** A page of templates. */
  list(
    id: string,
    query: TemplateListQuery = {},
    options?: SessionCallOptions,
  ): Promise<TemplatePage> {
    return this.#calls.call('GET', [id, 'templates'], { query: { ...query } }, options);
  }

  /** Makes a template; a `template.status` event tells what the platform's review found. */
  create(
    id: string,
    template: NewTemplate,
    options?: SessionCallOptions,
  ): Promise<CreatedTemplate> {
    return this.#calls.call('POST', [id, 'templates'], { body: template }, options);
  }

  /** Changes a template, by the platform's id; it is reviewed anew. */
  async edit(
    id: string,
    templateId: string,
    edit: TemplateEdit,
    options?: SessionCallOptions,
  ): Promise<void> {
    await this.#calls.call('POST', [id, 'templates', templateId], { body: edit }, options);
  }

  /** Deletes the templates of a name in every language, or, with an id, that one alone. */
  async delete(
    id: string,
    target: { readonly name: string; readonly template_id?: string },
    options?: SessionCallOptions,
  ): Promise<void> {
    await this.#calls.call('DELETE', [id, 'templates'], { query: { ...target } }, options);
  }
}
