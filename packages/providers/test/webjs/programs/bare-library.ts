/**
 * The same harm as reload-then-kill.ts, done to a client of whatsapp-web.js as it is, without the
 * overrides. Arguments: how many rounds, `guarded` or `bare`, and a folder for the profile.
 */
import { createRequire } from 'node:module';
import { WebSimulator } from '@blazz/simulator/web';
import { findBrowser } from '../../../src/webjs/browser/find-browser';
import { RejectionGuard } from '../../../src/webjs/containment/rejection-guard';

const { Client, LocalAuth } = createRequire(import.meta.url)(
  'whatsapp-web.js',
) as typeof import('whatsapp-web.js');
const rounds = Number(process.argv[2] ?? '4');
const guard = process.argv[3] === 'guarded' ? new RejectionGuard() : undefined;
guard?.enter();

const number = '628111000001';
const simulator = new WebSimulator({ timings: { bootMs: 10, pairMs: 20, syncMs: 1_200 } });
await simulator.start();
const dataPath = process.argv[4] ?? '';
const { path } = await findBrowser();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let contained = 0;

for (let round = 0; round < rounds; round++) {
  const begin = async (): Promise<InstanceType<typeof Client>> => {
    const client = new Client({
      authStrategy: new LocalAuth({ dataPath }),
      webVersionCache: { type: 'none' },
      puppeteer: {
        executablePath: path,
        headless: 'shell' as never,
        pipe: true,
        args: ['--no-sandbox', ...simulator.chromiumArgs()],
      },
    });
    const ready = new Promise<void>((resolve) => void client.once('ready', () => resolve()));
    client.once('qr', (text) => void simulator.scan(text, { number }));
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
