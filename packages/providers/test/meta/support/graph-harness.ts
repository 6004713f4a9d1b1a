import type { ContractSession, ProviderFeature, ProviderHarness } from '@blazz/simulator/contracts';
import type { ActiveFault } from '@blazz/simulator/graph';
import { GraphLab } from './graph-lab';

const people = ['628222000001', '628222000002'] as const;
const stranger = '628333000003';

/** What the Cloud API, or its simulation, cannot do. */
export const lackedByGraph: readonly ProviderFeature[] = [
  // The Cloud API has no devices that are linked, and nothing between us and Meta to kill.
  'qr',
  'pairing_code',
  'logout',
  'unlink',
  'kill',
  // What comes in while a session is away is kept by whoever takes the webhooks.
  'catch_up',
  // Told by webhooks that the simulated customers do not cause.
  'echo',
  'edits',
  'revokes',
  // Typing is shown only as an answer to a message, and never as recording.
  'typing',
  'poll_votes',
];

/** A business for each session of the contract, on a simulated Graph that answers as the contract says. */
export async function graphHarness(): Promise<ProviderHarness> {
  const lab = await GraphLab.open({
    receipts: 'sent',
    refusals: 'answer',
    limits: { pair: false },
    isOnWhatsApp: (number) => number !== stranger,
  });
  const { simulator } = lab;
  const idOf = ({ sessionId }: ContractSession): string => lab.business(sessionId).phoneNumberId;
  const wroteTo = ['first', 'second', 'third'].map((sessionId) =>
    idOf({ workspaceId: '', sessionId }),
  );
  for (const number of people) simulator.addContact({ number, wroteTo });
  for (const sessionId of ['first', 'second', 'third']) {
    simulator.addTemplate({ wabaId: lab.business(sessionId).wabaId, name: 'hello_world' });
  }
  const chats = new Map<string, string>();
  const read: { readonly number: string; readonly chat: string }[] = [];
  simulator.on('read', ({ phoneNumberId, messageId }) =>
    read.push({ number: phoneNumberId, chat: chats.get(messageId) ?? '' }),
  );
  let fault: ActiveFault | undefined;
  return {
    factory: lab.factory,
    people,
    stranger,
    stop: () => lab[Symbol.asyncDispose](),
    world: {
      effects: (session) =>
        simulator.effects
          .filter(({ phoneNumberId }) => phoneNumberId === idOf(session))
          .map(({ id, to }) => ({ id, to })),
      deliverText: (session, from, body) => {
        const id = simulator.phone(from).text(idOf(session), body);
        chats.set(id, from);
        return id;
      },
      acknowledge: (_session, id, level) => simulator.setStatus(id, level),
      leftovers: () => lab.leftovers,
      react: (session, id, by, emoji) => {
        simulator.phone(by).react(id, emoji, idOf(session));
      },
      deliverImage: (session, from, { data, mimeType }) => {
        const image = { kind: 'image', bytes: data, mimeType } as const;
        return simulator.phone(from).media(idOf(session), image);
      },
      reads: (session) =>
        read.filter(({ number }) => number === idOf(session)).map(({ chat }) => chat),
      silence: (session, mode) => {
        fault?.remove();
        if (mode === 'off') return;
        fault = simulator.faults.add({
          fault: { kind: 'hang', effect: mode === 'taken' },
          match: { endpoint: 'send_message', phoneNumberId: idOf(session) },
        });
      },
    },
  };
}
