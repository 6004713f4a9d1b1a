import { GatewayError, type WorkspaceConfig } from '@blazz/core';
import type { Command } from 'commander';
import { WorkspaceApi } from '../api';
import { type CommonOptions, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

interface PutOptions extends CommonOptions {
  readonly provider: string;
  readonly session?: readonly string[];
  readonly settings?: string;
}

/** Adds `blazz workspace …`. */
export function addWorkspace(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  const workspace = program.command('workspace').description('look after workspaces');
  workspace
    .command('list')
    .description('list workspaces')
    .option('--json', 'print JSON')
    .action(async (options: CommonOptions) => {
      const code = await withClient(io, options, async ({ connection, print }) => {
        const list = await new WorkspaceApi(connection).list(io.signal);
        print(list, list.map(describe).join('\n') || 'There is no workspace yet.');
        return exitCodes.done;
      });
      done(code);
    });
  workspace
    .command('put')
    .description("write a workspace's configuration")
    .argument('<id>', 'the workspace')
    .option('--provider <type>', 'the provider of its sessions', 'web_js')
    .option('--session <id...>', 'its sessions; default: one, session_<id>')
    .option('--settings <json>', "the provider's settings, as JSON")
    .option('--json', 'print JSON')
    .action(async (id: string, options: PutOptions) => {
      const code = await withClient(io, options, async ({ connection, print }) => {
        const config = {
          provider_type: options.provider,
          ...(options.session === undefined
            ? {}
            : { sessions: options.session.map((session_id) => ({ session_id })) }),
          ...(options.settings === undefined ? {} : { settings: parseSettings(options.settings) }),
        };
        const written = await new WorkspaceApi(connection).put(id, config, io.signal);
        print(written, describe(written));
        return exitCodes.done;
      });
      done(code);
    });
  workspace
    .command('switch')
    .description('put a workspace on another provider, until it is configured anew')
    .argument('<id>', 'the workspace')
    .argument('<provider>', 'the provider, such as meta_api')
    .option('--json', 'print JSON')
    .action(async (id: string, provider: string, options: CommonOptions) => {
      const code = await withClient(io, options, async ({ connection, print }) => {
        const inForce = await new WorkspaceApi(connection).switch(id, provider, io.signal);
        print(inForce, describe(inForce));
        return exitCodes.done;
      });
      done(code);
    });
  workspace
    .command('delete')
    .description("stop a workspace's sessions and forget its configuration")
    .argument('<id>', 'the workspace')
    .option('--json', 'print JSON')
    .action(async (id: string, options: CommonOptions) => {
      const code = await withClient(io, options, async ({ connection, print }) => {
        await new WorkspaceApi(connection).delete(id, io.signal);
        print({ workspace_id: id, deleted: true }, `${id} is forgotten.`);
        return exitCodes.done;
      });
      done(code);
    });
}

function describe({ workspace_id, provider_type, sessions }: WorkspaceConfig): string {
  return `${workspace_id}  ${provider_type}  ${sessions.map((each) => each.session_id).join(', ')}`;
}

function parseSettings(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayError(
      'bad_request',
      '--settings must be JSON, such as \'{"send_seen": true}\'.',
    );
  }
}
