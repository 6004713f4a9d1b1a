import { GatewayError } from '@blazz/core';
import type { Command } from 'commander';
import { type CommandContext, type CommonOptions, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

interface ExportOptions {
  readonly workspace?: string;
  readonly after?: string;
}

/** How many lines are written between two words of progress. */
const PROGRESS = 5_000;

/** Adds `blazz export`. */
export function addExport(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  program
    .command('export')
    .description('write sessions, events and messages as JSON lines, to keep or to look into')
    .option('--workspace <id>', 'only this workspace; default: all that the key covers')
    .option('--after <seq>', 'only events after this one: where an earlier export ended', '0')
    .action(async (options: ExportOptions) => {
      const common: CommonOptions = { json: true };
      done(await withClient(io, common, (context) => exportAll(context, options)));
    });
}

async function exportAll(context: CommandContext, options: ExportOptions): Promise<ExitCode> {
  const { client, io } = context;
  const after = Number(options.after);
  if (!Number.isSafeInteger(after) || after < 0) {
    throw new GatewayError('bad_request', '--after must be a seq, such as 4711.');
  }
  const lines = new Lines(io);
  const sessions = await client.sessions({ signal: io.signal });
  const all = new Set(sessions.map(({ workspace_id }) => workspace_id));
  const { workspace } = options;
  for (const session of sessions) {
    if (workspace === undefined || session.workspace_id === workspace) {
      lines.write('session', session);
    }
  }
  for (const workspace_id of workspace === undefined ? all : [workspace]) {
    await exportEvents(context, workspace_id, after, lines);
    await exportMessages(context, workspace_id, lines);
  }
  lines.end();
  return exitCodes.done;
}

async function exportEvents(
  { client, io }: CommandContext,
  workspace_id: string,
  from: number,
  lines: Lines,
): Promise<void> {
  for (let after = from, more = true; more; ) {
    const page = await client.events({ workspace_id, after, limit: 1_000 }, { signal: io.signal });
    if (page.oldest_seq > after + 1 && page.head_seq > after) {
      io.err(`${workspace_id}: events ${after + 1} to ${page.oldest_seq - 1} are gone\n`);
    }
    for (const event of page.events) lines.write('event', event);
    more = page.next > after && page.next < page.head_seq;
    after = page.next;
  }
}

async function exportMessages(
  { client, io }: CommandContext,
  workspace_id: string,
  lines: Lines,
): Promise<void> {
  for (let cursor: string | undefined, more = true; more; ) {
    const query = { workspace_id, limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const page = await client.messages(query, { signal: io.signal });
    for (const message of page.messages) lines.write('message', message);
    cursor = page.next_cursor;
    more = cursor !== undefined;
  }
}

/** Writes one JSON object a line, `{kind, …}`, and says now and then how far it is. */
class Lines {
  readonly #io: CliIo;
  #count = 0;

  constructor(io: CliIo) {
    this.#io = io;
  }

  write(kind: 'session' | 'event' | 'message', value: object): void {
    this.#io.out(`${JSON.stringify({ kind, ...value })}\n`);
    this.#count++;
    if (this.#count % PROGRESS === 0) this.#io.err(`${this.#count} lines …\n`);
  }

  end(): void {
    this.#io.err(`${this.#count} lines\n`);
  }
}
