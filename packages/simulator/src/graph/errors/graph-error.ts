import { graphErrors } from './graph-error-table';

/** What an error says besides its code. */
export interface GraphErrorDetails {
  /** Meta's `error_subcode`. */
  readonly subcode?: number;
  /** The HTTP status, when it is not the code's own. */
  readonly status?: number;
  /** Meta's `message`, when it is not made of code and title. */
  readonly message?: string;
  /** Meta's `error_data.details`: what is wrong here. */
  readonly details?: string;
  /** Whether the answer says `is_transient`. */
  readonly transient?: boolean;
  /** What the answer has beside `error`. */
  readonly extra?: object;
  /** Headers that come with it. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error as `statuses[].errors[]` and `unsupported` messages carry it. */
export interface WireStatusError {
  /** Meta's code. */
  readonly code: number;
  /** Its title. */
  readonly title: string;
  /** The title again. */
  readonly message: string;
  /** What is wrong here. */
  readonly error_data: {
    /** The sentence. */
    readonly details: string;
  };
  /** Where Meta explains its codes. */
  readonly href?: string;
}

const explanations = 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/';

/** What the simulated Graph API refuses with. */
export class GraphError extends Error {
  /** Meta's code. */
  readonly code: number;
  /** The HTTP status. */
  readonly status: number;
  /** Everything else that it says. */
  readonly details: GraphErrorDetails;

  /**
   * @param code Meta's code
   * @param details what it says besides
   */
  constructor(code: number, details: GraphErrorDetails = {}) {
    const info = graphErrors[code];
    super(details.message ?? `(#${code}) ${info?.title ?? 'Unknown error'}`);
    this.code = code;
    this.details = details;
    this.status = details.status ?? info?.status ?? 400;
  }

  /** The title. */
  get title(): string {
    return graphErrors[this.code]?.title ?? 'Unknown error';
  }

  /** Meta's envelope. */
  body(trace: string): object {
    const { subcode, details } = this.details;
    const transient = this.details.transient ?? graphErrors[this.code]?.transient;
    return {
      ...this.details.extra,
      error: {
        message: this.message,
        type: 'OAuthException',
        code: this.code,
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        ...(transient === undefined ? {} : { is_transient: transient }),
        ...(details === undefined
          ? {}
          : { error_data: { messaging_product: 'whatsapp', details } }),
        fbtrace_id: trace,
      },
    };
  }

  /** The error as a status carries it. */
  inStatus(): WireStatusError {
    return {
      code: this.code,
      title: this.title,
      message: this.title,
      error_data: { details: this.details.details ?? this.title },
      href: explanations,
    };
  }
}
