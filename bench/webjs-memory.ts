/**
 * What linked sessions hold in memory, some seconds after they were ready: the proportional share
 * (PSS, `smaps_rollup`) of every process of their browsers, and what the code in the Node process
 * holds more (heap and buffers, after a collection) than when a first session had come and gone. One
 * session and several; ours through a Gateway with the browser that our search finds, beside a bare
 * whatsapp-web.js with its defaults in full Chromium. One side at a time, each in a Node process of
 * its own. The simulated page is light: what the real one weighs comes on top, on both sides. Linux
 * only.
 * `npx tsx bench/webjs-memory.ts [rounds] [sessions] [seconds to settle]`
 */
import { loadNote, median, verdict } from './support/figures';
import { type Memory, memoryOf } from './support/memory';
import { browsersOf, fullBrowser, versionOf } from './support/processes';
import { Arena } from './support/rivals';

const ROUNDS = Number(process.argv[2] ?? 3);
const MANY = Number(process.argv[3] ?? 5);
const SETTLE_MS = Number(process.argv[4] ?? 8) * 1_000;
const AIM = 0.6;

interface Held {
  readonly browsers: Memory;
  readonly nodeMb: number;
  readonly pssMb: number;
  readonly ownMb: number;
  readonly binary: string;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

async function hold(kind: 'ours' | 'bare', sessions: number, browserPath?: string): Promise<Held> {
  await using arena = await Arena.open({ timings: { syncMs: 1_000 } });
  const rival = await arena.enter(kind, { browserPath });
  // A first session loads and compiles what every later one finds.
  await rival.link('s0', '628110000000');
  await rival.stop('s0');
  await settle();
  const before = await rival.heldMb();
  for (let i = 0; i < sessions; i++) await rival.link(`s${i}`, `62811000000${i}`);
  await settle();
  const browsers = memoryOf(rival.browserProcesses);
  const nodeMb = (await rival.heldMb()) - before;
  return {
    browsers,
    nodeMb,
    pssMb: browsers.pss + nodeMb,
    ownMb: browsers.own + nodeMb,
    binary: rival.binaries.join(', '),
  };
}

console.log(loadNote());
const others = browsersOf('').length;
if (others > 0) {
  console.log(`${others} other browsers run: where they share a binary with ours, PSS is lower.`);
}
const first = await hold('ours', 1);
const full = fullBrowser() ?? first.binary;
for (const sessions of [1, MANY]) {
  const rows: { readonly ours: Held; readonly bare: Held }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await hold('bare', sessions, full);
    rows.push({ bare, ours: await hold('ours', sessions) });
  }
  console.log(`\n${sessions} session${sessions === 1 ? '' : 's'}, medians of ${ROUNDS} rounds`);
  for (const side of ['ours', 'bare'] as const) {
    const of = (pick: (held: Held) => number): string =>
      median(rows.map((row) => pick(row[side]))).toFixed(1);
    console.log(
      `  ${side}: ${of((held) => held.pssMb)} MB (browsers ${of((held) => held.browsers.pss)}, Node grew by ${of((held) => held.nodeMb)}; not shared with anybody ${of((held) => held.ownMb)}), ${of((held) => held.browsers.processes)} browser processes`,
    );
  }
  const of = (side: 'ours' | 'bare', pick: (held: Held) => number): number =>
    median(rows.map((row) => pick(row[side]))) / sessions;
  const pss = (held: Held): number => held.pssMb;
  const own = (held: Held): number => held.ownMb;
  console.log(
    `  ${verdict('PSS per session, ours / bare', of('ours', pss), of('bare', pss), 'MB', AIM)}`,
  );
  console.log(
    `  ${verdict('memory of its own per session, ours / bare', of('ours', own), of('bare', own), 'MB')}`,
  );
  if (sessions > 1) continue;
  const [row] = rows;
  console.log(`  ours: ${versionOf(first.binary)} (${row?.ours.binary})`);
  console.log(`  bare: ${versionOf(full)} (${row?.bare.binary})`);
  if (row?.ours.binary === row?.bare.binary) {
    console.log(
      '  Both sides run the same binary: what the choice of the browser saves is not in the ratios.',
    );
  }
}
console.log(`\n${loadNote()}`);
