import type { Command } from 'commander';
import { type CommonOptions, chooseWorkspace, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

/** Adds `blazz message`. */
export function addMessage(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  program
    .command('message')
    .description('show a message, its attempts and how it stands')
    .argument('<id>', 'the message, msg_…')
    .option('--workspace <id>', 'the workspace; may be left out when there is only one')
    .option('--json', 'print JSON')
    .action(async (id: string, options: CommonOptions & { readonly workspace?: string }) => {
      const code = await withClient(io, options, async (context) => {
        const workspace = await chooseWorkspace(context, options.workspace);
        const message = await context.client.message(id, workspace, { signal: io.signal });
        const attempts = message.attempts.map(
          ({ number, provider, started_at, outcome = 'in flight', error }) =>
            `  attempt ${number}  ${started_at}  ${provider}  ${outcome}${error === undefined ? '' : `: ${error.message}`}`,
        );
        const head = `${message.status}  ${message.type} to ${message.to} by ${message.session_id}, accepted ${message.created_at}`;
        context.print(message, [head, ...attempts].join('\n'));
        return exitCodes.done;
      });
      done(code);
    });
}
