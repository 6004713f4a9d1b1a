import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { webjsProvider } from '@blazz/providers/webjs';
import type { ContractSession, ProviderHarness } from '@blazz/simulator/contracts';
import type { Effect } from '@blazz/simulator/web';
import { listProcesses } from '../../../src/webjs/browser/process-table';
import { profileTree, usesProfile } from '../../../src/webjs/browser/process-tree';
import { Lab } from './lab';

const numbers: Readonly<Record<string, string>> = { first: '628111000001', second: '628111000002' };
const people = ['628222000001', '628222000002'] as const;
const stranger = '628333000003';

const numberOf = ({ sessionId }: ContractSession): string => numbers[sessionId] ?? '628111000009';

/** A simulated WhatsApp Web, and real browsers that are linked to it. */
export async function webHarness(): Promise<ProviderHarness> {
  const lab = await Lab.open({
    ackMode: 'sent',
    isRegistered: (number) => number !== stranger,
  });
  const { simulator } = lab;
  const typed: { number: string; chat: string; state: string }[] = [];
  const read: { number: string; chat: string }[] = [];
  simulator.on('typing', ({ number, to, state }) =>
    typed.push({ number, chat: to, state: state === 'composing' ? 'typing' : state }),
  );
  simulator.on('seen', (fact) => read.push(fact));
  const profileOf = ({ workspaceId, sessionId }: ContractSession): string =>
    join(lab.dir, `workspace_${workspaceId}`, sessionId);
  const keyOf = ({ action, id, to }: Effect): string =>
    action === 'message' ? `true_${to.includes('@') ? to : `${to}@c.us`}_${id}` : `${action}_${id}`;
  return {
    factory: webjsProvider({
      sessionsDir: lab.dir,
      extraBrowserArgs: simulator.chromiumArgs(),
      watchdog: { probeMs: 1_000 },
    }),
    people,
    stranger,
    stop: () => lab[Symbol.asyncDispose](),
    world: {
      effects: (session) =>
        simulator.effects
          .filter((effect) => effect.from === numberOf(session))
          .map((effect) => ({ id: keyOf(effect), to: effect.to })),
      deliverText: async (session, from, body) => {
        const to = numberOf(session);
        const { id } = await simulator.deliver({ to, from, content: body });
        return `false_${from}@c.us_${id}`;
      },
      acknowledge: (_session, id, level) => simulator.acknowledge(id, level === 'read' ? 3 : 2),
      leftovers: async () => {
        const processes = await listProcesses();
        const left: string[] = [];
        for (const sessionId of ['first', 'second', 'third']) {
          const dir = profileOf({ workspaceId: 'contract', sessionId });
          const open = await access(join(dir, 'gateway.lock')).then(
            () => true,
            () => false,
          );
          if (open) continue;
          const tree = profileTree(processes, join(dir, 'session'));
          left.push(...tree.map((entry) => `${sessionId}: ${entry.pid}`));
        }
        return left;
      },
      scan: async (session, qr) => {
        await simulator.scan(qr, { number: numberOf(session), name: 'Ada' });
      },
      phoneOf: numberOf,
      enterCode: async (session, code) => {
        await simulator.enterCode(code, numberOf(session));
      },
      unlink: (session) => simulator.logoutFromPhone(numberOf(session)),
      writeFromPhone: async (session, to, body) => {
        const { id } = await simulator.phone(numberOf(session)).send(to, body);
        return `true_${to}@c.us_${id}`;
      },
      react: (_session, id, by, emoji) => simulator.react(id, by, emoji),
      vote: (session, id, by, options) => {
        const poll = simulator.phone(numberOf(session)).message(id)?.fields.pollOptions;
        const names = (poll as { name: string }[]).map(({ name }) => name);
        simulator.vote(
          id,
          by,
          options.map((option) => names.indexOf(option)),
        );
      },
      edit: (_session, id, text) => simulator.edit(id, text),
      revoke: (_session, id) => simulator.revoke(id),
      deliverImage: async (session, from, { data, mimeType }) => {
        const content = { kind: 'image', media: { data, mimetype: mimeType } } as const;
        const { id } = await simulator.deliver({ to: numberOf(session), from, content });
        return `false_${from}@c.us_${id}`;
      },
      typing: (session) => typed.filter(({ number }) => number === numberOf(session)),
      reads: (session) =>
        read.filter(({ number }) => number === numberOf(session)).map(({ chat }) => chat),
      silence: (session, mode) =>
        simulator.setFaults(
          { send: mode === 'off' ? 'ok' : mode === 'lost' ? 'drop' : 'lost_ack' },
          numberOf(session),
        ),
      kill: async (session) => {
        const dir = join(profileOf(session), 'session');
        const browser = (await listProcesses()).find(
          (entry) => usesProfile(entry, dir) && entry.pid === entry.group,
        );
        process.kill(browser?.pid ?? 0, 'SIGKILL');
      },
    },
  };
}
