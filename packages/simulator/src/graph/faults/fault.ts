import type { MessageStatus } from '../messages/sent-message';

/** Whether what was asked is done although the caller is not told so. */
interface WithEffect {
  /** Whether what was asked is done. Each kind of fault says its default. */
  readonly effect?: boolean;
}

/** The connection is reset as soon as it is made, before anything is read. Matches no endpoint. */
export interface RefuseFault {
  /** Which fault it is. */
  readonly kind: 'refuse';
}

/** The connection is reset when so many bytes of the request were read. Nothing is done. */
export interface CutRequestFault {
  /** Which fault it is. */
  readonly kind: 'cut_request';
  /** Bytes of the request, headers included, from 0; more than it has lets it through. */
  readonly bytes: number;
}

/** The connection ends when so many bytes of the answer were written. Done by default. */
export interface CutResponseFault extends WithEffect {
  /** Which fault it is. */
  readonly kind: 'cut_response';
  /** Bytes of the answer, status line and headers included, from 0. */
  readonly bytes: number;
  /** `reset` aborts the connection, `close` ends it properly, too early. Default `reset`. */
  readonly ending?: 'reset' | 'close';
}

/** No answer ever comes; the connection stays open. Not done by default. */
export interface HangFault extends WithEffect {
  /** Which fault it is. */
  readonly kind: 'hang';
}

/** The answer comes late. */
export interface DelayFault {
  /** Which fault it is. */
  readonly kind: 'delay';
  /** How late, in milliseconds. */
  readonly ms: number;
  /** Whether it waits before what was asked is done, or after. Default `after`. */
  readonly when?: 'before' | 'after';
}

/** A proper answer whose JSON ends in the middle. Done by default. */
export interface TruncateFault extends WithEffect {
  /** Which fault it is. */
  readonly kind: 'truncate';
  /** How many bytes of the body are sent. */
  readonly bytes: number;
}

/** An answer that is no JSON, such as a proxy's error page. Done by default. */
export interface GarbageFault extends WithEffect {
  /** Which fault it is. */
  readonly kind: 'garbage';
  /** The body. Default: an HTML page. */
  readonly body?: string;
  /** The HTTP status. Default 200. */
  readonly status?: number;
  /** The content type. Default `text/html`. */
  readonly contentType?: string;
}

/** A Graph error. Not done by default. */
export interface ErrorFault extends WithEffect {
  /** Which fault it is. */
  readonly kind: 'error';
  /** Meta's code. */
  readonly code: number;
  /** Meta's subcode. */
  readonly subcode?: number;
  /** The HTTP status. Default: the code's own. */
  readonly status?: number;
  /** Meta's message. Default: made of code and title. */
  readonly message?: string;
  /** What `error_data.details` says. */
  readonly details?: string;
  /** What `is_transient` says. */
  readonly transient?: boolean;
  /** `Retry-After`, in seconds. */
  readonly retryAfter?: number;
  /** The minutes that `X-Business-Use-Case-Usage` asks to wait. */
  readonly regainAccessMinutes?: number;
}

/** What becomes of status webhooks; requests pass. */
export interface StatusFault {
  /** Which fault it is. */
  readonly kind: 'status_lost' | 'status_delayed';
  /** Which statuses. Default: all. */
  readonly statuses?: readonly MessageStatus[];
  /** How late, in milliseconds, for `status_delayed`. */
  readonly ms?: number;
}

/** What can go wrong with a request. */
export type RequestFault =
  | CutRequestFault
  | CutResponseFault
  | HangFault
  | DelayFault
  | TruncateFault
  | GarbageFault
  | ErrorFault;

/** What can go wrong. */
export type GraphFault = RefuseFault | RequestFault | StatusFault;

/** Every kind of fault. */
export const graphFaultKinds = [
  'refuse',
  'cut_request',
  'cut_response',
  'hang',
  'delay',
  'truncate',
  'garbage',
  'error',
  'status_lost',
  'status_delayed',
] as const;

/** Which requests a fault meets; what is left out meets everything. */
export interface FaultMatch {
  /** The endpoint, such as `send_message`. */
  readonly endpoint?: string;
  /** The HTTP method. */
  readonly method?: string;
  /** The business number's id. */
  readonly phoneNumberId?: string;
  /** The recipient's digits. Only once the body was read: never for `cut_request`. */
  readonly to?: string;
  /** The message's type. Only once the body was read. */
  readonly type?: string;
  /** The request's `biz_opaque_callback_data`. Only once the body was read. */
  readonly callbackData?: string;
}

/** A fault, and when it comes. */
export interface FaultRule {
  /** What goes wrong. */
  readonly fault: GraphFault;
  /** Which requests it meets. Default: all. */
  readonly match?: FaultMatch;
  /** How many matching requests pass before it begins. Default 0. */
  readonly skip?: number;
  /** How many it meets before it ends by itself. Default: it never ends. */
  readonly times?: number;
  /** The chance that it meets a matching request, from 0 to 1. Default 1. */
  readonly chance?: number;
}
