import type { SessionStatus } from '@blazz/core';
import type { Command } from 'commander';
import qrcode from 'qrcode';
import { type CommandContext, type CommonOptions, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

type Act = (context: CommandContext, id: string) => Promise<void>;

const states: readonly (readonly [name: 'reconnect' | 'stop' | 'logout', words: string])[] = [
  ['reconnect', 'stop and start a session'],
  ['stop', 'stop a session; its link stays'],
  ['logout', 'unlink a session and delete its credentials'],
];

/** Adds `blazz session …`. */
export function addSession(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  const session = program.command('session').description('look after sessions');
  const run = (options: CommonOptions, act: (context: CommandContext) => Promise<void>) =>
    withClient(io, options, async (context) => {
      await act(context);
      return exitCodes.done;
    }).then(done);
  const add = (name: string, words: string, act: Act): void => {
    session
      .command(name)
      .description(words)
      .argument('<id>', 'a session id, or a workspace id: then its primary session')
      .option('--json', 'print JSON')
      .action((id: string, options: CommonOptions) => run(options, (context) => act(context, id)));
  };
  session
    .command('list')
    .description('list the sessions of this instance')
    .option('--json', 'print JSON')
    .action((options: CommonOptions) => run(options, list));
  add('status', 'how a session stands', async (context, id) => {
    const status = await context.client.sessionStatus(id, { signal: io.signal });
    context.print(status, describe(status));
  });
  add('qr', 'start pairing and show the QR', async (context, id) => {
    const answer = await context.client.qr(id, { signal: io.signal, timeoutMs: 90_000 });
    const picture = await qrcode.toString(answer.qr, {
      type: 'terminal',
      small: true,
      errorCorrectionLevel: 'L',
    });
    context.print(answer, `${picture}\nScan it before ${answer.expires_at}.`);
  });
  session
    .command('pair')
    .description('start pairing and show a code to type into the phone')
    .argument('<id>', 'a session id, or a workspace id: then its primary session')
    .argument('<phone>', "the account's own number, with country code")
    .option('--json', 'print JSON')
    .action((id: string, phone: string, options: CommonOptions) =>
      run(options, async (context) => {
        const wait = { signal: io.signal, timeoutMs: 90_000 };
        const answer = await context.client.pairingCode(id, phone, wait);
        context.print(
          answer,
          `${answer.code}\nType it into the phone before ${answer.expires_at}.`,
        );
      }),
    );
  for (const [name, words] of states) {
    add(name, words, async (context, id) => {
      const status = await context.client[name](id, { signal: io.signal, timeoutMs: 120_000 });
      context.print(status, describe(status));
    });
  }
}

async function list(context: CommandContext): Promise<void> {
  const sessions = await context.client.sessions({ signal: context.io.signal });
  const lines = sessions.map((session) => `${session.workspace_id}  ${describe(session)}`);
  context.print(sessions, lines.join('\n') || 'No session is known yet.');
}

function describe(status: SessionStatus): string {
  const { session_id, provider, since, reason, percent, queue, last_error } = status;
  const state = percent === undefined ? status.state : `${status.state} ${percent} %`;
  const waiting = queue.queued.interactive + queue.queued.bulk + queue.sending;
  const parts = [
    session_id,
    provider,
    reason === undefined ? state : `${state} (${reason})`,
    `since ${since}`,
    `${waiting} to send`,
    ...(queue.unknown === 0 ? [] : [`${queue.unknown} unknown`]),
    ...(last_error === undefined ? [] : [`last error: ${last_error.message}`]),
  ];
  return parts.join('  ');
}
