/**
 * A message all the way: accepted durably, run, its outcome durable; by a gateway over SQLite and a
 * scripted WhatsApp, beside BullMQ over a Redis that this program starts, syncing its append-only
 * file every second and always. Alternating rounds in one run.
 * `npx tsx bench/outbox.ts [rounds] [messages] [callers]`
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { loadNote, median } from './support/figures';
import type { OutboxOrder, OutboxResult } from './support/outbox-side';
import { RedisProcess } from './support/redis-process';

const [ROUNDS = 4, MESSAGES = 10_000, CALLERS = 64] = process.argv.slice(2).map(Number);
const AIMS = { everysec: 5, always: 7 };

class Side {
  readonly #child: ChildProcess;
  readonly rounds: OutboxResult[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async open(name: string, ...args: string[]): Promise<Side> {
    const file = fileURLToPath(new URL(`./support/${name}.ts`, import.meta.url));
    const child = fork(file, args, { execArgv: ['--import', 'tsx'] });
    await once(child, 'message');
    return new Side(child);
  }

  async round(): Promise<void> {
    const order: OutboxOrder = { messages: MESSAGES, callers: CALLERS };
    this.#child.send(order);
    const [result] = (await once(this.#child, 'message')) as [OutboxResult];
    this.rounds.push(result);
  }

  async close(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }

  /** The median of a figure, the first round left out. */
  median(figure: keyof OutboxResult): number {
    return median(this.rounds.slice(1).map((round) => round[figure]));
  }
}

const redis = {
  everysec: await RedisProcess.start('everysec'),
  always: await RedisProcess.start('always'),
};
const ours = await Side.open('outbox-gateway');
const rivals = {
  everysec: await Side.open('outbox-bullmq', String(redis.everysec.port)),
  always: await Side.open('outbox-bullmq', String(redis.always.port)),
};
console.log(`${MESSAGES} messages a round, ${CALLERS} callers; ${loadNote()}`);
for (let i = 0; i <= ROUNDS; i++) {
  for (const side of [ours, rivals.everysec, rivals.always]) await side.round();
}
const shown = (name: string, side: Side): string =>
  `${name}: ${Math.round(side.median('perSecond'))} messages/s, p50 ${side.median('p50').toFixed(1)} ms, ${Math.round(side.median('cpuUs'))} µs CPU`;
console.log(shown('gateway over SQLite', ours));
for (const fsync of ['everysec', 'always'] as const) {
  const rival = rivals[fsync];
  const ratio = median(
    rival.rounds.map(({ perSecond }, i) => (ours.rounds[i]?.perSecond ?? 0) / perSecond).slice(1),
  );
  const judged = ratio >= AIMS[fsync] ? 'reached' : 'MISSED';
  console.log(
    `${shown(`BullMQ, appendfsync ${fsync} (without Redis' own CPU)`, rival)}\n  gateway / BullMQ: ${ratio.toFixed(2)} (aim at least ${AIMS[fsync]}: ${judged})`,
  );
}
console.log(loadNote());
await Promise.all([ours, rivals.everysec, rivals.always].map((side) => side.close()));
await Promise.all([redis.everysec.stop(), redis.always.stop()]);
