/** A body that is streamed. */
export interface StreamedBody {
  /** Its media type. */
  readonly contentType: string;
  /** How many bytes it has, when that is known. */
  readonly size?: number | undefined;
  /** Makes the bytes. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** One call to Graph. */
export interface GraphRequest {
  /** What to do. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** The path after the version, such as `/106540352242922/messages`. */
  readonly path: string;
  /** The query. */
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** What to send as JSON. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
  /** What to send otherwise. */
  readonly stream?: StreamedBody | undefined;
  /** How long it may take, in milliseconds, from the call to the last byte of the answer. */
  readonly deadlineMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}
