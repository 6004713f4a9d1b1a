import type { LogFields, Logger } from '@blazz/core';
import type { Logger as Pino } from 'pino';
import { reduceError } from './reduce-error';

/** The fields that pass; whatever else finds its way into the object stays out of the log. */
const allowed = [
  'workspace_id',
  'session_id',
  'message_id',
  'provider',
  'state',
  'reason',
  'duration_ms',
  'count',
  'attempt',
  'pid',
  'request_id',
  'method',
  'route',
  'status',
  'key_id',
] as const satisfies readonly (keyof LogFields)[];

/** Writes core's log lines with pino. Only the fields of the allow-list pass. */
export function pinoLogger(pino: Pino): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: LogFields): void => {
      if (pino.isLevelEnabled(level)) pino[level](pick(fields), message);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function pick(fields: LogFields | undefined): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  if (fields === undefined) return picked;
  for (const name of allowed) {
    const value = fields[name];
    if (typeof value === 'string' || typeof value === 'number') picked[name] = value;
  }
  if (fields.error !== undefined) picked.error = reduceError(fields.error);
  return picked;
}
