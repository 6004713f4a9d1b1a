/**
 * The same harm as reload-then-kill.ts, done to a client of whatsapp-web.js as it is, without the
 * overrides. Arguments: how many rounds, `guarded` or `bare`, and a folder for the profile.
 */
import { WebSimulator } from '@blazz/simulator/web';
import { findBrowser } from '../../../src/webjs/browser/find-browser';
import { launchOptions } from '../../../src/webjs/browser/launch-options';
import { RejectionGuard } from '../../../src/webjs/containment/rejection-guard';
import type { LibraryClient } from '../../../src/webjs/library/library-types';
import { loadLibrary } from '../../../src/webjs/library/load-library';
import { resolveOptions } from '../../../src/webjs/options';

const { Client, LocalAuth } = loadLibrary();
const rounds = Number(process.argv[2] ?? '4');
const guard = process.argv[3] === 'guarded' ? new RejectionGuard() : undefined;
guard?.enter();

const number = '628111000001';
const simulator = new WebSimulator({ timings: { bootMs: 10, pairMs: 20, syncMs: 1_200 } });
await simulator.start();
const dataPath = process.argv[4] ?? '';
const options = resolveOptions({
  sessionsDir: dataPath,
  extraBrowserArgs: simulator.chromiumArgs(),
});
const puppeteer = launchOptions(await findBrowser(), options);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let contained = 0;

for (let round = 0; round < rounds; round++) {
  const begin = async (): Promise<LibraryClient> => {
    const client = new Client({
      authStrategy: new LocalAuth({ dataPath }),
      webVersionCache: { type: 'none' },
      puppeteer,
      authTimeoutMs: 30_000,
      takeoverOnConflict: false,
      takeoverTimeoutMs: 0,
    });
    const ready = new Promise<void>((resolve) => void client.on('ready', () => resolve()));
    client.on('qr', (text: string) => void simulator.scan(text, { number }).catch(() => undefined));
    await client.initialize();
    await ready;
    return client;
  };
  const client = guard ? await guard.run(() => (contained += 1), begin) : await begin();
  simulator.reloadPage(number);
  await sleep([0, 30, 80, 40][round % 4] ?? 0);
  client.pupBrowser?.process()?.kill('SIGKILL');
  await sleep(300);
}
await simulator.stop();
process.stdout.write(`${JSON.stringify({ rounds, contained })}\n`);
process.exit(0);
