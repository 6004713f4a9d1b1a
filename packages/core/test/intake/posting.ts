import { type Gateway, type GatewayOptions, staticWorkspaces } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp } from '@blazz/simulator/provider';
import { type Harness, harness } from '../harness';
import { type PostedPart, postingProvider } from './posting-provider';

/** Two tenants with one app, and one with an app of its own. */
export const workspaces: readonly object[] = [
  {
    workspace_id: 'ws',
    provider_type: 'scripted',
    settings: { secret: 'app' },
    sessions: [
      { session_id: 'main', settings: { account: '1' } },
      { session_id: 'second', settings: { account: '2' } },
    ],
  },
  {
    workspace_id: 'other',
    provider_type: 'scripted',
    settings: { secret: 'app', account: '3' },
    sessions: ['other_main'],
  },
  {
    workspace_id: 'stranger',
    provider_type: 'scripted',
    settings: { secret: 'own', account: '4' },
    sessions: ['stranger_main'],
  },
];

/** A gateway whose platform posts webhooks. */
export function posting(linked = true, gateway: Partial<GatewayOptions> = {}): Harness {
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ receipts: {}, clock });
  if (linked) for (const id of ['main', 'second']) world.account('ws', id).link();
  const base = harness({
    linked: false,
    gateway: {
      clock,
      providers: [postingProvider({ world })],
      workspaces: staticWorkspaces(workspaces),
      ...gateway,
    },
  });
  return { ...base, clock, world };
}

/** Posts parts, proven by a secret. */
export async function post(
  gateway: Gateway,
  identifier: string,
  parts: readonly PostedPart[] | string,
  secret = 'app',
): Promise<number> {
  const body = Buffer.from(typeof parts === 'string' ? parts : JSON.stringify(parts));
  const header = (name: string): string | undefined => (name === 'x-secret' ? secret : undefined);
  return await gateway.intake.receive({ identifier, header, body });
}

/** The messages that came in for a workspace, each behind its session. */
export async function ids(under: Harness, workspaceId = 'ws'): Promise<readonly string[]> {
  return (await under.events(workspaceId)).flatMap((event) =>
    event.type === 'message.received'
      ? `${event.session_id}:${event.data.provider_message_id}`
      : [],
  );
}
