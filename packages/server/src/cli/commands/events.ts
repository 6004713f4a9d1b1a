import { type EventDataByType, type EventType, eventTypes, GatewayError } from '@blazz/core';
import { EventFeed, type EventFeedOptions, type FeedItem } from '@blazz/router';
import type { Command } from 'commander';
import { type CommonOptions, chooseWorkspace, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

interface EventsOptions extends CommonOptions {
  readonly workspace?: string;
  readonly after?: string;
  readonly type?: readonly string[];
  readonly consumer?: string;
}

/** Adds `blazz events`. */
export function addEvents(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  program
    .command('events')
    .description('follow the events of a workspace, until Ctrl-C')
    .option('--workspace <id>', 'the workspace; may be left out when there is only one')
    .option('--after <seq>', 'where to begin: a seq, "oldest" or "head" (default)')
    .option('--type <type...>', 'only these types')
    .option('--consumer <name>', 'remember on the server how far this reader is')
    .option('--json', 'print JSON, a line per event')
    .action(async (options: EventsOptions) => done(await follow(io, options)));
}

function follow(io: CliIo, options: EventsOptions): Promise<ExitCode> {
  return withClient(io, options, async (context) => {
    const { baseUrl, key } = context.connection;
    const feed = new EventFeed({
      baseUrl,
      key,
      workspaceId: await chooseWorkspace(context, options.workspace),
      after: parseAfter(options.after),
      types: options.type?.map(parseType),
      consumer: options.consumer,
      onStatus(status) {
        if (status.type === 'waiting') io.err(`${status.error.message}\n`);
      },
    });
    // Stopping the feed, rather than aborting it, lets the last acknowledgement out.
    io.signal.addEventListener('abort', () => void feed.stop(), { once: true });
    for await (const item of feed) context.print(item, describe(item));
    return exitCodes.done;
  });
}

function parseAfter(text: string | undefined): EventFeedOptions['after'] {
  if (text === undefined || text === 'head' || text === 'oldest') return text;
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new GatewayError('bad_request', '--after must be a seq, "oldest" or "head".');
}

function parseType(name: string): EventType {
  const type = eventTypes.find((known) => known === name);
  if (type !== undefined) return type;
  throw new GatewayError('bad_request', `--type must be one of ${eventTypes.join(', ')}.`);
}

function describe(item: FeedItem): string {
  if (item.type === 'stream.gap') return `…  events ${item.from} to ${item.to} are gone`;
  const { seq, time, type, session_id } = item;
  return `${seq}  ${time}  ${session_id}  ${type}  ${summary(item)}`;
}

function summary(event: Exclude<FeedItem, { type: 'stream.gap' }>): string {
  switch (event.type) {
    case 'session.state':
      return stateSummary(event.data);
    case 'session.qr':
    case 'session.pairing_code':
      return `until ${event.data.expires_at}; show it with: blazz session qr ${event.session_id}`;
    case 'message.received':
    case 'message.echo': {
      const { from, type, text } = event.data;
      return `${from.name ?? from.phone ?? from.lid ?? 'somebody'}: ${text?.body ?? `[${type}]`}`;
    }
    case 'message.status':
    case 'message.unknown':
      return `${event.data.message_id} is ${event.data.status}${event.data.error === undefined ? '' : `: ${event.data.error.message}`}`;
    case 'message.reaction':
      return `${event.data.emoji || 'reaction taken back'} on ${event.data.provider_message_id}`;
    case 'message.poll_vote':
      return `${event.data.options.join(', ') || 'vote taken back'} on ${event.data.provider_message_id}`;
    case 'message.edited':
      return `${event.data.provider_message_id}: ${event.data.text}`;
    case 'message.revoked':
      return event.data.provider_message_id;
    case 'template.status':
      return `${event.data.name} (${event.data.language}): ${event.data.change} is ${event.data.value}`;
    case 'account.alert':
      return `${event.data.severity}: ${event.data.topic} ${event.data.event}`;
    case 'contact.updated':
      return `${event.data.identity.name ?? event.data.identity.phone ?? 'somebody'}: ${event.data.change}`;
    case 'provider.notice':
      return event.data.topic;
    case 'provider.switched':
      return `${event.data.from} → ${event.data.to}`;
    case 'endpoint.disabled':
      return `${event.data.endpoint_id}: ${event.data.reason}`;
  }
}

function stateSummary(data: EventDataByType['session.state']): string {
  const { previous, state, reason, percent } = data;
  const now = `${state}${percent === undefined ? '' : ` ${percent} %`}${reason === undefined ? '' : ` (${reason})`}`;
  return state === previous ? now : `${previous} → ${now}`;
}
