/**
 * A signed and validated `POST /internal/send-message` to a scripted provider, beside a bare
 * `node:http` JSON echo that gets the very same bytes. Alternating rounds in one run.
 * `npx tsx bench/http-send.ts [--durable] [rounds] [requests per round]`
 *
 * With `--durable` nothing is delivered, and each answer comes after SQLite's sync to the disk.
 */
import { systemClock } from '@blazz/core';
import { generateSecret, Signer } from '@blazz/core/signing';
import { type ServerProcess, serverProcess } from './support/child';
import { median } from './support/figures';
import { load } from './support/load';

const isDurable = process.argv.includes('--durable');
const [rounds = 5, requests = 20_000] = process.argv.slice(2).filter((each) => /^\d+$/.test(each));
const ROUNDS = Number(rounds);
const REQUESTS = Number(requests);
const CONNECTIONS = 64;
const secret = generateSecret();
const signer = new Signer({ keyId: 'bench', secret, clock: systemClock });

/** Requests written out as they go over the wire, each signed for itself. */
function requestsFor(port: number, round: number): Buffer[] {
  const authority = `127.0.0.1:${port}`;
  const rawTarget = '/internal/send-message';
  return Array.from({ length: REQUESTS }, (_, i) => {
    const body = Buffer.from(
      JSON.stringify({
        workspace_id: 'bench',
        to: `62812${String(10_000_000 + (i % 5_000))}`,
        type: 'text',
        text: { body: `Your order no. ${i} is on its way and arrives tomorrow between 9 and 12.` },
      }),
    );
    const idempotencyKey = `bench-${round}-${port}-${String(i).padStart(8, '0')}`;
    const headers = signer.sign({ method: 'POST', authority, rawTarget, body, idempotencyKey });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const head = [
      `POST ${rawTarget} HTTP/1.1`,
      `host: ${authority}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      'prefer: respond-async',
      ...lines,
    ];
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
  });
}

async function round(server: ServerProcess, requests: Buffer[]) {
  const before = await server.usage();
  const result = await load(server.port, requests, CONNECTIONS);
  const after = await server.usage();
  return {
    perSecond: result.requests / result.seconds,
    cpuUs: (after.cpuUs - before.cpuUs) / result.requests,
    rssMb: after.rss / 1e6,
    ...result,
  };
}

const echo = await serverProcess('raw-echo');
const gateway = await serverProcess('gateway-process', secret, isDurable ? 'durable' : 'delivered');
const rows: { echo: Awaited<ReturnType<typeof round>>; ours: Awaited<ReturnType<typeof round>> }[] =
  [];
for (let i = 0; i <= ROUNDS; i++) {
  const pair = {
    echo: await round(echo, requestsFor(echo.port, i)),
    ours: await round(gateway, requestsFor(gateway.port, i)),
  };
  const shown = (row: typeof pair.ours) =>
    `${Math.round(row.perSecond)}/s, ${row.cpuUs.toFixed(1)} µs CPU, p50 ${row.p50.toFixed(2)} ms, p99 ${row.p99.toFixed(2)} ms, ${row.rssMb.toFixed(0)} MB, ${JSON.stringify(row.statuses)}`;
  console.log(
    `${i === 0 ? 'warm-up' : `round ${i}`}\n  echo    ${shown(pair.echo)}\n  gateway ${shown(pair.ours)}`,
  );
  if (i > 0) rows.push(pair);
}
await Promise.all([echo.stop(), gateway.stop()]);
const ratio = median(rows.map((row) => row.ours.perSecond / row.echo.perSecond));
const cpu = median(rows.map((row) => row.ours.cpuUs / row.echo.cpuUs));
console.log(
  `requests per second, gateway / raw echo: ${ratio.toFixed(2)} (aim at least ${isDurable ? '0.45' : '0.60'})`,
);
console.log(`CPU per request,     gateway / raw echo: ${cpu.toFixed(2)}`);
