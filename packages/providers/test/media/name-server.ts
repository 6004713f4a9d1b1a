import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';

/** The types of record that are answered. */
const types = { a: 1, aaaa: 28 } as const;

/** A name server of the test's own, and what asks it. */
export interface NameServer {
  /** The addresses of a name, as the server gives them now. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Stops it. */
  readonly stop: () => void;
}

/**
 * Starts a name server on loopback.
 * @param answers for each name its answers, one after the other; the last one stays
 */
export async function startNameServer(
  answers: Readonly<Record<string, readonly (readonly string[])[]>>,
): Promise<NameServer> {
  const asked = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, end } = nameOf(query);
    const type = query.readUInt16BE(end);
    const turns = answers[name] ?? [];
    const turn = asked.get(name) ?? 0;
    if (type === types.aaaa) asked.set(name, turn + 1);
    const now = turns[Math.min(turn, turns.length - 1)] ?? [];
    const records = now
      .filter((address) => address.includes(':') === (type === types.aaaa))
      .map((address) => recordOf(address, type));
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    socket.send(
      Buffer.concat([head, query.subarray(12, end + 4), ...records]),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${(socket.address() as AddressInfo).port}`]);
  return {
    resolve: async (host) => {
      const v4 = await resolver.resolve4(host).catch(() => []);
      const v6 = await resolver.resolve6(host).catch(() => []);
      return [...v4, ...v6];
    },
    stop: () => socket.close(),
  };
}

function nameOf(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function recordOf(address: string, type: number): Buffer {
  const data = type === types.a ? Buffer.from(address.split('.').map(Number)) : v6(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function v6(address: string): Buffer {
  const [left = '', right] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [head, tail] = [groups(left), groups(right ?? '')];
  const middle = Array(right === undefined ? 0 : 8 - head.length - tail.length).fill('0');
  const data = Buffer.alloc(16);
  [...head, ...middle, ...tail].forEach((group, at) => {
    data.writeUInt16BE(Number.parseInt(group, 16), at * 2);
  });
  return data;
}
