/**
 * A receiver of webhooks: verifies each against the endpoint's key, takes each event once.
 *
 *   WEBHOOK_SECRET=whsec_… npx tsx examples/webhook-receiver.ts [port]
 */
import { createServer } from 'node:http';
import { parseWebhookSecret, verifyWebhook } from '@blazz/core/signing';

const keys = [parseWebhookSecret(process.env.WEBHOOK_SECRET ?? '')];
/** The ids of events that were taken. Yours belongs into your database, with what you make of the event. */
const taken = new Set<string>();

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  const isGenuine = verifyWebhook({
    id: header('webhook-id'),
    timestamp: header('webhook-timestamp'),
    signature: header('webhook-signature'),
    body,
    keys,
    now: Date.now(),
  });
  if (!isGenuine) return void response.writeHead(401).end();
  const event = JSON.parse(body.toString());
  // The same event may come more than once: its id tells.
  if (!taken.has(event.id)) {
    taken.add(event.id);
    console.log(`${event.type} ${JSON.stringify(event.data)}`);
  }
  response.writeHead(204).end();
});
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  console.log(`listening on http://127.0.0.1:${port}/`);
});
