// An instance as it is deployed, from the built packages, in a process of its own: it is killed with
// SIGKILL. Its provider speaks to a WhatsApp in the process that started it.
import { Gateway, GatewayError, KeyRing, staticWorkspaces } from '@blazz/core';
import { createServer, scopes } from '@blazz/server';
import { sqliteStore } from '@blazz/storage/sqlite';
import { Agent, request } from 'undici';

/** @type {{ dataPath: string, port: number, whatsApp: number, secret: string, workspaces: string[] }} */
const options = JSON.parse(process.argv[2] ?? '{}');
const agent = new Agent({ connections: 64 });

/** What a caught error says about whether the message left. */
function outcomeOf(cause) {
  const wasNeverConnected = cause?.code === 'ECONNREFUSED';
  const error = new GatewayError('provider_failed', 'WhatsApp did not answer.', { cause });
  return wasNeverConnected ? { status: 'not_sent', error } : { status: 'unknown', error };
}

/** @type {import('@blazz/core').ProviderFactory} */
const counting = {
  type: 'counting',
  parse: (settings) => settings,
  create: ({ emit }) => ({
    capabilities: {
      messageTypes: ['text'],
      abilities: [],
      pace: { concurrency: 8, intervalMs: 0, jitter: 0 },
    },
    start: async () => emit({ type: 'ready', account: { phone: '4915100000001' } }),
    stop: async () => undefined,
    send: async (message, _attempt, signal) => {
      const { text } = message.content;
      const body = JSON.stringify({ message_id: message.message_id, text: text.body });
      const url = `http://127.0.0.1:${options.whatsApp}/`;
      try {
        const answer = await request(url, { method: 'POST', body, signal, dispatcher: agent });
        const value = await answer.body.json();
        if (answer.statusCode === 200) return { status: 'sent', provider_message_id: value.id };
        const error = new GatewayError('rejected', 'WhatsApp refused the message.');
        return answer.statusCode === 503
          ? { status: 'not_sent', error, retryAfterMs: 50 }
          : { status: 'rejected', error };
      } catch (cause) {
        return outcomeOf(cause);
      }
    },
  }),
};

const gateway = new Gateway({
  store: sqliteStore({ path: options.dataPath }),
  providers: [counting],
  workspaces: staticWorkspaces(
    options.workspaces.map((id) => ({
      workspace_id: id,
      provider_type: 'counting',
      sessions: [{ session_id: `${id}_a` }, { session_id: `${id}_b` }],
    })),
  ),
  instanceId: 'instance-under-kill',
});
const keys = new KeyRing([
  { id: 'soak', secret: options.secret, scopes: [...scopes], workspaces: '*' },
]);
const server = createServer({ gateway, keys, port: options.port });
await gateway.start();
for (const id of options.workspaces) {
  for (const session of await gateway.workspace(id).sessions()) session.resume();
}
await server.start();
process.send?.({ port: Number(new URL(server.address ?? '').port) });
// Whoever started it may die first.
process.on('disconnect', () => process.exit(1));
