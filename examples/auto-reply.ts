/**
 * Auto-replies over the Cloud API, embedded in a server of your own: Meta posts to a route of yours, and
 * a table says what is answered.
 *
 *   npx tsx examples/auto-reply.ts              a real number: META_* variables below
 *   npx tsx examples/auto-reply.ts --simulated  plays Meta and a customer itself, and ends
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { Gateway, MemoryStore, staticWorkspaces } from '@blazz/core';
import { metaProvider } from '@blazz/providers/meta';
import { webhookHandler } from '@blazz/server';
import { GraphSimulator } from '@blazz/simulator/graph';

/** What is answered to what. The first row that matches counts. */
const replies: readonly (readonly [RegExp, string])[] = [
  [/\b(hours|open)\b/i, 'We are open from 9 to 17, Monday to Friday.'],
  [/\b(price|cost)\b/i, 'You find every price at https://shop.example/prices'],
  [/./, 'Thank you! Somebody will answer soon.'],
];

const simulator = process.argv.includes('--simulated') ? new GraphSimulator() : undefined;
await simulator?.start();
const business = simulator?.addBusiness();

const gateway = new Gateway({
  store: new MemoryStore(),
  providers: [metaProvider()],
  workspaces: staticWorkspaces([
    {
      workspace_id: 'shop',
      provider_type: 'meta_api',
      settings: {
        phone_number_id: business?.phoneNumberId ?? process.env.META_PHONE_NUMBER_ID,
        access_token: business?.accessToken ?? process.env.META_ACCESS_TOKEN,
        app_secrets: [business?.appSecret ?? process.env.META_APP_SECRET],
        verify_token: business?.verifyToken ?? process.env.META_VERIFY_TOKEN,
        ...(simulator === undefined ? {} : { graph_url: simulator.url }),
      },
    },
  ]),
});
await gateway.start();

// The route that Meta is given: https://your-host/whatsapp
const handler = webhookHandler(gateway);
const server = createServer(async (incoming, answer) => {
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers: incoming.headers as Record<string, string>,
    ...(incoming.method === 'POST' ? { body: Readable.toWeb(incoming), duplex: 'half' } : {}),
  } as RequestInit);
  const response = await handler(request, 'shop');
  answer.writeHead(response.status, Object.fromEntries(response.headers));
  answer.end(Buffer.from(await response.arrayBuffer()));
}).listen(Number(process.env.PORT ?? 0), () => void play());

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
const shop = gateway.workspace('shop');
// A named reader goes on where it stopped.
const reader = {
  consumer: 'auto-reply',
  after: simulator && 'oldest',
  signal: stop.signal,
} as const;
for await (const event of shop.follow(reader)) {
  if (event.type === 'message.status') {
    console.log(`reply ${event.data.status}`);
    if (simulator !== undefined && event.data.status === 'read') stop.abort();
  }
  if (event.type !== 'message.received') continue;
  const { chat_id, text, provider_message_id } = event.data;
  const reply = replies.find(([pattern]) => pattern.test(text?.body ?? ''))?.[1];
  if (reply === undefined) continue;
  await shop.send(
    { to: chat_id, type: 'text', text: { body: reply }, reply_to: provider_message_id },
    // The event may come again after a crash; its id makes the reply go out once all the same.
    { idempotencyKey: event.id.padEnd(16, '_') },
  );
}
server.close();
await gateway.stop();
await simulator?.stop();

/** Plays Meta, which asks whether the address is ours, and a customer, who asks when the shop is open. */
async function play(): Promise<void> {
  if (simulator === undefined || business === undefined) return;
  const { port } = server.address() as AddressInfo;
  await simulator.webhooks.subscribe(business.appId, `http://127.0.0.1:${port}/whatsapp`);
  simulator
    .phone('4915112345678')
    .send(business.number, { type: 'text', text: { body: 'When are you open?' } });
}
