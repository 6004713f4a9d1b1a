/**
 * Reloads the page of a session and kills its browser a moment later, over and over, in a process
 * of its own: an uncaught rejection ends it. Prints one line of JSON at the end.
 * Arguments: how many rounds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProviderEvent, silentLogger, systemClock } from '@blazz/core';
import { webjsProvider } from '@blazz/providers/webjs';
import { WebSimulator } from '@blazz/simulator/web';
import { listProcesses } from '../../../src/webjs/browser/process-table';
import { profileTree, usesProfile } from '../../../src/webjs/browser/process-tree';

const rounds = Number(process.argv[2] ?? '8');
const delays = [0, 30, 80, 150];
const number = '628111000001';

const simulator = new WebSimulator({ timings: { bootMs: 10, pairMs: 20, syncMs: 150 } });
await simulator.start();
const sessionsDir = await mkdtemp(join(tmpdir(), 'blazz-soak-'));
const profile = join(sessionsDir, 'workspace_w1', 's1', 'session');
const factory = webjsProvider({ sessionsDir, extraBrowserArgs: simulator.chromiumArgs() });

let contained = 0;
let downs = 0;
let stops = 0;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (let round = 0; round < rounds; round++) {
  let heard: (event: ProviderEvent) => void = () => undefined;
  const on = (type: ProviderEvent['type']) =>
    new Promise<ProviderEvent>((resolve) => {
      const before = heard;
      heard = (event) => {
        before(event);
        if (event.type === type) resolve(event);
      };
    });
  const ready = on('ready');
  const qr = on('qr');
  const down = on('down');
  const provider = factory.create({
    workspaceId: 'w1',
    sessionId: 's1',
    settings: {},
    emit: (event) => heard(event),
    clock: systemClock,
    random: Math.random,
    logger: {
      ...silentLogger,
      warn: (message) => {
        if (message.includes('was contained')) contained += 1;
      },
    },
  });
  await provider.start(AbortSignal.timeout(60_000));
  const first = await Promise.race([ready, qr]);
  if (first.type === 'qr') await simulator.scan(first.text, { number });
  await ready;
  const browser = (await listProcesses()).find(
    (entry) => usesProfile(entry, profile) && entry.pid === entry.group,
  );
  simulator.reloadPage(number);
  await sleep(delays[round % delays.length] ?? 0);
  // Every third round closes properly instead: the library loses its page in mid-injection, too.
  if (round % 3 === 2) {
    await provider.stop();
    stops += 1;
  } else {
    process.kill(browser?.pid ?? 0, 'SIGKILL');
    await down;
    downs += 1;
    await provider.stop();
  }
}
// Late rejections get their chance.
await sleep(1_000);
const orphans = profileTree(await listProcesses(), profile).length;
await simulator.stop();
await rm(sessionsDir, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ rounds, downs, stops, contained, orphans })}\n`);
