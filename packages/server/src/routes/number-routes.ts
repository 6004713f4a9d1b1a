import type { Registration } from '@blazz/core';
import { type TObject, type TSchema, Type } from '@sinclair/typebox';
import { idParams } from '../schemas/ids';
import type { RouteContext } from './context';
import { type Route, route } from './route';
import { abilityUser, type UseAbility, whose } from './use-ability';

const pin = Type.String({
  pattern: '^[0-9]{6}$',
  description: 'The six digits of two-step verification. Secret.',
  rule: 'must be six digits.',
});
const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }));

/** What asks for the code that proves a number. */
const requestCodeBody = Type.Object(
  {
    method: Type.Union([Type.Literal('sms'), Type.Literal('voice')], {
      rule: 'must be sms or voice.',
    }),
    language: Type.String({
      pattern: '^[a-z]{2}(_[A-Z]{2})?$',
      description: 'The language that the code comes in.',
      rule: 'must be a language, such as en_US.',
    }),
  },
  { additionalProperties: false },
);

/** The code that came. */
const verifyCodeBody = Type.Object(
  {
    code: Type.String({
      pattern: '^[0-9]{3}-?[0-9]{3}$',
      description: 'The six digits that came to the number. Secret.',
      rule: 'must be six digits.',
    }),
  },
  { additionalProperties: false },
);

/** What a number is registered with. */
const registerBody = Type.Object(
  {
    pin,
    data_localization_region: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{2}$',
        description: 'The country that its data rests in. Default: left to the platform.',
        rule: 'must be two capital letters, such as DE.',
      }),
    ),
    backup: Type.Optional(
      Type.Object(
        { data: Type.String({ minLength: 1 }), password: Type.String({ minLength: 1 }) },
        {
          additionalProperties: false,
          description: 'Of an installation of its own that the number moves from. Secret.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);

/** A new pin of two-step verification. */
const pinBody = Type.Object({ pin }, { additionalProperties: false });

/** How a business shows itself. */
const profileSchema = Type.Object(
  {
    about: text(139),
    address: text(256),
    description: text(512),
    email: text(128),
    vertical: text(64),
    websites: Type.Optional(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 2 })),
  },
  { additionalProperties: false },
);

const grant = { kind: 'key', scope: 'sessions', workspace: 'session' } as const;
const query = Type.Object(whose);
const done = Type.Object({ done: Type.Literal(true) });
/** A backup is some kilobytes of text. */
const BACKUP_LIMIT = 1024 * 1024;

/**
 * The routes to a session's number at its platform. None needs the session to run: a number is
 * proven and registered before it can be ready.
 */
export function numberRoutes({ clock }: RouteContext): readonly Route[] {
  const use = abilityUser(clock);
  return [
    step(use, {
      verb: 'request-code',
      summary: 'Have a code sent to the number',
      description: 'It proves whose the number is: hand it to `verify-code`.',
      body: requestCodeBody,
      act: (registration, body, signal) => registration.requestCode(body, signal),
    }),
    step(use, {
      verb: 'verify-code',
      summary: 'Prove the number by the code that came',
      description: 'Wrong codes are counted by the platform; too many lock the number for a while.',
      body: verifyCodeBody,
      act: (registration, { code }, signal) => registration.verifyCode(code, signal),
    }),
    step(use, {
      verb: 'register',
      summary: 'Register the number',
      description:
        'With its PIN, or a new one where it has none. Never repeat one that was wrong. Then start the session with `reconnect`.',
      body: registerBody,
      bodyLimit: BACKUP_LIMIT,
      act: (registration, body, signal) => registration.register(body, signal),
    }),
    step(use, {
      verb: 'pin',
      summary: 'Set or change the PIN of two-step verification',
      body: pinBody,
      act: (registration, { pin }, signal) => registration.setPin(pin, signal),
    }),
    route({
      method: 'POST',
      path: '/internal/session/:id/deregister',
      summary: 'Take the number off the platform',
      description: 'Its session ends as failed and its messages wait until it is registered again.',
      grant,
      params: idParams,
      query,
      answers: { 200: done },
      async handle(call) {
        await use(call, 'registration', (registration, signal) => registration.deregister(signal));
        return { data: { done: true } };
      },
    }),
    route({
      method: 'GET',
      path: '/internal/session/:id/profile',
      summary: 'How the business shows itself',
      grant,
      params: idParams,
      query,
      answers: { 200: profileSchema },
      async handle(call) {
        return {
          data: await use(call, 'registration', (registration, signal) =>
            registration.profile(signal),
          ),
        };
      },
    }),
    step(use, {
      verb: 'profile',
      summary: 'Change how the business shows itself',
      description: 'What is left out stays.',
      body: profileSchema,
      act: (registration, body, signal) => registration.updateProfile(body, signal),
    }),
  ];
}

/** What is done with a number. */
interface Step<B extends TObject> extends Pick<Route, 'summary' | 'description' | 'bodyLimit'> {
  readonly verb: string;
  readonly body: B;
  act(registration: Registration, body: B['static'], signal: AbortSignal): Promise<void>;
}

function step<B extends TObject>(use: UseAbility, { verb, body, act, ...facts }: Step<B>): Route {
  return route({
    ...facts,
    body: body as TSchema,
    method: 'POST',
    path: `/internal/session/:id/${verb}`,
    grant,
    params: idParams,
    query,
    answers: { 200: done },
    async handle(call) {
      const given = call.body as B['static'];
      await use(call, 'registration', (registration, signal) => act(registration, given, signal));
      return { data: { done: true } };
    },
  });
}
