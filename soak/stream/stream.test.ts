import { expect, it } from 'vitest';
import { streamSoak } from './stream';

const isFull = process.env.BLAZZ_SOAK !== undefined;
const profile = isFull
  ? { events: 2_000_000, consumers: 50, batch: 1_000 }
  : { events: 20_000, consumers: 20, batch: 100 };
const seed = Number(process.env.BLAZZ_SEED ?? Date.now() % 1_000_000);

it(`shows ${profile.consumers} consumers every one of ${profile.events} events, in order`, {
  timeout: isFull ? 7_200_000 : 120_000,
}, async () => {
  console.log(`streams from seed ${seed}`);
  const report = await streamSoak({ ...profile, seed });
  console.log(JSON.stringify({ ...report, faults: report.faults.slice(0, 10) }));
  expect(report.faults).toEqual([]);
  expect(report.returns).toBeGreaterThan(2 * profile.consumers);
});
