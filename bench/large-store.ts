/**
 * What a store that holds years of a business costs: accepts a second beside an empty store, in
 * alternating rounds of one run; and the time to open it, its memory, and the first touch of a
 * workspace.
 * `npx tsx bench/large-store.ts [rounds] [accepts] [messages] [events]`
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadNote, median } from './support/figures';
import { growStore } from './support/grow-store';
import type { LargeStoreOrder, Opened } from './support/large-store-process';

const [ROUNDS = 5, ACCEPTS = 20_000, MESSAGES = 1_000_000, EVENTS = 5_000_000] = process.argv
  .slice(2)
  .map(Number);
const CALLERS = 64;
const WORKSPACES = 100;
const TOUCHED = 20;
const AIM = 0.8;

interface Round {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly rssMb: number;
}

class Side {
  readonly rounds: Round[] = [];
  readonly opened: Opened;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, opened: Opened) {
    this.#child = child;
    this.opened = opened;
  }

  static async open(path: string): Promise<Side> {
    const file = fileURLToPath(new URL('./support/large-store-process.ts', import.meta.url));
    const child = fork(file, [path, String(WORKSPACES)], { execArgv: ['--import', 'tsx'] });
    const [opened] = (await once(child, 'message')) as [Opened];
    return new Side(child, opened);
  }

  /** Milliseconds that the first accept takes in workspaces that nobody looked at yet. */
  async touches(): Promise<number[]> {
    const times: number[] = [];
    for (let touch = 0; touch < TOUCHED; touch++) times.push(await this.#ask<number>({ touch }));
    return times;
  }

  async round(): Promise<void> {
    this.rounds.push(await this.#ask<Round>({ accepts: ACCEPTS, callers: CALLERS }));
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }

  async #ask<T>(order: LargeStoreOrder): Promise<T> {
    this.#child.send(order);
    const [answer] = (await once(this.#child, 'message')) as [T];
    return answer;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'blazz-large-'));
try {
  const path = join(folder, 'large.db');
  const began = performance.now();
  await growStore(path, { workspaces: WORKSPACES, messages: MESSAGES, events: EVENTS });
  console.log(
    `${MESSAGES} messages and ${EVENTS} events in ${WORKSPACES} workspaces: ${(statSync(path).size / 1e9).toFixed(2)} GB, made in ${((performance.now() - began) / 1e3).toFixed(0)} s; ${loadNote()}`,
  );
  const sides = { empty: await Side.open(join(folder, 'empty.db')), large: await Side.open(path) };
  for (const [name, side] of Object.entries(sides)) {
    const { openMs, rssMb } = side.opened;
    const touch = median(await side.touches()).toFixed(1);
    console.log(
      `${name}: open in ${openMs.toFixed(0)} ms, ${rssMb.toFixed(0)} MB after that; first accept in a workspace ${touch} ms`,
    );
  }
  for (let i = 0; i <= ROUNDS; i++) {
    await sides.empty.round();
    await sides.large.round();
  }
  const { empty, large } = sides;
  for (const [name, side] of Object.entries(sides)) {
    const at = (figure: keyof Round): number =>
      median(side.rounds.slice(1).map((round) => round[figure]));
    console.log(
      `${name}: ${Math.round(at('perSecond'))} accepts/s, ${at('cpuUs').toFixed(0)} µs CPU, ${at('rssMb').toFixed(0)} MB`,
    );
  }
  const ratio = median(
    large.rounds.map((round, i) => round.perSecond / (empty.rounds[i]?.perSecond ?? 0)).slice(1),
  );
  console.log(
    `accepts/s, large / empty: ${ratio.toFixed(2)} (aim at least ${AIM}: ${ratio >= AIM ? 'reached' : 'MISSED'})`,
  );
  console.log(loadNote());
  await Promise.all([empty.close(), large.close()]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
