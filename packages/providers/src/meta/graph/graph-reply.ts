import type { GraphErrorFacts } from './graph-error-facts';

/** What came of a call to Graph. Data, since what a fault means depends on the call. */
export type GraphReply =
  | {
      /** Graph did it: a 2xx with a JSON object. */
      readonly kind: 'answer';
      /** The object. */
      readonly json: Readonly<Record<string, unknown>>;
    }
  | {
      /** Graph said no, in its own words. */
      readonly kind: 'refusal';
      /** The words. */
      readonly facts: GraphErrorFacts;
    }
  | GraphFault;

/** No answer that could be understood. */
export interface GraphFault {
  /** What kind of reply it is. */
  readonly kind: 'fault';
  /** Whether the request began to leave: then it may have had its effect. */
  readonly left: boolean;
  /** What kept the answer away: the deadline, the caller, the connection, or an answer that is none of Graph's. */
  readonly reason: 'timeout' | 'aborted' | 'connection' | 'answer';
  /** The HTTP status of an answer that is none of Graph's. */
  readonly status?: number;
  /** The connection's error. */
  readonly cause?: unknown;
}
