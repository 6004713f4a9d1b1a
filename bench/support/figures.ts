import { loadavg } from 'node:os';

/** The value that a share of all values lie below: 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return sorted[Math.min(last, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Says a ratio beside the figures that it comes from, and whether it reaches the aim, if it has one. */
export function verdict(
  what: string,
  ours: number,
  theirs: number,
  unit: string,
  aim?: number,
): string {
  const ratio = ours / theirs;
  const figures = `ours ${ours.toFixed(1)} ${unit}, bare ${theirs.toFixed(1)} ${unit}`;
  const reached = ratio <= (aim ?? 0) ? 'reached' : 'MISSED';
  const judged = aim === undefined ? '' : `; aim at most ${aim.toFixed(2)}: ${reached}`;
  return `${what}: ${ratio.toFixed(2)} (${figures}${judged})`;
}

/** How busy the machine is: figures of a busy one are upper bounds. */
export function loadNote(): string {
  return `load average over 1 and 5 minutes: ${loadavg()
    .slice(0, 2)
    .map((load) => load.toFixed(1))
    .join(', ')}`;
}
