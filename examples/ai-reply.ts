/**
 * Answers by a language model: a reader of the event log that keeps each chat's last messages and asks
 * an endpoint of the kind that most models offer (`POST …/chat/completions`).
 *
 *   AI_URL=http://127.0.0.1:8080/v1 AI_KEY=… AI_MODEL=… npx tsx examples/ai-reply.ts shop
 *
 * It talks to a running instance over its API: BLAZZ_URL, BLAZZ_KEY_ID, BLAZZ_KEY_SECRET (a key with the
 * scopes `send` and `events`). `--once` ends it after the first answer.
 */
import { EventFeed, GatewayClient } from '@blazz/router';

const [workspace_id = 'sandbox'] = process.argv.slice(2).filter((each) => !each.startsWith('--'));
const connection = {
  baseUrl: process.env.BLAZZ_URL ?? 'http://127.0.0.1:3001',
  key: { id: process.env.BLAZZ_KEY_ID ?? '', secret: process.env.BLAZZ_KEY_SECRET ?? '' },
};
const client = new GatewayClient(connection);
const feed = new EventFeed({
  ...connection,
  workspaceId: workspace_id,
  // Kept by the server: after a restart it goes on with what was not answered.
  consumer: 'ai-reply',
  types: ['message.received'],
});

interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What each chat said last. A chat that is quiet long enough falls out. */
const chats = new Map<string, readonly Turn[]>();
const TURNS = 20;
const CHATS = 1_000;

for await (const event of feed) {
  if (event.type !== 'message.received' || event.data.text === undefined) continue;
  const { chat_id, is_group, text } = event.data;
  if (is_group) continue;
  const heard = remember(chat_id, { role: 'user', content: text.body });
  const answer = await ask(heard);
  await client.send(
    { workspace_id, to: chat_id, type: 'text', text: { body: answer } },
    // Asked again after a crash, the model may say something else: the first answer stands.
    { idempotencyKey: event.id.padEnd(16, '_') },
  );
  remember(chat_id, { role: 'assistant', content: answer });
  console.log(`answered ${event.id}`);
  if (process.argv.includes('--once')) break;
}
await feed.stop();
await client.close();

function remember(chat: string, turn: Turn): readonly Turn[] {
  const turns = [...(chats.get(chat) ?? []), turn].slice(-TURNS);
  chats.delete(chat);
  chats.set(chat, turns);
  const [quietest] = chats.keys();
  if (chats.size > CHATS && quietest !== undefined) chats.delete(quietest);
  return turns;
}

async function ask(turns: readonly Turn[]): Promise<string> {
  const system: Turn = {
    role: 'system',
    content: 'Answer briefly, in the language of the customer.',
  };
  const response = await fetch(`${process.env.AI_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.AI_KEY}` },
    body: JSON.stringify({ model: process.env.AI_MODEL, messages: [system, ...turns] }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok)
    throw new Error(`The model answered ${response.status}; see AI_URL and AI_KEY.`);
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? '';
}
