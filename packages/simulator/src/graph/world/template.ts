/** The states of a template. */
export const templateStatuses = [
  'APPROVED',
  'PENDING',
  'REJECTED',
  'PAUSED',
  'DISABLED',
  'IN_APPEAL',
] as const;

/** The state of a template. */
export type TemplateStatus = (typeof templateStatuses)[number];

/** What a template is for, and how it is charged. */
export type TemplateCategory = 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';

/** Whether `{{1}}` or `{{name}}` are a template's parameters. */
export type ParameterFormat = 'POSITIONAL' | 'NAMED';

/** A button of a template; names as on the wire. */
export interface TemplateButton {
  /** `QUICK_REPLY`, `URL`, `PHONE_NUMBER`, `COPY_CODE`, `OTP`, `FLOW`, `CATALOG`, `MPM` and others. */
  readonly type: string;
  /** What is written on it. */
  readonly text?: string;
  /** Where a `URL` button leads; `{{1}}` at its end makes a parameter. */
  readonly url?: string;
  /** Everything else that Meta takes. */
  readonly [name: string]: unknown;
}

/** A part of a template; names as on the wire. */
export interface TemplatePart {
  /** `HEADER`, `BODY`, `FOOTER`, `BUTTONS` and others. */
  readonly type: string;
  /** Of a header: `TEXT`, `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`. */
  readonly format?: string;
  /** The text, with `{{1}}` or `{{name}}` where parameters go. */
  readonly text?: string;
  /** Of `BUTTONS`. */
  readonly buttons?: readonly TemplateButton[];
  /** Everything else that Meta takes. */
  readonly [name: string]: unknown;
}

/** A message template. */
export interface Template {
  /** Its id: digits, small enough for a JSON number. */
  readonly id: string;
  /** The account that it belongs to. */
  readonly wabaId: string;
  /** Its name; one for each language. */
  readonly name: string;
  /** Its language, such as `en_US`. */
  readonly language: string;
  /** What it is for. */
  category: TemplateCategory;
  /** Its state. */
  status: TemplateStatus;
  /** Whether `{{1}}` or `{{name}}` are its parameters. */
  parameterFormat: ParameterFormat;
  /** Its parts. */
  components: readonly TemplatePart[];
  /** When it was edited while approved, in milliseconds since 1970, the newest last. */
  readonly edits: number[];
}

/** How a template is described when it is added. */
export interface TemplateSource {
  /** The account that it belongs to. */
  readonly wabaId: string;
  /** Its name. */
  readonly name: string;
  /** Its language. Default `en_US`. */
  readonly language?: string;
  /** What it is for. Default `UTILITY`. */
  readonly category?: TemplateCategory;
  /** Its state. Default `APPROVED`. */
  readonly status?: TemplateStatus;
  /** Its parameters. Default: as its text reads. */
  readonly parameterFormat?: ParameterFormat;
  /** Its parts. Default: a body that says Hello. */
  readonly components?: readonly TemplatePart[];
  /** Its id. Default: a new one. */
  readonly id?: string;
}
