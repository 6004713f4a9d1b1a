import { expect, it } from 'vitest';
import { webhooksIn } from './webhooks-in';

const isFull = process.env.BLAZZ_SOAK !== undefined;
// About 200,000 payloads, and about 8,000.
const profile = isFull ? { incoming: 72_000, sent: 7_200 } : { incoming: 3_100, sent: 300 };
const copies = 5;
const seed = Number(process.env.BLAZZ_SEED ?? Date.now() % 1_000_000);

it(`makes one event of each of ${profile.incoming} items that come ${copies} times, and none of a forged one`, {
  timeout: isFull ? 3_600_000 : 120_000,
}, async () => {
  console.log(`webhooks in from seed ${seed}`);
  const report = await webhooksIn({ ...profile, copies, seed });
  const { missing, doubled, invented, regressed, wrong, aside, ...figures } = report;
  const ratio = report.ackP99Ms / report.bareP99Ms;
  console.log(JSON.stringify({ ...figures, ratio }));
  expect(wrong.slice(0, 10)).toEqual([]);
  for (const faults of [missing, doubled, invented, regressed]) {
    expect(faults.slice(0, 10)).toEqual([]);
  }
  expect(aside[0]).toBe(aside[1]);
  expect(ratio).toBeLessThan(10);
});
