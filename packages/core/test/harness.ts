import {
  Gateway,
  type GatewayEvent,
  type GatewayOptions,
  MemoryStore,
  type SessionState,
  staticWorkspaces,
} from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import {
  type ScriptedProviderOptions,
  ScriptedWhatsApp,
  type ScriptedWhatsAppOptions,
  scriptedProvider,
} from '@blazz/simulator/provider';

/** A gateway over a scripted WhatsApp, with time in the test's hands. */
export interface Harness {
  readonly clock: ManualClock;
  readonly world: ScriptedWhatsApp;
  readonly store: MemoryStore;
  readonly gateway: Gateway;
  /** A text message to a made-up number, by its last digit. */
  text(to: number | string, body?: string): { to: string; type: 'text'; text: { body: string } };
  /** Every event of a workspace so far. */
  events(workspaceId?: string): Promise<readonly GatewayEvent[]>;
  /** The states that a session went through. */
  states(workspaceId?: string): Promise<readonly SessionState[]>;
}

/** What a test may set. */
export interface HarnessOptions {
  readonly world?: Omit<ScriptedWhatsAppOptions, 'clock'>;
  readonly provider?: Omit<ScriptedProviderOptions, 'world'>;
  readonly gateway?: Partial<GatewayOptions>;
  /** Whether the workspaces' sessions are linked already. Default: true. */
  readonly linked?: boolean;
}

export function harness(options: HarnessOptions = {}): Harness {
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ receipts: {}, ...options.world, clock });
  const store = new MemoryStore();
  if (options.linked !== false) {
    world.account('ws', 'main').link();
    world.account('other', 'other_main').link();
  }
  const gateway = new Gateway({
    store,
    providers: [scriptedProvider({ ...options.provider, world })],
    workspaces: staticWorkspaces([
      { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main', 'second'] },
      { workspace_id: 'other', provider_type: 'scripted', sessions: ['other_main'] },
    ]),
    clock,
    random: () => 0.5,
    instanceId: 'test',
    ...options.gateway,
  });
  const events = async (workspaceId = 'ws'): Promise<readonly GatewayEvent[]> =>
    (await store.events.read(workspaceId, { after: 0, limit: 1000 })).events;
  return {
    clock,
    world,
    store,
    gateway,
    text: (to, body = 'hello') => ({
      to: typeof to === 'number' ? `62812000000${to}` : to,
      type: 'text',
      text: { body },
    }),
    events,
    states: async (workspaceId) =>
      (await events(workspaceId)).flatMap((event) =>
        event.type === 'session.state' ? [event.data.state] : [],
      ),
  };
}
