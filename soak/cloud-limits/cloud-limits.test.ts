import { expect, it } from 'vitest';
import { ALLOWED, cloudLimits } from './cloud-limits';

const isFull = process.env.BLAZZ_SOAK !== undefined;
const seconds = isFull ? 120 : 6;
const times = 5;

it(`keeps to Meta's limits for ${seconds} s at ${times} times as much, and uses them`, {
  timeout: isFull ? 1_800_000 : 180_000,
}, async () => {
  const report = await cloudLimits({ seconds, times });
  console.log(JSON.stringify(report));
  const refused = Object.values(report.refused).reduce((sum, count) => sum + count, 0);
  expect(refused).toBeLessThanOrEqual(report.requests / 1_000);
  expect(report.perSecond).toBeGreaterThanOrEqual(0.95 * ALLOWED);
  expect(report.toRegulars).toBeGreaterThan(0);
  expect(report.lost).toEqual([]);
  expect(report.doubled).toEqual([]);
});
