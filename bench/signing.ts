/**
 * What signing and verifying a request costs beside the bare HMAC, in one run.
 * `npx tsx bench/signing.ts [milliseconds per measurement]`
 */
import { createHmac, createSecretKey, hash, randomBytes } from 'node:crypto';
import { type NonceStore, systemClock } from '@blazz/core';
import {
  generateSecret,
  KeyRing,
  ReplayGuard,
  type RequestToVerify,
  Signer,
  signWebhook,
  Verifier,
  verifyWebhook,
} from '@blazz/core/signing';

const BUDGET_MS = Number(process.argv[2] ?? 300);
const ROUNDS = 5;
const BATCH = 2_000;

const secret = generateSecret();
const key = createSecretKey(Buffer.from(secret, 'base64'));
const signer = new Signer({ keyId: 'bench', secret, clock: systemClock });
/** Answers as fast as a store can: the storage behind it is measured elsewhere. */
const kept = Promise.resolve();
const nonces: NonceStore = { use: () => Promise.resolve({ fresh: true, kept }) };
const verifier = new Verifier({
  keys: new KeyRing([{ id: 'bench', secret, scopes: [], workspaces: '*' }]),
  replayGuard: new ReplayGuard(nonces),
});

type Work = () => unknown;

async function microsecondsOf(work: Work): Promise<number> {
  let calls = 0;
  const began = performance.now();
  let elapsed = 0;
  while (elapsed < BUDGET_MS) {
    for (let i = 0; i < BATCH; i++) {
      const result = work();
      if (result instanceof Promise) await result;
    }
    calls += BATCH;
    elapsed = performance.now() - began;
  }
  return (elapsed * 1000) / calls;
}

const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

for (const size of [200, 2_048, 65_536]) {
  const body = randomBytes(size);
  const line = { method: 'POST', authority: '127.0.0.1:4800', rawTarget: '/internal/send-message' };
  const idempotencyKey = 'bench-0123456789abcdef';
  const toSign = { ...line, body, idempotencyKey };
  const headers = signer.sign(toSign);
  const raw = Object.entries({
    host: line.authority,
    'user-agent': 'bench',
    accept: '*/*',
    'content-type': 'application/json',
    'content-length': String(size),
    connection: 'keep-alive',
    ...headers,
  }).flat();
  const request: RequestToVerify = { ...line, body, headers: raw, now: Date.now() };
  const text = `"@method": POST\n${'x'.repeat(480)}`;
  const webhook = {
    id: 'evt_1',
    timestamp: '1700000000',
    signature: signWebhook({ id: 'evt_1', timestamp: 1_700_000_000, body, keys: [key] }),
    body,
    keys: [key],
    now: 1_700_000_000_000,
  };
  if (!verifyWebhook(webhook)) throw new Error('The webhook to measure was refused.');
  const works: Record<string, Work> = {
    'bare createHmac over the body': () => createHmac('sha256', key).update(body).digest(),
    'the profile’s own floor: SHA-256 of the body, HMAC of the base': () => {
      hash('sha256', body, 'base64');
      return createHmac('sha256', key).update(text).digest('base64');
    },
    'Signer.sign': () => signer.sign(toSign),
    'Verifier.checkHead': () => verifier.checkHead(request),
    'Verifier.verify': () => verifier.verify(request),
    signWebhook: () => signWebhook({ id: 'evt_1', timestamp: 1_700_000_000, body, keys: [key] }),
    verifyWebhook: () => verifyWebhook(webhook),
  };
  const verdict = await verifier.verify(request);
  if (!verdict.ok) throw new Error(`The request to measure was refused: ${verdict.reason}`);
  const times = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(works)) {
      times.get(name)?.push(await microsecondsOf(work));
    }
  }
  const [bare = Number.NaN, floor = Number.NaN] = [...times.values()].map((all) =>
    median([...all]),
  );
  console.log(
    `\nbody of ${size} bytes (µs per call; speed beside bare createHmac; beside the floor)`,
  );
  for (const [name, all] of times) {
    const time = median(all);
    const ratios = `${(bare / time).toFixed(2)}x  ${(floor / time).toFixed(2)}x`;
    console.log(`${name.padEnd(64)} ${time.toFixed(2).padStart(8)}  ${ratios}`);
  }
}
