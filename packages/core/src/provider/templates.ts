/** What the parameters of a template are called: `{{1}}`, or `{{first_name}}`. */
export type ParameterFormat = 'positional' | 'named';

/** A part of a template, as the platform writes it: `{type: 'BODY', text, example}` and others. */
export type TemplatePart = Readonly<Record<string, unknown>>;

/** A template as the platform lists it. */
export interface TemplateInfo {
  /** The platform's id, as digits. */
  readonly id: string;
  /** The name to send it by. */
  readonly name: string;
  /** The language, such as `en_US`. */
  readonly language: string;
  /** Such as `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`. */
  readonly status: string;
  /** Such as `MARKETING`, `UTILITY`, `AUTHENTICATION`. */
  readonly category: string;
  /** What its parameters are called, when the platform tells. */
  readonly parameter_format?: ParameterFormat;
  /** The parts, as the platform writes them. */
  readonly components: readonly TemplatePart[];
}

/** A page of templates. */
export interface TemplatePage {
  /** The templates. */
  readonly templates: readonly TemplateInfo[];
  /** The cursor of the next page, when there is one. */
  readonly next?: string;
}

/** A template to make. */
export interface NewTemplate {
  /** The name to send it by: 1 to 512 small letters, digits and `_`. */
  readonly name: string;
  /** The language, such as `en_US`. A name has one template for each. */
  readonly language: string;
  /** What it is for: `MARKETING`, `UTILITY` or `AUTHENTICATION`. */
  readonly category: string;
  /** The parts, at least one. A text with parameters brings an `example` of each. */
  readonly components: readonly TemplatePart[];
  /** What its parameters are called. Default: the platform's, which is `positional`. */
  readonly parameter_format?: ParameterFormat;
}

/** A template that was made. */
export interface CreatedTemplate {
  /** The platform's id, as digits. */
  readonly id: string;
  /** Mostly `PENDING`: a `template.status` event tells what the platform's review found. */
  readonly status: string;
  /** What the platform took it for, which may differ from what was asked. */
  readonly category: string;
}

/** What is changed about a template; what is left out stays. Name and language stay always. */
export interface TemplateEdit {
  /** What it is for. */
  readonly category?: string;
  /** All of its parts: those that are not named are gone. */
  readonly components?: readonly TemplatePart[];
  /** What its parameters are called. */
  readonly parameter_format?: ParameterFormat;
}

/** The account's templates. */
export interface Templates {
  /**
   * A page of templates.
   * @param options.after the cursor of the page before; left out for the first
   * @param options.limit at most this many, 1 to 250. Default: 100
   */
  list(
    options: { readonly after?: string | undefined; readonly limit?: number | undefined },
    signal: AbortSignal,
  ): Promise<TemplatePage>;
  /**
   * Makes a template and has the platform review it.
   * @throws GatewayError `invalid_message` for what the platform does not take, `rejected`,
   * `bad_request`, `timeout`
   */
  create(template: NewTemplate, signal: AbortSignal): Promise<CreatedTemplate>;
  /**
   * Changes a template, which is reviewed anew.
   * @param id the platform's id
   * @throws GatewayError as {@link Templates.create}
   */
  edit(id: string, edit: TemplateEdit, signal: AbortSignal): Promise<void>;
  /**
   * Deletes the templates of a name in every language, or, with an id, that one alone.
   * @throws GatewayError `rejected` when there is none, `bad_request`, `timeout`
   */
  delete(
    target: { readonly name: string; readonly id?: string | undefined },
    signal: AbortSignal,
  ): Promise<void>;
}
