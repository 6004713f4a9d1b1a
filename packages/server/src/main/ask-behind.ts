import type { CancelTimer, Clock } from '@blazz/core';
import { backoff } from '@blazz/core/adapters';
import type { Asking } from './asking';

/** What it takes to ask behind. */
export interface AskBehindOptions {
  /** Whether somebody is there to be asked. */
  readonly asking: Pick<Asking, 'isAway' | 'waitMs'>;
  /** Asks about a workspace. */
  readonly ask: (workspaceId: string) => Promise<unknown>;
  /** Time. */
  readonly clock: Clock;
  /** Chance, 0 up to 1. */
  readonly random: () => number;
}

/** How many questions are under way at most. */
const AT_ONCE = 4;
/** How long a workspace that was not known there is left alone, in milliseconds; longer each time. */
const doubt = { baseMs: 60_000, maxMs: 3_600_000 };
/** How often it is asked about before it is given up: for about a day. */
const MOST_TIMES = 30;
/** About how many it is asked; the one that waits the longest goes first. */
const MOST_DOUBTS = 1_000;

/** How long to wait while somebody else's question finds out whether there are answers, in milliseconds. */
const PROBE_MS = 1_000;

/** A workspace that is asked about later. */
interface Doubt {
  readonly times: number;
  /** Ends the wait; `undefined` when it is over. */
  readonly cancel: CancelTimer | undefined;
}

/**
 * Asks about workspaces while nobody waits for the answer: a few at a time, each once, and none while
 * nobody answers.
 */
export class AskBehind {
  readonly #options: AskBehindOptions;
  readonly #queue = new Set<string>();
  readonly #doubts = new Map<string, Doubt>();
  #under = 0;
  #wake: (() => void) | undefined;
  #isOn = false;

  /** @param options whom to ask */
  constructor(options: AskBehindOptions) {
    this.#options = options;
  }

  /** From now on it may wait: for somebody to be back, and for the time to ask once more. */
  begin(): void {
    this.#isOn = true;
    this.#goOn();
  }

  /** Waits for nothing any more, and forgets what it wanted to ask. */
  end(): void {
    this.#isOn = false;
    this.#queue.clear();
    this.#wake?.();
    this.#wake = undefined;
    for (const id of [...this.#doubts.keys()]) this.settle(id);
  }

  /** Asks about a workspace as soon as there is room. */
  soon(workspaceId: string): void {
    this.#queue.add(workspaceId);
    this.#goOn();
  }

  /** It was not known there: asks later whether it is now, again and again for about a day. */
  doubt(workspaceId: string): void {
    const { times = 0, cancel } = this.#doubts.get(workspaceId) ?? {};
    // Whoever else asks meanwhile makes it no more frequent.
    if (cancel !== undefined || !this.#isOn) return;
    this.#doubts.delete(workspaceId);
    if (times === MOST_TIMES) return;
    const { clock, random } = this.#options;
    const wait = backoff(doubt, times + 1, random);
    const fire = clock.schedule(wait, () => {
      this.#doubts.set(workspaceId, { times: times + 1, cancel: undefined });
      this.soon(workspaceId);
    });
    this.#doubts.set(workspaceId, { times: times + 1, cancel: fire });
    const [oldest] = this.#doubts.keys();
    if (this.#doubts.size > MOST_DOUBTS && oldest !== undefined) this.settle(oldest);
  }

  /** There is no doubt about a workspace any more. */
  settle(workspaceId: string): void {
    this.#doubts.get(workspaceId)?.cancel?.();
    this.#doubts.delete(workspaceId);
  }

  #goOn(): void {
    const { asking, ask } = this.#options;
    while (this.#under < AT_ONCE && !asking.isAway) {
      const [next] = this.#queue;
      if (next === undefined) return;
      this.#queue.delete(next);
      this.#under += 1;
      const over = (isAnswered: boolean): void => {
        this.#under -= 1;
        // While nobody answers, it waits until somebody does.
        if (!isAnswered && asking.isAway) this.#queue.add(next);
        else if (this.#doubts.has(next)) this.doubt(next);
        this.#goOn();
      };
      ask(next).then(
        () => over(true),
        () => over(false),
      );
    }
    if (this.#queue.size > 0) this.#wakeLater();
  }

  #wakeLater(): void {
    const { asking, clock } = this.#options;
    if (!this.#isOn) return;
    this.#wake ??= clock.schedule(Math.max(asking.waitMs, PROBE_MS), () => {
      this.#wake = undefined;
      this.#goOn();
    });
  }
}
