import { expect, it } from 'vitest';
import { killNineWeb } from './kill-nine-web';

const isFull = process.env.BLAZZ_SOAK !== undefined;
const kills = isFull ? 30 : 3;
const messages = isFull ? 3_000 : 60;
const seed = Number(process.env.BLAZZ_SEED ?? Date.now() % 1_000_000);

it(`loses and doubles nothing over ${kills} kills of an instance with real browsers`, {
  timeout: isFull ? 3_600_000 : 240_000,
}, async () => {
  console.log(`kill -9 over WhatsApp Web from seed ${seed}`);
  const report = await killNineWeb({
    kills,
    messages,
    seed,
    ...(isFull ? { onProgress: (line) => console.log(line) } : {}),
  });
  console.log(JSON.stringify(report));
  expect(report.accepted).toBe(messages);
  expect(report.lost).toEqual([]);
  expect(report.doubled).toEqual([]);
  expect(report.untrue).toEqual([]);
  expect(report.laterQrs).toBe(0);
  expect(report.orphans).toEqual([]);
  expect(report.ended.unknown ?? 0).toBeLessThanOrEqual(report.inFlightAtKills);
});
