import { isGatewayError, type Logger } from '@blazz/core';
import { loadConfiguration } from '../config/load';
import { reduceError } from '../logging/reduce-error';
import { makeLogger } from './make-logger';
import { type RunningInstance, runInstance } from './run';
import { type StopCause, stopSignals } from './stop-signals';

/**
 * Runs an instance until it is told to stop.
 * @param env the environment variables
 * @returns the exit code: 0 after a graceful stop, 1 after a fault, 2 for a faulty configuration
 */
export async function main(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  try {
    const { configuration, warnings } = loadConfiguration(env);
    const logger = makeLogger(configuration);
    for (const warning of warnings) logger.warn(warning);
    const stop = stopSignals((cause, error) =>
      logger.error('an error was handled by nobody; stopping', { error, reason: cause }),
    );
    const starting = runInstance(configuration, logger, (text) => process.stdout.write(text));
    starting.catch(() => undefined);
    const early = await Promise.race([stop, starting.then(() => undefined)]);
    const cause = early ?? (await stop);
    return await stopInstance(starting, cause, configuration.stopSeconds, logger);
  } catch (error) {
    process.stderr.write(`\n${explain(error)}\n`);
    return isGatewayError(error) && error.code === 'invalid_config' ? 2 : 1;
  }
}

async function stopInstance(
  starting: Promise<RunningInstance>,
  cause: StopCause,
  seconds: number,
  logger: Logger,
): Promise<number> {
  logger.info('stopping', { reason: cause });
  const deadline = setTimeout(() => {
    logger.error('the graceful stop took too long and was cut short', { reason: cause });
    process.exit(1);
  }, seconds * 1000);
  // A start that hangs is cut short like a stop that does.
  const instance = await starting;
  await instance.stop();
  clearTimeout(deadline);
  logger.info('stopped');
  return cause === 'SIGTERM' || cause === 'SIGINT' ? 0 : 1;
}

function explain(error: unknown): string {
  if (isGatewayError(error)) return error.message;
  const { name, code, message, at } = reduceError(error);
  return ['The server could not start:', name, code, message, at].filter(Boolean).join(' ');
}
