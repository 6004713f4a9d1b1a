/** Clients that read as cheaply as can be: bare sockets that count frames by their heads. Own process. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

/** What the clients are told to do. */
export interface ReceiverOrders {
  readonly port: number;
  readonly path: string;
  /** Headers for the upgrade, one set for each client. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  /** What each says once it is connected. */
  readonly hello?: string;
}

/** Frames at least this long are events; greetings are shorter. */
const EVENT_BYTES = 300;

/** The first byte of a ping, and its answer, masked with zeros. */
const PING = 0x89;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

let seen = 0;
let wanted = 0;
const note = (): void => {
  if (seen < wanted || wanted === 0) return;
  wanted = 0;
  process.send?.('seen');
};

process.on('disconnect', () => process.exit());
process.on('message', (message: ReceiverOrders | { readonly until: number }) => {
  if ('until' in message) {
    wanted = message.until;
    return note();
  }
  void Promise.all(message.headers.map((headers) => follow(message, headers))).then(() => {
    process.send?.('connected');
  });
});

function follow(orders: ReceiverOrders, headers: Readonly<Record<string, string>>): Promise<void> {
  const { port, path, hello } = orders;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const head = [
    `GET ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    let pending: Buffer = Buffer.alloc(0);
    let isUpgraded = false;
    /** How much of the frame under way is still to come. */
    let rest = 0;
    const connected = (): void => {
      if (hello === undefined) return resolve();
      socket.write(clientFrame(hello));
    };
    socket.on('data', (data) => {
      if (isUpgraded && rest >= data.length) {
        rest -= data.length;
        if (rest === 0) note();
        return;
      }
      pending = pending.length === 0 ? data : Buffer.concat([pending, data]);
      if (!isUpgraded) {
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!pending.toString('latin1', 9, 12).startsWith('101')) {
          return reject(new Error(pending.toString('latin1')));
        }
        isUpgraded = true;
        pending = pending.subarray(end + 4);
        connected();
      }
      let at = rest;
      rest = 0;
      for (let frame = headAt(pending, at); frame !== undefined; frame = headAt(pending, at)) {
        if (frame.isPing) socket.write(PONG);
        else if (frame.length >= EVENT_BYTES) seen++;
        else if (pending.includes('"subscribed"', at)) resolve();
        at = frame.end;
        if (at > pending.length) break;
      }
      rest = Math.max(0, at - pending.length);
      pending = pending.subarray(Math.min(at, pending.length));
      note();
    });
  });
}

interface Head {
  readonly isPing: boolean;
  readonly length: number;
  readonly end: number;
}

function headAt(bytes: Buffer, at: number): Head | undefined {
  const short = bytes[at + 1];
  if (short === undefined) return undefined;
  const length =
    short < 126 ? short : bytes.length < at + 4 ? undefined : bytes.readUInt16BE(at + 2);
  if (length === undefined) return undefined;
  return { isPing: bytes[at] === PING, length, end: at + (short < 126 ? 2 : 4) + length };
}

/** A client's frame, masked with zeros. */
function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
