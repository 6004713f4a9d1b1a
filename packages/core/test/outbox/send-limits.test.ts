import type { Clock, SendLimits } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { type Harness, harness } from '../harness';

/** What WhatsApp sets on a number: so many a second, and one in 6 s to one recipient after a burst of 45. */
interface Rates {
  readonly everyMs?: number;
  readonly pairMs?: number;
  readonly burst?: number;
}

/** Exact limits, that count how often they are asked. */
class TestLimits implements SendLimits {
  asked = 0;
  readonly #clock: Clock;
  readonly #rates: Required<Rates>;
  #next = 0;
  readonly #pairs = new Map<string, number>();

  constructor(clock: Clock, { everyMs = 0, pairMs = 6_000, burst = 45 }: Rates) {
    this.#clock = clock;
    this.#rates = { everyMs, pairMs, burst };
  }

  waitMs(): number {
    return Math.max(0, this.#next - this.#clock.monotonic());
  }

  recipientWaitMs(key: string): number {
    this.asked++;
    const { pairMs, burst } = this.#rates;
    const full = this.#pairs.get(key) ?? 0;
    return Math.max(0, full - (burst - 1) * pairMs - this.#clock.monotonic());
  }

  took(key: string): void {
    const now = this.#clock.monotonic();
    this.#next = now + this.#rates.everyMs;
    this.#pairs.set(key, Math.max(this.#pairs.get(key) ?? 0, now) + this.#rates.pairMs);
  }
}

interface Limited extends Harness {
  /** The limits of every provider that was made. */
  readonly made: readonly TestLimits[];
  /** When each send began, in milliseconds since the first: all, or those to one recipient. */
  starts(to?: number): readonly number[];
}

async function limited(
  rates: Rates,
  options: { concurrency?: number; answersMs?: number } = {},
): Promise<Limited> {
  const { concurrency = 32, answersMs = 0 } = options;
  const made: TestLimits[] = [];
  const all = harness({
    world: { script: () => ({ outcome: 'sent', afterMs: answersMs }) },
    provider: {
      pace: { concurrency },
      limits: (clock) => {
        const limits = new TestLimits(clock, rates);
        made.push(limits);
        return limits;
      },
    },
  });
  await all.gateway.start();
  await all.clock.advance(100);
  return {
    ...all,
    made,
    starts: (to) => {
      const first = all.world.calls[0]?.startedAt ?? 0;
      return all.world.calls
        .filter(({ message }) => to === undefined || message.recipient.key.endsWith(String(to)))
        .map(({ startedAt }) => startedAt - first);
    },
  };
}

describe('the limits of a sender', () => {
  it('let one message leave every 12.5 ms at 80 a second, over slow answers too', async () => {
    const { gateway, clock, text, starts, world } = await limited(
      { everyMs: 12.5 },
      { answersMs: 200 },
    );
    const ws = gateway.workspace('ws');
    for (let i = 0; i < 240; i++) await ws.send(text(`62812${1_000_000 + i}`));
    await clock.advance(5_000);
    expect(starts()).toEqual(Array.from({ length: 240 }, (_, i) => i * 12.5));
    expect(world.effects).toHaveLength(240);
    await clock.play(gateway.stop());
  });

  it('let 45 messages to one recipient leave at once, and one every 6 s after that', async () => {
    const { gateway, clock, text, starts, world } = await limited({});
    const ws = gateway.workspace('ws');
    const bodies = Array.from({ length: 55 }, (_, i) => `no. ${i}`);
    for (const body of bodies) await ws.send(text(1, body));
    await clock.advance(60_000);
    const burst = Array.from({ length: 45 }, () => 0);
    expect(starts()).toEqual([...burst, ...Array.from({ length: 10 }, (_, i) => 6_000 * (i + 1))]);
    const order = world.calls.map(({ message: { content } }) =>
      content.type === 'text' ? content.text.body : '',
    );
    expect(order).toEqual(bodies);
    await clock.play(gateway.stop());
  });

  it('keep one recipient back, who holds no place and uses up no try, while others go on', async () => {
    const { gateway, clock, text, starts } = await limited({}, { concurrency: 1 });
    const ws = gateway.workspace('ws');
    const first: string[] = [];
    for (let i = 0; i < 47; i++) first.push((await ws.send(text(1))).message.message_id);
    for (let i = 0; i < 90; i++) await ws.send(text(2 + (i % 3)));
    await clock.advance(10);
    expect([1, 2, 3, 4].map((to) => starts(to).length)).toEqual([45, 30, 30, 30]);
    // Whoever comes later does not wait either.
    await clock.advance(990);
    await ws.send(text(5));
    await clock.advance(10);
    expect(starts(5)).toEqual([1_000]);
    await clock.advance(12_000);
    expect(starts(1).slice(45)).toEqual([6_000, 12_000]);
    for (const id of first) expect((await ws.message(id)).attempts).toHaveLength(1);
    await clock.play(gateway.stop());
  });

  it('hold an interactive message back like a bulk one, and let it go first', async () => {
    const { gateway, clock, text, world } = await limited({ burst: 1 });
    const ws = gateway.workspace('ws');
    await ws.send({ ...text(1, 'a'), lane: 'bulk' });
    await ws.send({ ...text(1, 'b'), lane: 'bulk' });
    await clock.advance(1_000);
    await ws.send({ ...text(1, 'c'), lane: 'interactive' });
    await clock.advance(12_000);
    const order = world.calls.map(({ message: { content } }) =>
      content.type === 'text' ? content.text.body : '',
    );
    expect(order).toEqual(['a', 'c', 'b']);
    await clock.play(gateway.stop());
  });

  it('do not keep a message beyond its time', async () => {
    const { gateway, clock, text, starts, made } = await limited({ burst: 1, pairMs: 60_000 });
    const ws = gateway.workspace('ws');
    await ws.send(text(1));
    const expires_at = new Date(clock.now() + 2_000).toISOString();
    const { message } = await ws.send({ ...text(1), expires_at });
    await ws.send(text(1));
    await clock.advance(1_999);
    expect((await ws.message(message.message_id)).status).toBe('queued');
    await clock.advance(1);
    expect(await ws.message(message.message_id)).toMatchObject({ status: 'expired', attempts: [] });
    await clock.advance(60_000);
    expect(starts()).toEqual([0, 60_000]);
    // One question per message and per end of a wait, not one per turn.
    expect(Math.max(...made.map(({ asked }) => asked))).toBeLessThan(10);
    await clock.play(gateway.stop());
  });

  it('are not waited for by the provider that comes next, nor by a timer once all is sent', async () => {
    const { gateway, clock, text, starts, world, made } = await limited({ burst: 1 });
    const ws = gateway.workspace('ws');
    const { pending } = clock;
    await ws.send(text(1));
    await ws.send(text(1));
    await clock.advance(1_000);
    expect(starts()).toHaveLength(1);
    const before = made.length;
    world.account('ws', 'main').crash();
    await clock.advance(4_000);
    expect(made).toHaveLength(before + 1);
    expect(starts()).toHaveLength(2);
    await clock.advance(60_000);
    expect(clock.pending).toBe(pending);
    await clock.play(gateway.stop());
  });
});
