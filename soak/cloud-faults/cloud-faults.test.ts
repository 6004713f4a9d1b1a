import { expect, it } from 'vitest';
import { cloudFaults } from './cloud-faults';

const isFull = process.env.BLAZZ_SOAK !== undefined;
const messages = isFull ? 10_000 : 300;

it(`sends none of ${messages} messages twice, wherever the connection breaks, and finds those that arrived`, {
  timeout: isFull ? 3_600_000 : 120_000,
}, async () => {
  const report = await cloudFaults({ messages });
  console.log(JSON.stringify(report));
  expect(report.doubled).toEqual([]);
  expect(report.untrue).toEqual([]);
  // Enough of them to say something of the tracker.
  expect(report.unknown).toBeGreaterThan(messages / 10);
  expect(report.resolvedInTime).toBeGreaterThanOrEqual(0.95 * report.unknown);
});
