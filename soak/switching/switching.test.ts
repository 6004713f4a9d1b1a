import { expect, it } from 'vitest';
import { switching } from './switching';

const isFull = process.env.BLAZZ_SOAK !== undefined;
const switches = isFull ? 60 : 6;
const perSecond = 50;
const seed = Number(process.env.BLAZZ_SEED ?? Date.now() % 1_000_000);

it(`loses, doubles and mixes up nothing over ${switches} switches under ${perSecond} messages a second`, {
  timeout: isFull ? 1_200_000 : 180_000,
}, async () => {
  console.log(`switching from seed ${seed}`);
  const report = await switching({ switches, perSecond, seed });
  console.log(JSON.stringify(report));
  expect(report.lost).toEqual([]);
  expect(report.doubled).toEqual([]);
  expect(report.disordered).toEqual([]);
  // Both carried a good part of it, and it went on while they changed.
  expect(Math.min(report.carried.scripted ?? 0, report.carried.meta_api ?? 0)).toBeGreaterThan(
    switches * 10,
  );
});
