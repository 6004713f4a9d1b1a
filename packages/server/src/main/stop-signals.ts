/** Why the process should stop. */
export type StopCause = 'SIGTERM' | 'SIGINT' | 'unhandled_rejection' | 'uncaught_exception';

/** The exit code of a process that was told to stop twice. */
const IMPATIENT_EXIT = 130;

/**
 * Waits for a reason to stop. The first ends gracefully; a second signal exits at once.
 * @param onFault hears of errors that nobody handled, before the stop
 */
export function stopSignals(
  onFault: (cause: StopCause, error: unknown) => void,
): Promise<StopCause> {
  return new Promise((resolve) => {
    let stopping = false;
    const onSignal = (signal: 'SIGTERM' | 'SIGINT'): void => {
      if (stopping) process.exit(IMPATIENT_EXIT);
      stopping = true;
      resolve(signal);
    };
    const onError = (cause: StopCause) => (error: unknown) => {
      onFault(cause, error);
      stopping = true;
      resolve(cause);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
    process.on('unhandledRejection', onError('unhandled_rejection'));
    process.on('uncaughtException', onError('uncaught_exception'));
  });
}
