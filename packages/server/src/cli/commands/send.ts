import { GatewayError } from '@blazz/core';
import type { SendMessageRequest } from '@blazz/router';
import type { Command } from 'commander';
import { type CommonOptions, chooseWorkspace, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';

interface SendCommandOptions extends CommonOptions {
  readonly workspace?: string;
  readonly session?: string;
  readonly image?: string;
  readonly video?: string;
  readonly audio?: string;
  readonly document?: string;
  readonly key?: string;
  readonly wait: string;
}

const mediaTypes = ['image', 'video', 'audio', 'document'] as const;

/** Adds `blazz send`. */
export function addSend(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  program
    .command('send')
    .description('send a message')
    .argument('<to>', 'phone number with country code, group id or chat id')
    .argument('[text]', 'the text, or the caption of the media')
    .option('--workspace <id>', 'the workspace; may be left out when there is only one')
    .option('--session <id>', "the session; default: the workspace's primary one")
    .option('--image <url>', 'send a picture')
    .option('--video <url>', 'send a film')
    .option('--audio <url>', 'send a sound')
    .option('--document <url>', 'send a file')
    .option('--key <key>', 'idempotency key: repeat the command with it as often as you like')
    .option('--wait <seconds>', 'how long to wait for the outcome, 0 to 60', '10')
    .option('--json', 'print JSON')
    .action(async (to: string, text: string | undefined, options: SendCommandOptions) => {
      done(await send(io, to, text, options));
    });
}

function send(
  io: CliIo,
  to: string,
  text: string | undefined,
  options: SendCommandOptions,
): Promise<ExitCode> {
  return withClient(io, options, async (context) => {
    const wait = Number(options.wait);
    if (!/^[0-9]{1,2}$/.test(options.wait) || wait > 60) {
      throw new GatewayError('bad_request', '--wait must be a whole number of seconds, 0 to 60.');
    }
    const request = {
      workspace_id: await chooseWorkspace(context, options.workspace),
      ...(options.session === undefined ? {} : { session_id: options.session }),
      to,
      ...contentOf(text, options),
    } as SendMessageRequest;
    const result = await context.client.send(request, {
      wait,
      idempotencyKey: options.key,
      signal: io.signal,
    });
    const sent = ['sent', 'delivered', 'read', 'played'].includes(result.status);
    const why = result.error === undefined ? '' : `: ${result.error.message}`;
    context.print(result, `${result.status}  ${result.message_id}${why}`);
    return sent || wait === 0 ? exitCodes.done : exitCodes.pending;
  });
}

function contentOf(text: string | undefined, options: SendCommandOptions): object {
  const chosen = mediaTypes.filter((type) => options[type] !== undefined);
  const [type, other] = chosen;
  if (other !== undefined) {
    throw new GatewayError('bad_request', `Give one of --${chosen.join(', --')}, not several.`);
  }
  if (type !== undefined) {
    const caption = text === undefined ? {} : { caption: text };
    return { type, [type]: { link: options[type], ...caption } };
  }
  if (text === undefined) {
    throw new GatewayError('bad_request', 'Give a text, or media with --image, --document …');
  }
  return { type: 'text', text: { body: text } };
}
