import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes';
import type { CliIo } from '../io';

/** Adds `blazz start`. */
export function addStart(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  program
    .command('start')
    .description('run a server in this terminal; configured by environment variables')
    .action(async () => {
      // The server brings browsers and storage along: other commands should not wait for them to load.
      const { main } = await import('../../main/main');
      done((await main(io.env)) as ExitCode);
    });
}
