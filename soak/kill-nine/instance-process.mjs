// An instance as it is deployed, from the built packages, in a process of its own: it is killed with
// SIGKILL. Its provider speaks to a WhatsApp in the process that started it.
import { Gateway, GatewayError, staticWorkspaces } from '@blazz/core';
import { KeyRing } from '@blazz/core/signing';
import { createServer, scopes, undiciTransport } from '@blazz/server';
import { sqliteStore } from '@blazz/storage/sqlite';

/** @type {{ dataPath: string, port: number, whatsApp: number, secret: string, workspaces: string[] }} */
const options = JSON.parse(process.argv[2] ?? '{}');

/** What a caught error says about whether the message left. */
function outcomeOf(cause) {
  const wasNeverConnected = cause?.cause?.code === 'ECONNREFUSED';
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
        const answer = await fetch(url, { method: 'POST', body, signal });
        const value = await answer.json();
        if (answer.status === 200) return { status: 'sent', provider_message_id: value.id };
        const error = new GatewayError('rejected', 'WhatsApp refused the message.');
        return answer.status === 503
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
  webhooks: undiciTransport({ allow: ['127.0.0.1'] }),
});
const keys = new KeyRing([
  { id: 'soak', secret: options.secret, scopes: [...scopes], workspaces: '*' },
]);
const server = createServer({ gateway, keys, port: options.port });
await gateway.start();
for (const id of options.workspaces) {
  for (const session of await gateway.workspace(id).sessions()) session.resume();
}
for (const id of options.workspaces) {
  const url = `http://127.0.0.1:${options.whatsApp}/hooks`;
  if ((await gateway.webhooks?.list(id))?.length === 0) await gateway.webhooks?.add(id, { url });
}
await server.start();
process.send?.({ port: Number(new URL(server.address ?? '').port) });
// Whoever started it may die first.
process.on('disconnect', () => process.exit(1));
