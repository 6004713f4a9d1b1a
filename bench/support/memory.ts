import { readFileSync } from 'node:fs';

/** What processes hold, in megabytes. */
export interface Memory {
  /** Their proportional share: what several processes share is divided among them. */
  readonly pss: number;
  /** What is theirs alone. */
  readonly own: number;
  /** How many they are. */
  readonly processes: number;
}

/** Sums up what the kernel counts for each of these processes. One that has ended counts nothing. */
export function memoryOf(pids: readonly number[]): Memory {
  const sum = { pss: 0, own: 0, processes: 0 };
  for (const pid of pids) {
    let text: string;
    try {
      text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    } catch {
      continue;
    }
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
    sum.pss += field('Pss');
    sum.own += field('Private_Clean') + field('Private_Dirty');
    sum.processes += 1;
  }
  return sum;
}
