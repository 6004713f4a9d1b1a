import { GatewayError } from '@blazz/core';
import type { NumberCalls, SessionCallOptions } from '@blazz/router';
import { type Command, Option } from 'commander';
import { withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';
import { callOptions, type MemberOptions, memberCommand } from '../member-command';

type Options = MemberOptions & {
  readonly method?: 'sms' | 'voice';
  readonly language?: string;
  readonly region?: string;
};

type Act = (number: NumberCalls, id: string, options: Options, code: string) => Promise<string>;

const PIN = 'BLAZZ_PIN';

/** Adds `blazz number …`. */
export function addNumber(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  const number = program
    .command('number')
    .description(`prove and register a session's number; its PIN comes from ${PIN}`);
  const add = (name: string, words: string, act: Act): Command =>
    memberCommand(number, name, words).action(async (id: string, ...args: unknown[]) => {
      const options = args.at(-2) as Options;
      const code = args.length > 2 ? String(args[0]) : '';
      const ended = await withClient(io, options, async ({ client, print }) => {
        print({ id, done: true }, await act(client.number, id, options, code));
        return exitCodes.done;
      });
      done(ended);
    });
  const within = (options: Options): SessionCallOptions => callOptions(io, options);

  add('request-code', 'have a code sent to the number', async (calls, id, options) => {
    const { method = 'sms', language = 'en_US' } = options;
    await calls.requestCode(id, { method, language }, within(options));
    return `The code is on its way. Then: blazz number verify-code ${id} <code>`;
  })
    .addOption(
      new Option('--method <method>', 'by text message or call')
        .choices(['sms', 'voice'])
        .default('sms'),
    )
    .option('--language <language>', 'the language that it comes in', 'en_US');
  add('verify-code', 'prove the number by the code that came', async (calls, id, options, code) => {
    await calls.verifyCode(id, code, within(options));
    return `The number is proven. Then: blazz number register ${id}`;
  }).argument('<code>', 'the six digits');
  add('register', 'register the number with its PIN, or a new one', async (calls, id, options) => {
    const { region } = options;
    const pin = pinOf(io);
    await calls.register(id, { pin, data_localization_region: region }, within(options));
    return `The number is registered. Then: blazz session reconnect ${id}`;
  }).option('--region <country>', 'the country that its data rests in, such as DE');
  add('set-pin', 'set or change the PIN of two-step verification', async (calls, id, options) => {
    await calls.setPin(id, pinOf(io), within(options));
    return 'The PIN is set.';
  });
  add('deregister', 'take the number off the platform', async (calls, id, options) => {
    await calls.deregister(id, within(options));
    return 'The number is off the platform; its session ended and its messages wait.';
  });
}

/** From the environment, so that it is in no list of processes and no shell's history. */
function pinOf({ env }: CliIo): string {
  const pin = env[PIN];
  if (pin !== undefined && pin !== '') return pin;
  throw new GatewayError('bad_request', `Set ${PIN} to the six digits of the number's PIN.`);
}
