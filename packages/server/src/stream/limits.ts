/** The bounds of one stream. */
export interface StreamLimits {
  /** How often the server pings, in milliseconds; a client that did not answer by the next is gone. */
  readonly heartbeatMs: number;
  /** Below this many unsent bytes a paused stream reads on. */
  readonly resumeBytes: number;
  /** Above this many unsent bytes a stream stops reading the log. */
  readonly pauseBytes: number;
  /** Above this many unsent bytes a stream is closed. */
  readonly closeBytes: number;
  /** How long a stream may stay paused, in milliseconds, before it is closed. */
  readonly stallMs: number;
  /** How many events are read from the log at once. */
  readonly pageSize: number;
  /** The longest frame that a client may send, in bytes. */
  readonly maxFrameBytes: number;
  /** How many frames a client may send within one heartbeat. */
  readonly maxFramesPerHeartbeat: number;
  /** How many workspaces one stream may follow. */
  readonly maxSubscriptions: number;
  /** How many streams may be open at once. */
  readonly maxStreams: number;
  /** How many of them one key may hold. */
  readonly maxStreamsPerKey: number;
}

/** The bounds that the reference server keeps. */
export const defaultStreamLimits: StreamLimits = {
  heartbeatMs: 30_000,
  resumeBytes: 256 * 1024,
  pauseBytes: 1024 * 1024,
  closeBytes: 8 * 1024 * 1024,
  stallMs: 60_000,
  pageSize: 200,
  maxFrameBytes: 64 * 1024,
  maxFramesPerHeartbeat: 3000,
  maxSubscriptions: 1000,
  maxStreams: 2000,
  maxStreamsPerKey: 1000,
};
