import { connect, type Socket } from 'node:net';

/** What a load run measured. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds from a request's last byte written to its answer's last byte read. */
  readonly p50: number;
  readonly p99: number;
  /** How many answers had which status. */
  readonly statuses: Record<string, number>;
}

/**
 * Drives one server over bare sockets, one request in flight on each, from requests that were
 * written out beforehand: the load generator must cost less than what it measures.
 */
export async function load(
  port: number,
  requests: readonly Buffer[],
  connections: number,
): Promise<LoadResult> {
  let next = 0;
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  const stopSpinning = spin();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      });
      for (;;) {
        const request = requests[next++];
        if (request === undefined) break;
        const sentAt = performance.now();
        const status = await exchange(socket, request);
        times.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
      socket.destroy();
    }),
  );
  stopSpinning();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  const seconds = (performance.now() - began) / 1000;
  return { requests: times.length, seconds, p50: at(0.5), p99: at(0.99), statuses };
}

/**
 * Keeps this process from sleeping. A virtual CPU that sleeps is woken by whoever writes to it, at tens
 * of microseconds of the writer's time: a server that answers faster than its client can ask would be
 * spared them, and every other would not.
 */
function spin(): () => void {
  let spinning = true;
  const again = (): void => {
    if (spinning) setImmediate(again);
  };
  again();
  return () => {
    spinning = false;
  };
}

function exchange(socket: Socket, request: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    let end = -1;
    const onData = (chunk: Buffer): void => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      if (end < 0) {
        const head = seen.indexOf('\r\n\r\n');
        if (head < 0) return;
        const length = /content-length: (\d+)/i.exec(seen.toString('latin1', 0, head));
        end = head + 4 + Number(length?.[1] ?? 0);
      }
      if (seen.length < end) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve(seen.toString('latin1', 9, 12));
    };
    const onClose = (): void => reject(new Error('the server closed the connection'));
    socket.on('data', onData);
    socket.on('close', onClose);
    socket.write(request);
  });
}
