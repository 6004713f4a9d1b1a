import { type Command, Option } from 'commander';
import { type CommandContext, type CommonOptions, chooseWorkspace, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';
import { SignedApi } from '../signed-api';

type Options = CommonOptions & {
  readonly workspace?: string;
  readonly type?: readonly string[];
  readonly session?: readonly string[];
  readonly ordered?: boolean;
  readonly event?: string;
  readonly state?: string;
};

/** An endpoint as the server tells it. */
interface Endpoint {
  readonly endpoint_id: string;
  readonly url: string;
  readonly status: string;
  readonly reason?: string;
  readonly failing_since?: string;
  readonly secret?: string;
}

/** What each command works with. */
interface Call {
  readonly context: CommandContext;
  readonly workspace_id: string;
  get(path: string): Promise<unknown>;
  post(path: string, body?: object): Promise<unknown>;
  remove(path: string): Promise<unknown>;
}

/** Adds `blazz webhooks …`. */
export function addWebhooks(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  const webhooks = program.command('webhooks').description('look after webhook endpoints');
  const add = (
    name: string,
    description: string,
    act: (call: Call, argument: string, options: Options) => Promise<void>,
  ): Command =>
    webhooks
      .command(name)
      .description(description)
      .option('--workspace <id>', 'the workspace; may be left out when there is only one')
      .option('--json', 'print JSON')
      .action(async (...args: unknown[]) => {
        const options = args.at(-2) as Options;
        const argument = args.length > 2 ? String(args[0]) : '';
        const code = await withClient(io, options, async (context) => {
          const workspace = await chooseWorkspace(context, options.workspace);
          await act(callOf(context, workspace), argument, options);
          return exitCodes.done;
        });
        done(code);
      });

  add('list', 'list endpoints', async ({ get, context }) => {
    const { endpoints } = (await get('')) as { endpoints: readonly Endpoint[] };
    context.print(endpoints, endpoints.map(describe).join('\n') || 'There is no endpoint yet.');
  });
  add(
    'add',
    'deliver events from now on to an address',
    async ({ post, context }, url, options) => {
      const endpoint = (await post('', {
        url,
        ordered: options.ordered === true,
        ...(options.type === undefined ? {} : { types: options.type }),
        ...(options.session === undefined ? {} : { sessions: options.session }),
      })) as Endpoint;
      const secret = `Its key, told only now: ${endpoint.secret}`;
      context.print(endpoint, `${describe(endpoint)}\n${secret}`);
    },
  )
    .argument('<url>', 'where to, https:')
    .option('--type <type...>', 'only these types of event')
    .option('--session <id...>', 'only events of these sessions')
    .option('--ordered', 'keep the order of each session, whatever fails');
  add('test', 'post a test event once', async ({ post, context }, id) => {
    const answer = (await post(`/${id}/test`)) as { status?: number };
    const words =
      answer.status === undefined ? 'It did not answer.' : `It answered ${answer.status}.`;
    context.print(answer, words);
  }).argument('<endpoint>', 'the endpoint, whe_…');
  add(
    'deliveries',
    'show what an endpoint has not taken',
    async ({ get, context }, id, options) => {
      const path = `/${id}/deliveries?state=${options.state ?? 'dead'}&limit=200`;
      const { deliveries } = (await get(path)) as {
        deliveries: readonly {
          event_id: string;
          seq: number;
          attempts: number;
          last_status?: number;
        }[];
      };
      const lines = deliveries.map(
        ({ seq, event_id, attempts, last_status = 'no answer' }) =>
          `${seq}  ${event_id}  ${attempts} tries  ${last_status}`,
      );
      context.print(deliveries, lines.join('\n') || 'There is nothing.');
    },
  )
    .argument('<endpoint>', 'the endpoint, whe_…')
    .addOption(
      new Option('--state <state>', 'waiting for a further try, or given up')
        .choices(['waiting', 'dead'])
        .default('dead'),
    );
  add('replay', 'try again what was given up', async ({ post, context }, id, { event }) => {
    const body = event === undefined ? {} : { event_id: event };
    const answer = (await post(`/${id}/replay`, body)) as { replayed: number };
    context.print(answer, `${answer.replayed} tried again.`);
  })
    .argument('<endpoint>', 'the endpoint, whe_…')
    .option('--event <id>', 'only this event, evt_…');
  add('rotate', 'give an endpoint a new key beside its last one', async ({ post, context }, id) => {
    const endpoint = (await post(`/${id}/rotate`)) as Endpoint;
    context.print(endpoint, `Its new key, told only now: ${endpoint.secret}`);
  }).argument('<endpoint>', 'the endpoint, whe_…');
  add('enable', 'deliver again to an endpoint that was disabled', async ({ post, context }, id) => {
    const endpoint = (await post(`/${id}/enable`)) as Endpoint;
    context.print(endpoint, describe(endpoint));
  }).argument('<endpoint>', 'the endpoint, whe_…');
  add('remove', 'remove an endpoint, with what it is owed', async ({ remove, context }, id) => {
    context.print(await remove(`/${id}`), `${id} is removed.`);
  }).argument('<endpoint>', 'the endpoint, whe_…');
}

function callOf(context: CommandContext, workspace_id: string): Call {
  const api = new SignedApi(context.connection);
  const { signal } = context.io;
  const to = (path: string): string => `/internal/webhooks${path}`;
  const named = (path: string): string =>
    `${to(path)}${path.includes('?') ? '&' : '?'}workspace_id=${encodeURIComponent(workspace_id)}`;
  return {
    context,
    workspace_id,
    get: (path) => api.call('GET', named(path), undefined, signal),
    post: (path, body = {}) => api.call('POST', to(path), { workspace_id, ...body }, signal),
    remove: (path) => api.call('DELETE', named(path), undefined, signal),
  };
}

function describe({ endpoint_id, status, reason, url, failing_since }: Endpoint): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  const since = failing_since === undefined ? '' : `  failing since ${failing_since}`;
  return `${endpoint_id}  ${status}${why}  ${url}${since}`;
}
