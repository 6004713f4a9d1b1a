/** One component of a template, with the parameters that fill it. Cloud API shape. */
export interface TemplateComponent {
  /** Which part of the template: header, body or button (any case). */
  readonly type: string;
  /** For buttons: quick_reply, url, copy_code, flow and so on. */
  readonly sub_type?: string;
  /** For buttons: which one, from 0, as digits. */
  readonly index?: string | number;
  /** The values, in order or by `parameter_name`. */
  readonly parameters?: readonly TemplateParameter[];
}

/** One value in a template. Further fields follow the Cloud API and are passed on as they are. */
export interface TemplateParameter {
  /** text, currency, date_time, image, video, document, location, payload, coupon_code, action … */
  readonly type: string;
  /** The text, when `type` is text. */
  readonly text?: string;
  /** The parameter's name, in templates with named parameters. */
  readonly parameter_name?: string;
  /** Whatever else the Cloud API defines for the type. */
  readonly [field: string]: unknown;
}

/** An approved template and the values that fill it. */
export interface TemplateContent {
  /** The template's name: lower-case letters, digits and underscores. */
  readonly name: string;
  /** The template's language. */
  readonly language: {
    /** A language code such as `en_US`. */
    readonly code: string;
    /** Always `deterministic`. */
    readonly policy?: string;
  };
  /** The values, by component. Left out when the template has no parameters. */
  readonly components?: readonly TemplateComponent[];
}

/** Buttons, lists, flows and location requests. Cloud API shape, passed on as it is. */
export interface InteractiveContent {
  /** button, list, cta_url, flow, location_request_message, product, product_list … */
  readonly type: string;
  /** What stands above the body. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** The main text. */
  readonly body?: {
    /** 1 to 4096 characters. */
    readonly text: string;
  };
  /** What stands below the body. */
  readonly footer?: {
    /** 1 to 60 characters. */
    readonly text: string;
  };
  /** What can be done: buttons, sections, parameters. */
  readonly action: Readonly<Record<string, unknown>>;
}
