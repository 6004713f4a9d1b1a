import type { SessionCallOptions } from '@blazz/router';
import type { Command } from 'commander';
import type { CommonOptions } from './context';
import type { CliIo } from './io';

/** The options of a {@link memberCommand}. */
export type MemberOptions = CommonOptions & { readonly member?: string };

/** Adds a command about one session, or about one of the members that carry it. */
export function memberCommand(parent: Command, name: string, words: string): Command {
  return parent
    .command(name)
    .description(words)
    .argument('<id>', 'a session id, or a workspace id: then its primary session')
    .option('--json', 'print JSON')
    .option('--member <name>', 'the member that is meant, where several carry the session');
}

/** How long the calls of such a command may take, and who is meant. */
export function callOptions({ signal }: CliIo, { member }: MemberOptions): SessionCallOptions {
  return { signal, timeoutMs: 60_000, member };
}
