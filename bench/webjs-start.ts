/**
 * How long a session takes from the start to its first QR (a fresh profile) and, once linked, from
 * the start to `ready`: ours through a Gateway, with the browser that our search finds, beside a
 * bare whatsapp-web.js with every default (LocalAuth, puppeteer's launch options) in full Chromium,
 * which is what its guide installs. Each side in its own Node process, which has loaded its code
 * before; they take turns, and the order changes with every round. With full Chromium on both sides
 * (`CHROME_PATH`), or none installed, the comparison is between equal binaries, and it says so.
 * `npx tsx bench/webjs-start.ts [rounds]`
 */
import { loadNote, median, quantile, verdict } from './support/figures';
import { fullBrowser, versionOf } from './support/processes';
import { Arena, type Rival } from './support/rivals';

const ROUNDS = Number(process.argv[2] ?? 12);
const AIM = 0.7;
/** The simulated WhatsApp's own delays: the same for both, and part of every figure. */
const timings = { bootMs: 20, openMs: 20, pairMs: 20, syncMs: 300 };

interface Side {
  readonly label: string;
  readonly rival: Rival;
  readonly number: string;
  readonly qr: number[];
  readonly ready: number[];
  late: number;
}

await using arena = await Arena.open({ timings });
const ours = await arena.enter('ours');
await ours.link('linked', '628110000001');
const found = ours.binaries[0] ?? '';
const full = fullBrowser();
const browserPath = full ?? found;
const bare = await arena.enter('bare', { browserPath });
await bare.link('linked', '628110000002');
const used = bare.binaries[0] ?? '';
const sides: Side[] = [
  { label: 'ours', rival: ours, number: '628110000001', qr: [], ready: [], late: 0 },
  { label: 'bare', rival: bare, number: '628110000002', qr: [], ready: [], late: 0 },
];
console.log(`ours: ${versionOf(found)} (${found})`);
console.log(`bare: ${versionOf(browserPath)} (${used})`);
if (used === found)
  console.log(
    'Both sides run the same binary: what the choice of the browser saves is not in the ratios.',
  );
console.log(
  `WhatsApp's own part: ${timings.bootMs + timings.openMs} ms to the QR, ${timings.bootMs + timings.openMs + timings.syncMs} ms to ready; ${loadNote()}`,
);
// WhatsApp Web keeps its credentials on disk some seconds after it was linked.
await new Promise((resolve) => setTimeout(resolve, 10_000));
for (const { rival } of sides) await rival.stop('linked');

for (let round = 0; round <= ROUNDS; round++) {
  const order = round % 2 === 0 ? sides : [...sides].reverse();
  for (const side of order) {
    const fresh = await side.rival.start(`fresh${round}`);
    await side.rival.stop(`fresh${round}`);
    if (fresh.qr === undefined) throw new Error('A fresh profile showed no QR.');
    const restored = await side.rival.start('linked').catch((error: unknown) => error as Error);
    await side.rival.stop('linked');
    // The first round warms the disk's cache.
    if (round === 0) continue;
    side.qr.push(fresh.ms);
    if (restored instanceof Error) side.late += 1;
    else if (restored.qr === undefined) side.ready.push(restored.ms);
    else throw new Error(`A linked profile of ${side.label} asked for a QR.`);
  }
}

for (const { label, qr, ready, late } of sides) {
  const spread = (ms: readonly number[]): string =>
    `median ${median(ms).toFixed(0)} ms (${quantile(ms, 0).toFixed(0)} to ${quantile(ms, 1).toFixed(0)}, ${ms.length} starts)`;
  console.log(`${label}   start to QR: ${spread(qr)}   restored start to ready: ${spread(ready)}`);
  if (late > 0)
    console.log(`${label}   never became ready: ${late} of ${ROUNDS} starts, not counted`);
}
const [a, b] = sides as [Side, Side];
console.log(verdict('start to QR, ours / bare', median(a.qr), median(b.qr), 'ms', AIM));
console.log(
  verdict('restored start to ready, ours / bare', median(a.ready), median(b.ready), 'ms', AIM),
);
console.log(loadNote());
