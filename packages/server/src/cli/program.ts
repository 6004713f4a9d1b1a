import { isGatewayError } from '@blazz/core';
import { Command, CommanderError } from 'commander';
import { reduceError } from '../logging/reduce-error';
import { version } from '../version';
import { addConsumers } from './commands/consumers';
import { addDoctor } from './commands/doctor';
import { addEvents } from './commands/events';
import { addExport } from './commands/export';
import { addMessage } from './commands/message';
import { addNumber } from './commands/number';
import { addSend } from './commands/send';
import { addSession } from './commands/session';
import { addStart } from './commands/start';
import { addTemplate } from './commands/template';
import { addWebhooks } from './commands/webhooks';
import { addWorkspace } from './commands/workspace';
import { type ExitCode, exitCodes } from './exit-codes';
import type { CliIo } from './io';

const usageErrors: ReadonlySet<string> = new Set(['invalid_config', 'bad_request', 'invalid_id']);

/**
 * Runs the command line.
 * @param args the arguments, without the program's own name
 * @returns the exit code
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const done = (result: ExitCode): void => {
    code = result;
  };
  const program = new Command('blazz')
    .description('Look after a Blazz gateway.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .addHelpText(
      'after',
      '\nThe server and the key come from BLAZZ_URL, BLAZZ_KEY_ID and BLAZZ_KEY_SECRET, or from the\ndata folder of a server on this machine (BLAZZ_DATA_DIR, default .blazz).\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 accepted but not sent yet.',
    );
  for (const add of [
    addSend,
    addEvents,
    addConsumers,
    addSession,
    addWorkspace,
    addMessage,
    addTemplate,
    addNumber,
    addWebhooks,
    addExport,
    addDoctor,
    addStart,
  ]) {
    add(program, io, done);
  }
  // Sub-commands take over the manners that the program had when they were made, not later ones.
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((each) => each.commands),
  ]) {
    command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, io);
  }
}

function explain(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  if (io.signal.aborted) return exitCodes.failed;
  if (!isGatewayError(error)) {
    const { name, code, message, at } = reduceError(error);
    io.err(`${['Failed:', name, code, message, at].filter(Boolean).join(' ')}\n`);
    return exitCodes.failed;
  }
  io.err(`${error.message} (${error.code})\n`);
  return usageErrors.has(error.code) ? exitCodes.usage : exitCodes.failed;
}
