import { Type } from '@sinclair/typebox';
import { idParams } from '../schemas/ids';
import type { RouteContext } from './context';
import { type Route, route } from './route';
import { abilityUser, whose } from './use-ability';

const part = Type.Record(Type.String(), Type.Unknown(), {
  description: 'As the platform writes it: {"type": "BODY", "text": "Hi {{1}}", "example": …}.',
});
const parts = Type.Array(part, { minItems: 1, maxItems: 20 });
const category = Type.Union(
  [Type.Literal('MARKETING'), Type.Literal('UTILITY'), Type.Literal('AUTHENTICATION')],
  { rule: 'must be MARKETING, UTILITY or AUTHENTICATION.' },
);
const format = Type.Union([Type.Literal('positional'), Type.Literal('named')], {
  description: 'Whether its parameters are {{1}} or {{first_name}}. Default: positional.',
  rule: 'must be positional or named.',
});
const name = Type.String({
  pattern: '^[a-z0-9_]{1,512}$',
  rule: 'must be 1 to 512 small letters, digits and "_".',
});
const templateId = Type.String({ pattern: '^[0-9]{1,32}$', rule: 'must be digits.' });

/** A template to make. */
const newTemplateBody = Type.Object(
  {
    name,
    language: Type.String({
      pattern: '^[a-z]{2,3}(_[A-Za-z]{2,4})?$',
      rule: 'must be a language, such as en_US.',
    }),
    category,
    components: parts,
    parameter_format: Type.Optional(format),
  },
  { additionalProperties: false },
);

/** What is changed about a template. */
const templateEditBody = Type.Object(
  {
    category: Type.Optional(category),
    components: Type.Optional(parts),
    parameter_format: Type.Optional(format),
  },
  { additionalProperties: false, minProperties: 1 },
);

/** The variable parts of paths about one template. */
const templateParams = Type.Object({ ...idParams.properties, template_id: templateId });

/** Which templates to delete. */
const templateTarget = Type.Object(
  { ...whose, name, template_id: Type.Optional(templateId) },
  { additionalProperties: false },
);

/** A template that was made. */
const createdTemplateSchema = Type.Object({
  id: Type.String(),
  status: Type.String({ description: 'Mostly PENDING: `template.status` tells of the review.' }),
  category: Type.String(),
});

/** A page of templates. */
const templatePageSchema = Type.Object({
  templates: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  next: Type.Optional(Type.String()),
});

/** Whoever may send may see what there is to send; changing it is for whoever looks after the account. */
const toSee = { kind: 'key', scope: 'send', workspace: 'session' } as const;
const toChange = { kind: 'key', scope: 'sessions', workspace: 'session' } as const;
const done = Type.Object({ done: Type.Literal(true) });
const path = '/internal/session/:id/templates';

/** The routes to an account's templates. */
export function templateRoutes({ clock }: RouteContext): readonly Route[] {
  const use = abilityUser(clock);
  return [
    route({
      method: 'GET',
      path,
      summary: "List the account's templates",
      description: 'Go on with `after`, the `next` of the page before.',
      grant: toSee,
      params: idParams,
      query: Type.Object({
        ...whose,
        after: Type.Optional(Type.String({ maxLength: 512 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 250 })),
      }),
      answers: { 200: templatePageSchema },
      async handle(call) {
        const { after, limit } = call.query;
        const data = await use(call, 'templates', (ability, signal) =>
          ability.list({ after, limit }, signal),
        );
        return { data };
      },
    }),
    route({
      method: 'POST',
      path,
      summary: 'Make a template',
      description:
        'The platform reviews it; an event of type `template.status` tells what it found.',
      grant: toChange,
      params: idParams,
      query: Type.Object(whose),
      body: newTemplateBody,
      answers: { 201: createdTemplateSchema },
      async handle(call) {
        const data = await use(call, 'templates', (ability, signal) =>
          ability.create(call.body, signal),
        );
        return { status: 201, data };
      },
    }),
    route({
      method: 'POST',
      path: `${path}/:template_id`,
      summary: 'Change a template',
      description: 'What is left out stays; `components` takes the place of all. Reviewed anew.',
      grant: toChange,
      params: templateParams,
      query: Type.Object(whose),
      body: templateEditBody,
      answers: { 200: done },
      async handle(call) {
        const { template_id } = call.params;
        await use(call, 'templates', (ability, signal) =>
          ability.edit(template_id, call.body, signal),
        );
        return { data: { done: true } };
      },
    }),
    route({
      method: 'DELETE',
      path,
      summary: 'Delete the templates of a name',
      description: 'In every language, or with `template_id` that one alone.',
      grant: toChange,
      params: idParams,
      query: templateTarget,
      answers: { 200: done },
      async handle(call) {
        const { name, template_id: id } = call.query;
        await use(call, 'templates', (ability, signal) => ability.delete({ name, id }, signal));
        return { data: { done: true } };
      },
    }),
  ];
}
