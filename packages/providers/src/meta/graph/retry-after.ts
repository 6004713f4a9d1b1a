import { asList, asNumber, asRaw } from '../../json/raw';

/** The longest wait that a header may ask for, in milliseconds: a day. */
const longestMs = 86_400_000;

/** Reads a response header by its lower-case name. */
export type AnswerHeader = (name: string) => string | undefined;

/**
 * How long Graph asks to wait, in milliseconds: by `Retry-After`, or by the minutes until access is
 * regained in `X-Business-Use-Case-Usage`. Undefined when it does not ask.
 * @param now milliseconds since 1970, for a `Retry-After` that names a date
 */
export function retryAfterMs(header: AnswerHeader, now: number): number | undefined {
  const asked = [byRetryAfter(header('retry-after'), now), byUsage(header)].filter(
    (ms): ms is number => ms !== undefined && ms > 0,
  );
  return asked.length === 0 ? undefined : Math.min(longestMs, Math.max(...asked));
}

function byRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : date - now;
}

function byUsage(header: AnswerHeader): number | undefined {
  const text = header('x-business-use-case-usage');
  if (text === undefined) return undefined;
  try {
    const minutes = Object.values(asRaw(JSON.parse(text)))
      .flatMap(asList)
      .map((entry) => asNumber(asRaw(entry).estimated_time_to_regain_access) ?? 0);
    return Math.max(0, ...minutes) * 60_000;
  } catch {
    return undefined;
  }
}
