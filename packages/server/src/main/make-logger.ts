import type { Logger } from '@blazz/core';
import pino from 'pino';
import type { Configuration } from '../config/configuration';
import { pinoLogger } from '../logging/pino-logger';
import { textLog } from './text-log';

/** Makes the logger that the configuration asks for; it writes to standard output. */
export function makeLogger({ logLevel, logFormat }: Configuration): Logger {
  const text = logFormat === 'text' || (logFormat === 'auto' && process.stdout.isTTY === true);
  const options = { level: logLevel, base: null };
  // Written at once: the last lines before a crash are those that matter.
  const destination = text ? textLog(process.stdout) : pino.destination({ fd: 1, sync: true });
  return pinoLogger(pino(options, destination));
}
