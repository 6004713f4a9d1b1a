import type { ConsumerPage } from '@blazz/router';
import type { Command } from 'commander';
import { type CommonOptions, chooseWorkspace, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';
import { SignedApi } from '../signed-api';

type Options = CommonOptions & { readonly workspace?: string };

/** How many are asked for at once. */
const PAGE = 200;

/** Adds `blazz consumers …`. */
export function addConsumers(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  const consumers = program.command('consumers').description('look after named readers of events');
  const add = (name: string, description: string): Command =>
    consumers
      .command(name)
      .description(description)
      .option('--workspace <id>', 'the workspace; may be left out when there is only one')
      .option('--json', 'print JSON');

  add('list', 'list them, with how far each has read').action(async (options: Options) => {
    const code = await withClient(io, options, async (context) => {
      const workspace_id = await chooseWorkspace(context, options.workspace);
      const lines: string[] = [];
      const all: unknown[] = [];
      let page: ConsumerPage | undefined;
      do {
        const cursor = page?.next_cursor;
        const query = { workspace_id, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
        page = await context.client.consumers(query, { signal: io.signal });
        const { head_seq } = page;
        all.push(...page.consumers);
        for (const { consumer, seq, seen_at } of page.consumers) {
          lines.push(`${consumer}  ${seq} of ${head_seq}  seen ${seen_at}`);
        }
      } while (page.next_cursor !== undefined);
      context.print(all, lines.join('\n') || 'There is no named reader yet.');
      return exitCodes.done;
    });
    done(code);
  });
  add('forget', 'forget how far one has read that is gone for good')
    .argument('<name>', 'the reader')
    .action(async (name: string, options: Options) => {
      const code = await withClient(io, options, async (context) => {
        const workspace = await chooseWorkspace(context, options.workspace);
        const query = `workspace_id=${encodeURIComponent(workspace)}`;
        const path = `/internal/consumers/${encodeURIComponent(name)}?${query}`;
        const api = new SignedApi(context.connection);
        const forgotten = await api.call('DELETE', path, undefined, io.signal);
        context.print(forgotten, `${name} is forgotten.`);
        return exitCodes.done;
      });
      done(code);
    });
}
