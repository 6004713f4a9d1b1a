import { type ContractSession, providerContract } from '@blazz/simulator/contracts';
import {
  type ScriptedAccount,
  ScriptedWhatsApp,
  scriptedProvider,
} from '@blazz/simulator/provider';

providerContract('scriptedProvider', {
  lacks: ['media_upload'],
  open: async () => {
    const world = new ScriptedWhatsApp({ receipts: {} });
    const stranger = '4915550009999';
    let silence: 'lost' | 'taken' | 'off' = 'off';
    world.script((message) => {
      if (message.recipient.key === stranger) return { outcome: 'rejected' };
      if (silence === 'off') return { outcome: 'sent', afterMs: 1 };
      return { outcome: 'hang', effect: silence === 'taken' };
    });
    const account = ({ workspaceId, sessionId }: ContractSession): ScriptedAccount =>
      world.account(workspaceId, sessionId);
    const own = <T extends ContractSession>(session: ContractSession, ledger: readonly T[]) =>
      ledger.filter((entry) => entry.sessionId === session.sessionId);
    const sessions = ['first', 'second', 'third'];
    return {
      factory: scriptedProvider({ world, messageTypes: ['text', 'image', 'reaction', 'poll'] }),
      people: ['4915550001111', '4915550002222'],
      stranger,
      stop: () => undefined,
      world: {
        effects: (session) =>
          own(session, world.effects).map(({ provider_message_id, to }) => ({
            id: provider_message_id,
            to,
          })),
        deliverText: (session, from, body) => account(session).deliverText(from, body),
        acknowledge: (session, id, level) => account(session).acknowledge(id, level),
        leftovers: () =>
          sessions.filter((sessionId) => {
            const { connections, online, qr } = world.account('contract', sessionId);
            return connections > 0 && !online && qr === undefined;
          }),
        scan: (session, qr) => account(session).scan(qr),
        phoneOf: (session) => account(session).identity.phone ?? '',
        enterCode: (session, code) => account(session).typeCode(code),
        unlink: (session) => account(session).unlinkFromPhone(),
        writeFromPhone: (session, to, body) => account(session).writeFromPhone(to, body),
        react: (session, id, by, emoji) => account(session).react(id, by, emoji),
        vote: (session, id, by, options) => account(session).vote(id, by, options),
        edit: (session, id, text) => account(session).edit(id, text),
        revoke: (session, id) => account(session).revoke(id),
        deliverImage: (session, from, image) => account(session).deliverMedia(from, 'image', image),
        typing: (session) =>
          own(session, world.gestures)
            .filter(({ kind }) => kind !== 'read')
            .map(({ chat_id, kind }) => ({ chat: chat_id, state: kind })),
        reads: (session) =>
          own(session, world.gestures)
            .filter(({ kind }) => kind === 'read')
            .map(({ chat_id }) => chat_id),
        silence: (_, mode) => {
          silence = mode;
        },
        kill: (session) => account(session).crash(),
      },
    };
  },
});
