import { Gateway, type GatewayOptions, MemoryStore, staticWorkspaces } from '@blazz/core';
import { generateSecret, KeyRing } from '@blazz/core/signing';
import {
  createServer,
  type GatewayServer,
  type Scope,
  type ServerOptions,
  scopes,
  undiciTransport,
} from '@blazz/server';
import {
  ScriptedWhatsApp,
  type ScriptedWhatsAppOptions,
  scriptedProvider,
} from '@blazz/simulator/provider';
import { call, type TestAnswer, type TestCall, type TestKey } from './call';

/** A whole instance on a free port: real HTTP, a real gateway, and a scripted WhatsApp. */
export interface Instance extends AsyncDisposable {
  readonly world: ScriptedWhatsApp;
  readonly gateway: Gateway;
  readonly server: GatewayServer;
  readonly url: string;
  readonly keys: {
    /** Covers everything. */
    readonly root: TestKey;
    /** Covers workspace `own` only. */
    readonly own: TestKey;
    /** Covers workspace `other` only. */
    readonly other: TestKey;
  };
  call(options: TestCall): Promise<TestAnswer>;
  /** Links the session of workspace `own` and waits until it is ready. */
  link(workspaceId?: string): Promise<void>;
  /** A key with these scopes only. */
  addKey(
    id: string,
    scopes: readonly Scope[],
    workspaces: '*' | readonly string[],
    notAfter?: number,
  ): TestKey;
}

/** What a test changes about its instance. */
export interface InstanceOptions {
  readonly world?: ScriptedWhatsAppOptions;
  readonly gateway?: Partial<GatewayOptions>;
  readonly server?: Partial<ServerOptions>;
}

/** Starts an instance with the workspaces `own` and `other`, of one session each. */
export async function startInstance(options: InstanceOptions = {}): Promise<Instance> {
  const world = new ScriptedWhatsApp(options.world);
  const gateway = new Gateway({
    store: new MemoryStore(),
    providers: [scriptedProvider({ world })],
    workspaces: staticWorkspaces([
      { workspace_id: 'own', provider_type: 'scripted' },
      { workspace_id: 'other', provider_type: 'scripted' },
    ]),
    instanceId: 'test',
    // Receivers of the tests are on this machine.
    webhooks: undiciTransport({ allow: ['127.0.0.1'] }),
    ...options.gateway,
  });
  const ring = new KeyRing();
  const addKey: Instance['addKey'] = (id, allowed, workspaces, notAfter) => {
    const secret = generateSecret();
    ring.add({ id, secret, scopes: [...allowed], workspaces, notAfter });
    return { id, secret };
  };
  const keys = {
    root: addKey('root', scopes, '*'),
    own: addKey('own', scopes, ['own']),
    other: addKey('other', scopes, ['other']),
  };
  const server = createServer({ gateway, keys: ring, port: 0, ...options.server });
  await gateway.start();
  await server.start();
  const url = server.address as string;
  return {
    world,
    gateway,
    server,
    url,
    keys,
    addKey,
    call: (request) => call(url, request),
    async link(workspaceId = 'own') {
      const session = await gateway.workspace(workspaceId).session();
      const { text } = await session.qr({ timeoutMs: 10_000 });
      const ready = untilReady(gateway, workspaceId);
      world.account(workspaceId, session.id).scan(text);
      await ready;
    },
    async [Symbol.asyncDispose]() {
      server.drain();
      await gateway.stop();
      await server.stop();
    },
  };
}

/** Resolves when the log tells that the workspace's session is ready. */
export async function untilReady(gateway: Gateway, workspaceId: string): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  for await (const event of gateway.workspace(workspaceId).follow({ after: 'oldest', signal })) {
    if (event.type === 'session.state' && event.data.state === 'ready') return;
  }
}
