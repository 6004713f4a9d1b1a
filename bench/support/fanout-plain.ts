/** The rival: `ws`, each event encoded once and sent to each client by `ws.send`. Own process. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { fanoutEvent } from './fanout-event';

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
let number = 0;
process.on('message', (command: 'usage' | number) => {
  if (command === 'usage') {
    process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
    return;
  }
  for (let i = 0; i < command; i++) {
    const seq = ++number;
    const event = { ...fanoutEvent(seq), seq, workspace_id: 'bench' };
    const frame = Buffer.from(JSON.stringify({ type: 'event', event }));
    for (const client of sockets.clients) client.send(frame, { binary: false });
  }
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
