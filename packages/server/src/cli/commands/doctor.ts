import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

const marks = { ok: 'ok     ', warning: 'warning', fault: 'FAULT  ' } as const;

/** Adds `blazz doctor`. */
export function addDoctor(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .description('look at what a server on this machine needs, and name the fix of what is amiss')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      // It looks at browsers and storage: other commands should not wait for them to load.
      const { examine } = await import('../../main/doctor');
      const findings = await examine(io.env);
      const lines = findings.map(({ what, state, words }) => `${marks[state]}  ${what}: ${words}`);
      io.out(`${json ? JSON.stringify(findings) : lines.join('\n')}\n`);
      done(findings.some(({ state }) => state === 'fault') ? exitCodes.failed : exitCodes.done);
    });
}
