import { GatewayError } from '@blazz/core';
import { GatewayClient } from '@blazz/router';
import { type Connection, findConnection } from './connection';
import type { ExitCode } from './exit-codes';
import type { CliIo } from './io';

/** What a command works with. */
export interface CommandContext {
  /** The client of the server. */
  readonly client: GatewayClient;
  /** The server, and the key. */
  readonly connection: Connection;
  /** Everything that reaches out of the process. */
  readonly io: CliIo;
  /** Prints a result: as JSON when the user asks for it, for a person otherwise. */
  print(result: unknown, words: string): void;
}

/** Options that every command has. */
export interface CommonOptions {
  /** Whether to print JSON. */
  readonly json?: boolean;
}

/** Runs a command with a client, and closes the client whatever happens. */
export async function withClient(
  io: CliIo,
  { json = false }: CommonOptions,
  command: (context: CommandContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const connection = await findConnection(io.env);
  await using client = new GatewayClient(connection);
  return await command({
    client,
    connection,
    io,
    print: (result, words) => io.out(`${json ? JSON.stringify(result) : words}\n`),
  });
}

/**
 * The workspace to work on: the one that was named, or the only one that there is.
 * @throws GatewayError `bad_request` when there are several, or none
 */
export async function chooseWorkspace(
  { client, io }: CommandContext,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) return named;
  const sessions = await client.sessions({ signal: io.signal });
  const ids = [...new Set(sessions.map((session) => session.workspace_id))];
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return only;
  const why =
    only === undefined
      ? 'No session is known yet.'
      : `There are several: ${ids.slice(0, 10).join(', ')}.`;
  throw new GatewayError('bad_request', `Name the workspace with --workspace. ${why}`);
}
