/**
 * The application's side: a signed send, and the event stream that tells what becomes of it.
 * Needs a server (`npm start`) and one of its keys.
 *
 *   BLAZZ_URL=http://127.0.0.1:3001 BLAZZ_KEY_ID=… BLAZZ_KEY_SECRET=… \
 *     npx tsx examples/send-and-follow.ts <workspace> <to> <text>
 */
import { EventFeed, GatewayClient } from '@blazz/router';

const { BLAZZ_URL = 'http://127.0.0.1:3001', BLAZZ_KEY_ID, BLAZZ_KEY_SECRET } = process.env;
const [workspaceId, to, body] = process.argv.slice(2);
if (!BLAZZ_KEY_ID || !BLAZZ_KEY_SECRET || !workspaceId || !to || !body) {
  console.error('Set BLAZZ_KEY_ID and BLAZZ_KEY_SECRET; arguments: <workspace> <to> <text>');
  process.exit(2);
}

const connection = { baseUrl: BLAZZ_URL, key: { id: BLAZZ_KEY_ID, secret: BLAZZ_KEY_SECRET } };
await using client = new GatewayClient(connection);
await using feed = new EventFeed({ ...connection, workspaceId, types: ['message.status'] });

// Take the key from your own record of the message: then a crash here cannot send it twice.
const idempotencyKey = `example-${Date.now()}-0001`;
const { message_id, status } = await client.send(
  { workspace_id: workspaceId, to, type: 'text', text: { body } },
  { idempotencyKey },
);
console.log(`${message_id} ${status}`);

const { events } = await client.events({ workspace_id: workspaceId, after: 0 });
for (const event of events) {
  if (event.type === 'message.status' && event.data.message_id === message_id) {
    console.log(`so far: ${event.data.status}`);
    if (event.data.status === 'read') process.exit(0);
  }
}
for await (const item of feed) {
  if (item.type !== 'message.status' || item.data.message_id !== message_id) continue;
  console.log(`now: ${item.data.status}`);
  if (item.data.status === 'read' || item.data.status === 'failed') break;
}
