import { type Decision, decisions } from '@blazz/core';
import { type Command, Option } from 'commander';
import { type CommonOptions, chooseWorkspace, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

type MessageOptions = CommonOptions & {
  readonly workspace?: string;
  readonly decide?: Decision['decision'];
};

/** Adds `blazz message`. */
export function addMessage(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  program
    .command('message')
    .description('show a message, its attempts and how it stands, or decide on one that is unknown')
    .argument('<id>', 'the message, msg_…')
    .option('--workspace <id>', 'the workspace; may be left out when there is only one')
    .addOption(
      new Option(
        '--decide <decision>',
        'for a message that is unknown, after a look into the chat: send it once more, or end it',
      ).choices(decisions),
    )
    .option('--json', 'print JSON')
    .action(async (id: string, options: MessageOptions) => {
      const code = await withClient(io, options, async (context) => {
        const workspace = await chooseWorkspace(context, options.workspace);
        const { client } = context;
        const signal = { signal: io.signal };
        const { decide: decision } = options;
        const message =
          decision === undefined
            ? await client.message(id, workspace, signal)
            : await client.decide(id, { workspace_id: workspace, decision }, signal);
        const attempts = message.attempts.flatMap(
          ({ number, provider, via = provider, hops = [], started_at, outcome, error }) => [
            `  attempt ${number}  ${started_at}  ${via}  ${outcome ?? 'in flight'}${error === undefined ? '' : `: ${error.message}`}`,
            ...hops.map(({ from, to, reason }) => `    from ${from} to ${to}: ${reason}`),
          ],
        );
        const head = `${message.status}  ${message.type} to ${message.to} by ${message.session_id}, accepted ${message.created_at}`;
        context.print(message, [head, ...attempts].join('\n'));
        return exitCodes.done;
      });
      done(code);
    });
}
