import { expect, it } from 'vitest';
import { killNine } from './kill-nine';

const isFull = process.env.BLAZZ_SOAK !== undefined;
const kills = isFull ? 200 : 20;
const messages = isFull ? 100_000 : 2_000;
const seed = Number(process.env.BLAZZ_SEED ?? Date.now() % 1_000_000);

it(`loses and doubles nothing over ${kills} kills and ${messages} messages`, {
  timeout: isFull ? 3_600_000 : 180_000,
}, async () => {
  console.log(`kill -9 from seed ${seed}`);
  const report = await killNine({
    kills,
    messages,
    seed,
    ...(isFull ? { onProgress: (line) => console.log(line) } : {}),
  });
  console.log(JSON.stringify(report));
  expect(report.accepted).toBeGreaterThanOrEqual(messages);
  expect(report.lost).toEqual([]);
  expect(report.doubled).toEqual([]);
  expect(report.untrue).toEqual([]);
  expect(report.forgottenKeys).toEqual([]);
  expect(report.undelivered).toEqual([]);
  expect(report.brokenLogs).toEqual([]);
  expect(report.ended.unknown ?? 0).toBeLessThanOrEqual(report.inFlightAtKills);
  expect(report.slowestFirstSendMs).toBeLessThan(5_000);
});
