/** What the command line works with: everything that reaches out of the process. */
export interface CliIo {
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Ends what waits: aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
