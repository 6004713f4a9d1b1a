/** One side of the outbox comparison: takes a message all the way, and resolves when that is durable. */
export type WholeCycle = (number: number) => Promise<void>;

/** What a side is asked for. */
export interface OutboxOrder {
  /** How many messages. */
  readonly messages: number;
  /** How many callers, each with one message under way. */
  readonly callers: number;
}

/** What it took. */
export interface OutboxResult {
  /** Messages a second. */
  readonly perSecond: number;
  /** The median time of one message, in milliseconds. */
  readonly p50: number;
  /** CPU microseconds of this process for each message; Redis has its own. */
  readonly cpuUs: number;
}

/** Serves the orders of the process that measures. */
export function serveOutbox(cycle: WholeCycle, afterRound: () => Promise<void>): void {
  let number = 0;
  process.on('message', async ({ messages, callers }: OutboxOrder) => {
    const end = number + messages;
    const times: number[] = [];
    const cpu = process.cpuUsage();
    const began = performance.now();
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (number < end) {
          const at = performance.now();
          await cycle(++number);
          times.push(performance.now() - at);
        }
      }),
    );
    const perSecond = (messages / (performance.now() - began)) * 1_000;
    const { user, system } = process.cpuUsage(cpu);
    times.sort((a, b) => a - b);
    const p50 = times[times.length >> 1] ?? Number.NaN;
    await afterRound();
    const result: OutboxResult = { perSecond, p50, cpuUs: (user + system) / messages };
    process.send?.(result);
  });
  process.send?.('ready');
}
