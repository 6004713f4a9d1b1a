import type { Writable } from 'node:stream';

const names: Readonly<Record<number, string>> = { 20: 'debug', 30: '', 40: 'warning', 50: 'ERROR' };
const hidden: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'request_id']);

/** Writes pino's lines for a person to read: time, seriousness, sentence, fields. */
export function textLog(out: Writable): { write(line: string): void } {
  return {
    write(line) {
      const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
      const clock = new Date(Number(time)).toISOString().slice(11, 19);
      const name = names[Number(level)] ?? '';
      const rest = Object.entries(fields)
        .filter(([key]) => !hidden.has(key))
        .map(
          ([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
        );
      out.write(
        `${[clock, name, String(msg), ...rest].filter((part) => part !== '').join('  ')}\n`,
      );
    },
  };
}
