import { asNumber } from '../../json/raw';

/** How far something is, as a whole number from 0 to 100; `undefined` for what is no number. */
export function decodePercent(value: unknown): number | undefined {
  const percent = asNumber(value);
  return percent === undefined ? undefined : Math.floor(Math.min(100, Math.max(0, percent)));
}
