/** What the exit code of `blazz` says. */
export const exitCodes: {
  /** It was done. */
  readonly done: 0;
  /** It was refused, or it failed. */
  readonly failed: 1;
  /** The command line or the configuration is wrong. */
  readonly usage: 2;
  /** The message is accepted and durable, but not sent yet, or nobody can tell. */
  readonly pending: 3;
} = { done: 0, failed: 1, usage: 2, pending: 3 };

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
