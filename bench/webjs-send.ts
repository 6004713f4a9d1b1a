/**
 * A text from `workspace.send` to `sent` (WhatsApp's server acknowledged it), through a Gateway with
 * a MemoryStore and an unpaced web_js provider, beside `client.sendMessage` of a bare whatsapp-web.js
 * awaited to the same acknowledgement. The provider's own client cannot be had from outside, so
 * there are three sessions, each in its own Node process and its own browser, all of the binary
 * that our search finds: ours, bare with the options that we give the library, and bare with its
 * defaults (which also mark the chat as seen). They take turns, one send each, in changing order.
 * Once against a WhatsApp that acknowledges at once, once against one that takes 40 ms.
 * `npx tsx bench/webjs-send.ts [sends] [warm-up sends]`
 */
import { loadNote, quantile, verdict } from './support/figures';
import { versionOf } from './support/processes';
import { Arena } from './support/rivals';

const SENDS = Number(process.argv[2] ?? 400);
const WARM_UP = Number(process.argv[3] ?? 300);
const AIM = 1.15;
/** What the provider asks of the library for a text. */
const sendOptions = { linkPreview: false, parseVCards: false, sendSeen: false };

async function compare(sendMs: number): Promise<void> {
  await using arena = await Arena.open({ ackMode: 'offline', timings: { sendMs } });
  const ours = await arena.enter('ours');
  await ours.link('ours', '628110000001');
  const browserPath = ours.binaries[0] ?? '';
  const bare = await arena.enter('bare', { browserPath, sendOptions });
  await bare.link('bare', '628110000002');
  const plain = await arena.enter('bare', { browserPath });
  await plain.link('plain', '628110000003');
  const sides = [
    { name: 'ours', rival: ours, label: 'ours', ms: [] as number[] },
    { name: 'bare', rival: bare, label: 'bare, same options', ms: [] as number[] },
    { name: 'plain', rival: plain, label: 'bare, its defaults', ms: [] as number[] },
  ];
  console.log(`\nWhatsApp acknowledges after ${sendMs} ms; all in ${versionOf(browserPath)}`);
  console.log(`  ${browserPath}; ${loadNote()}`);
  for (let i = -WARM_UP; i < SENDS; i++) {
    const to = `62822${String(10_000_000 + (Math.abs(i) % 20))}`;
    // Each begins as often as the others, and follows each of the others as often.
    const turns = sides.map((_, turn) => sides[(turn + Math.abs(i)) % sides.length]!);
    for (const side of i % 2 === 0 ? turns : turns.reverse()) {
      const took = await side.rival.send(side.name, to, `Your order no. ${i} is on its way.`);
      if (i >= 0) side.ms.push(took);
    }
  }
  for (const { label, ms } of sides) {
    const at = (share: number): string => quantile(ms, share).toFixed(2).padStart(7);
    console.log(
      `  ${label.padEnd(20)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   (${ms.length} sends)`,
    );
  }
  const [a, b, c] = sides.map(({ ms }) => ms) as [number[], number[], number[]];
  const line = (what: string, share: number, theirs: number[], aim?: number): string =>
    verdict(what, quantile(a, share), quantile(theirs, share), 'ms', aim);
  console.log(`  ${line('p50, ours / bare with the same options', 0.5, b, AIM)}`);
  console.log(`  ${line('p95, ours / bare with the same options', 0.95, b)}`);
  console.log(`  ${line('p50, ours / bare with its defaults', 0.5, c, AIM)}`);
  const sent = arena.simulator.effects.length;
  const expected = (SENDS + WARM_UP) * sides.length;
  if (sent !== expected) throw new Error(`WhatsApp took ${sent} messages instead of ${expected}.`);
}

await compare(0);
await compare(40);
console.log(`\n${loadNote()}`);
