/**
 * One side of a comparison in a process of its own. It answers `{ call, args }` with how long the
 * call took, measured here: what the message between the processes costs is not in it.
 */
import { bare } from './bare';
import type { Contender, ContenderOptions } from './contender';
import { ours } from './ours';

/** One request of the parent. */
export interface Request {
  readonly call: keyof Contender | 'memory';
  readonly args: readonly string[];
}

/** Its answer. */
export interface Answer {
  readonly ms: number;
  readonly result?: unknown;
  readonly error?: string;
}

const options = JSON.parse(process.argv[3] ?? '{}') as ContenderOptions;
const contender = await (process.argv[2] === 'bare' ? bare(options) : ours(options));

async function answer({ call, args }: Request): Promise<unknown> {
  return call === 'memory'
    ? held()
    : contender[call](...(args as [name: string, to: string, text: string]));
}

/**
 * What this process' code holds, in megabytes, after a collection. Not its resident memory: V8 gives
 * pages back when it likes, and that moves by more than sessions weigh.
 */
function held(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / (1024 * 1024);
}

process.on('message', async (request: Request) => {
  const began = performance.now();
  try {
    const result = await answer(request);
    process.send?.({ ms: performance.now() - began, result } satisfies Answer);
  } catch (thrown) {
    process.send?.({ ms: performance.now() - began, error: String(thrown) } satisfies Answer);
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ ms: 0 } satisfies Answer);
