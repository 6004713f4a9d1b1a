/**
 * A bot that answers every text, embedded: no server, no HTTP, one gateway inside your process.
 *
 *   npx tsx examples/echo-bot.ts              links a real account: scan the QR with your phone
 *   npx tsx examples/echo-bot.ts --simulated  plays the phone and a customer itself, and ends
 */
import { Gateway, type GatewayEvent, MemoryStore, staticWorkspaces } from '@blazz/core';
import { webjsProvider } from '@blazz/providers/webjs';
import { WebSimulator } from '@blazz/simulator/web';
import qrcode from 'qrcode';

const simulator = process.argv.includes('--simulated') ? new WebSimulator() : undefined;
await simulator?.start();

const gateway = new Gateway({
  store: new MemoryStore(),
  providers: [
    webjsProvider({
      sessionsDir: process.env.SESSIONS_DIR ?? '.blazz/echo-bot',
      extraBrowserArgs: simulator?.chromiumArgs() ?? [],
    }),
  ],
  workspaces: staticWorkspaces([{ workspace_id: 'bot', provider_type: 'web_js' }]),
});

const workspace = gateway.workspace('bot');
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

await gateway.start();
const session = await workspace.session();
session.resume();
for await (const event of workspace.follow({ after: 'oldest', signal: stop.signal })) {
  await handle(event);
}
await gateway.stop();
await simulator?.stop();

async function handle(event: GatewayEvent): Promise<void> {
  switch (event.type) {
    case 'session.qr':
      console.log(await qrcode.toString(event.data.qr, { type: 'terminal', small: true }));
      await simulator?.scan(event.data.qr, { number: '6281200000001', name: 'Bot' });
      return;
    case 'session.state':
      console.log(`session ${event.data.state}`);
      if (event.data.state === 'ready') await simulatedCustomer('hello');
      return;
    case 'message.received': {
      const { chat_id, provider_message_id, text } = event.data;
      if (text === undefined) return;
      await workspace.send(
        { to: chat_id, type: 'text', text: { body: `You said: ${text.body}` } },
        // The event may come again after a crash; its id makes the answer go out once all the same.
        { idempotencyKey: event.id.padEnd(16, '_') },
      );
      console.log(`answered ${provider_message_id.slice(0, 5)}…`);
      return;
    }
    case 'message.status':
      console.log(`answer ${event.data.status}`);
      if (simulator !== undefined && event.data.status === 'read') stop.abort();
      return;
  }
}

async function simulatedCustomer(text: string): Promise<void> {
  await simulator?.deliver({ from: '6281200000002', to: '6281200000001', content: text });
}
