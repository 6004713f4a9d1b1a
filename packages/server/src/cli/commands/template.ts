import { GatewayError, type NewTemplate, type TemplateEdit } from '@blazz/core';
import type { SessionCallOptions, TemplateCalls } from '@blazz/router';
import type { Command } from 'commander';
import { type CommandContext, withClient } from '../context';
import { type ExitCode, exitCodes } from '../exit-codes';
import type { CliIo } from '../io';
import { callOptions, type MemberOptions, memberCommand } from '../member-command';

type Options = MemberOptions & { readonly template?: string };

/** What each command works with. */
interface Call {
  readonly templates: TemplateCalls;
  readonly print: CommandContext['print'];
  readonly id: string;
  /** How long calls may take, and who is meant. */
  readonly within: SessionCallOptions;
  /** The arguments after the session. */
  readonly rest: readonly string[];
  readonly options: Options;
}

/** Adds `blazz template …`. */
export function addTemplate(program: Command, io: CliIo, done: (code: ExitCode) => void): void {
  const template = program.command('template').description('look after message templates');
  const add = (name: string, words: string, act: (call: Call) => Promise<void>): Command =>
    memberCommand(template, name, words).action(async (id: string, ...args: unknown[]) => {
      const options = args.at(-2) as Options;
      const rest = args.slice(0, -2).map(String);
      const within = callOptions(io, options);
      const code = await withClient(io, options, async ({ client, print }) => {
        await act({ templates: client.templates, print, id, within, rest, options });
        return exitCodes.done;
      });
      done(code);
    });

  add('list', "list the account's templates", async ({ templates, print, id, within }) => {
    const all = [];
    let after: string | undefined;
    do {
      const page = await templates.list(id, after === undefined ? {} : { after }, within);
      all.push(...page.templates);
      after = page.next;
    } while (after !== undefined);
    const lines = all.map((one) =>
      [one.id, one.name, one.language, one.category, one.status].join('  '),
    );
    print(all, lines.join('\n') || 'There is no template yet.');
  });
  add('create', 'make a template', async ({ templates, print, id, within, rest: [json] }) => {
    const made = await templates.create(id, parsed(json) as NewTemplate, within);
    print(made, `${made.id}  ${made.category}  ${made.status}`);
  }).argument('<json>', 'the template: name, language, category, components, parameter_format');
  add(
    'edit',
    'change a template',
    async ({ templates, print, id, within, rest: [templateId, json] }) => {
      await templates.edit(id, templateId ?? '', parsed(json) as TemplateEdit, within);
      print({ id: templateId, done: true }, `${templateId} is reviewed anew.`);
    },
  )
    .argument('<template>', "the platform's id of it")
    .argument('<json>', 'what changes: category, components, parameter_format');
  add(
    'delete',
    'delete the templates of a name',
    async ({ templates, print, id, within, ...call }) => {
      const { rest, options } = call;
      const [name = ''] = rest;
      const one = options.template === undefined ? {} : { template_id: options.template };
      await templates.delete(id, { name, ...one }, within);
      print({ name, ...one, deleted: true }, `${name} is deleted.`);
    },
  )
    .argument('<name>', 'the name')
    .option('--template <id>', 'only the one with this id, instead of every language');
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayError('bad_request', 'The template must be JSON.');
  }
}
