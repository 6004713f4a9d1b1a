import type { MessageType, ProviderFactory } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import {
  type ContractSession,
  type ProviderContractOptions,
  type ProviderFeature,
  type ProviderHarness,
  providerContract,
  type WorldEffect,
} from '@blazz/simulator/contracts';
import {
  type ScriptedAccount,
  type ScriptedSend,
  ScriptedWhatsApp,
  scriptedProvider,
} from '@blazz/simulator/provider';
import { graphHarness, lackedByGraph } from '../meta/support/graph-harness';

const stranger = '4915550009999';
const settings = { members: [{ provider: 'first' }, { provider: 'second' }] };

const types = ['text', 'image', 'reaction', 'poll'] as const;

/** A world of which the contract says what becomes of sends. */
class ContractWorld {
  readonly world: ScriptedWhatsApp;
  silence: 'lost' | 'taken' | 'off' = 'off';

  constructor(
    idPrefix: string,
    usually: ScriptedSend = { outcome: 'sent', afterMs: 1 },
    startMs: number = 0,
  ) {
    this.world = new ScriptedWhatsApp({ receipts: {}, idPrefix, startMs });
    this.world.script((message) => {
      if (usually.outcome !== 'sent') return usually;
      if (message.recipient.key === stranger) return { outcome: 'rejected' };
      if (this.silence === 'off') return usually;
      return { outcome: 'hang', effect: this.silence === 'taken' };
    });
  }

  effects({ sessionId }: ContractSession): readonly WorldEffect[] {
    return this.world.effects
      .filter((effect) => effect.sessionId === sessionId)
      .map(({ provider_message_id, to }) => ({ id: provider_message_id, to }));
  }

  account({ workspaceId, sessionId }: ContractSession): ScriptedAccount {
    return this.world.account(workspaceId, sessionId);
  }
}

/**
 * What the contract drives: two worlds as one. What comes in comes to `receiving`; what is true of
 * WhatsApp as a whole is true of both.
 */
function harness(
  worlds: readonly [ContractWorld, ContractWorld],
  receiving: ContractWorld,
  factories: readonly ProviderFactory[],
): ProviderHarness {
  const own = <T extends ContractSession>(session: ContractSession, ledger: readonly T[]): T[] =>
    ledger.filter((entry) => entry.sessionId === session.sessionId);
  const both = (session: ContractSession): readonly ScriptedAccount[] =>
    worlds.map((world) => world.account(session));
  const account = (session: ContractSession): ScriptedAccount => receiving.account(session);
  const byId = (id: string, session: ContractSession): ScriptedAccount =>
    worlds[id.startsWith('A') ? 0 : 1].account(session);
  return {
    factory: fallbackProvider({ members: factories }) as ProviderFactory,
    people: ['4915550001111', '4915550002222'],
    stranger,
    stop: () => undefined,
    world: {
      effects: (session) => worlds.flatMap((world) => world.effects(session)),
      deliverText: (session, from, body) => account(session).deliverText(from, body),
      acknowledge: (session, id, level) => byId(id, session).acknowledge(id, level),
      leftovers: () =>
        ['first', 'second', 'third'].filter((sessionId) =>
          both({ workspaceId: 'contract', sessionId }).some(
            ({ connections, online, qr }) => connections > 0 && !online && qr === undefined,
          ),
        ),
      scan: (session, qr) =>
        both(session)
          .find((one) => one.qr === qr)
          ?.scan(qr),
      phoneOf: (session) => account(session).identity.phone ?? '',
      enterCode: (session, code) => account(session).typeCode(code),
      unlink: (session) => {
        for (const one of both(session)) one.unlinkFromPhone();
      },
      writeFromPhone: (session, to, body) => account(session).writeFromPhone(to, body),
      react: (session, id, by, emoji) => byId(id, session).react(id, by, emoji),
      vote: (session, id, by, options) => byId(id, session).vote(id, by, options),
      edit: (session, id, body) => byId(id, session).edit(id, body),
      revoke: (session, id) => byId(id, session).revoke(id),
      deliverImage: (session, from, image) => account(session).deliverMedia(from, 'image', image),
      typing: (session) =>
        worlds.flatMap(({ world }) =>
          own(session, world.gestures)
            .filter(({ kind }) => kind !== 'read')
            .map(({ chat_id, kind }) => ({ chat: chat_id, state: kind })),
        ),
      reads: (session) =>
        worlds.flatMap(({ world }) =>
          own(session, world.gestures)
            .filter(({ kind }) => kind === 'read')
            .map(({ chat_id }) => chat_id),
        ),
      silence: (_, mode) => {
        for (const world of worlds) world.silence = mode;
      },
      kill: (session) => {
        for (const one of both(session)) one.crash();
      },
    },
  };
}

/** A member without a link of its own, as the Cloud API. */
function linkless(
  world: ContractWorld,
  type: string,
  messageTypes: readonly MessageType[] = types,
): ProviderFactory {
  const factory = scriptedProvider({
    world: world.world,
    type,
    messageTypes,
    abilities: ['reconciliation'],
  });
  const { linked: _, ...rest } = factory;
  return {
    ...rest,
    create: (context) => {
      world.account(context).link();
      return rest.create(context);
    },
  };
}

function contract(name: string, options: Omit<ProviderContractOptions, 'settings'>): void {
  providerContract(name, { settings, ...options });
}

contract('fallbackProvider over two members that are linked by QR', {
  lacks: ['media_upload'],
  open: async () => {
    const worlds = [new ContractWorld('A'), new ContractWorld('B')] as const;
    const [a, b] = worlds;
    return harness(worlds, a, [
      scriptedProvider({ world: a.world, type: 'first', messageTypes: types }),
      scriptedProvider({ world: b.world, type: 'second', messageTypes: types }),
    ]);
  },
});

providerContract('fallbackProvider over the Cloud API and a member that stands by', {
  settings: { members: [{ provider: 'meta_api' }, { provider: 'second' }] },
  timeoutMs: 10_000,
  quietMs: 200,
  lacks: lackedByGraph,
  open: async () => {
    const graph = await graphHarness();
    // Up after the first, or the contract's first message would go out by it.
    const standby = new ContractWorld('B', undefined, 1_500);
    const members = [graph.factory, linkless(standby, 'second', ['text', 'image'])];
    return { ...graph, factory: fallbackProvider({ members }) as ProviderFactory };
  },
});

const linking: readonly ProviderFeature[] = ['qr', 'pairing_code', 'logout', 'unlink'];

contract('fallbackProvider whose first member has no link, and carries nothing', {
  lacks: ['media_upload', ...linking],
  open: async () => {
    const closed = { outcome: 'rejected', scope: 'channel' } as const;
    const worlds = [new ContractWorld('A', closed), new ContractWorld('B')] as const;
    const [a, b] = worlds;
    for (const sessionId of ['first', 'second', 'third']) {
      b.account({ workspaceId: 'contract', sessionId }).link();
    }
    return harness(worlds, b, [
      linkless(a, 'first'),
      scriptedProvider({ world: b.world, type: 'second', messageTypes: types }),
    ]);
  },
});
