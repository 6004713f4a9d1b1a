import { Gateway, MemoryStore } from '@blazz/core';
import { webjsProvider } from '@blazz/providers/webjs';
import type { Contender, ContenderOptions } from './contender';

/** A gateway, with one workspace and one session per name, sending as fast as it is asked to. */
export async function ours(options: ContenderOptions): Promise<Contender> {
  const { dir, browserArgs, browserPath } = options;
  const provider = webjsProvider({
    sessionsDir: dir,
    extraBrowserArgs: browserArgs,
    pace: { intervalMs: 0, jitter: 0 },
    ...(browserPath === undefined ? {} : { browserPath }),
  });
  const gateway = new Gateway({ store: new MemoryStore(), providers: [provider] });
  await gateway.start();
  const known = new Set<string>();
  const workspaceOf = async (name: string) => {
    if (!known.has(name)) {
      known.add(name);
      await gateway.configure({
        workspace_id: name,
        provider_type: 'web_js',
        sessions: [{ session_id: name }],
      });
    }
    return gateway.workspace(name);
  };
  return {
    async start(name) {
      const session = await (await workspaceOf(name)).session();
      await session.start();
      return session.state === 'pairing' ? { qr: (await session.qr()).text } : {};
    },
    async ready(name) {
      const workspace = await workspaceOf(name);
      const session = await workspace.session();
      const signal = AbortSignal.timeout(60_000);
      const changes = workspace.follow({ after: 'oldest', types: ['session.state'], signal });
      for await (const _ of changes) if (session.state === 'ready') return;
      throw new Error(`The session is ${session.state} after a minute.`);
    },
    async send(name, to, body) {
      const workspace = gateway.workspace(name);
      const { message } = await workspace.send({ to, type: 'text', text: { body } });
      const { status } = await workspace.settled(message.message_id, { timeoutMs: 30_000 });
      if (status !== 'sent') throw new Error(`The message is ${status}, not sent.`);
    },
    async stop(name) {
      await (await gateway.workspace(name).session()).stop();
    },
  };
}
