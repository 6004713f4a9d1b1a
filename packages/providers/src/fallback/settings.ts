import { GatewayError, isGatewayError, type ProviderFactory, toGatewayError } from '@blazz/core';
import type { BreakerOptions } from '@blazz/core/adapters';
import { textMark, type WindowTemplate } from './window-template';

/** One member of a fallback session. */
export interface FallbackMember {
  /** Its name: the provider's type, with a number from the second of one type on (`meta_api_2`). */
  readonly name: string;
  /** Makes its providers. */
  readonly factory: ProviderFactory;
  /** What the factory made of its settings. */
  readonly settings: unknown;
}

/** What a workspace's settings for `fallback` come to. */
export interface FallbackSettings {
  /** The members, in the order in which they are asked. */
  readonly members: readonly FallbackMember[];
  /** When a member is left alone. */
  readonly breaker: BreakerOptions;
  /**
   * How long after the session's start messages wait for a member that still comes up, before they go
   * by the next, in milliseconds. From 0, nobody is waited for, to 120 000. Default: 20 000.
   */
  readonly startWaitMs: number;
  /** What carries a free text while the 24-hour window is closed. Left out: nothing, the text is refused. */
  readonly windowTemplate?: WindowTemplate;
}

/** Left alone after 3 failures in a row, for 30 s at first and 5 min at most. */
const defaultBreaker: BreakerOptions = { failures: 3, openMs: 30_000, maxOpenMs: 300_000 };

/** A browser of a linked account is ready after 5 to 15 s, also on a machine that starts several. */
const startWait = { usual: 20_000, most: 120_000 };

/** At least two ways to fall back on, and not more than anybody can oversee. */
const limits = { min: 2, max: 8 };

type Raw = Readonly<Record<string, unknown>>;

/**
 * Checks a workspace's settings, each member's by its own provider.
 * @throws GatewayError `invalid_config`, naming the member, the setting and the fix
 */
export function parseFallbackSettings(
  settings: unknown,
  factories: ReadonlyMap<string, ProviderFactory>,
): FallbackSettings {
  const names = ['members', 'breaker', 'start_wait_ms', 'window_template'];
  const raw = objectOf(settings, 'settings', names);
  const { breaker, window_template } = raw;
  return {
    members: parseMembers(raw.members, factories),
    breaker: breaker === undefined ? defaultBreaker : parseBreaker(breaker),
    startWaitMs: wholeOf(raw, 'start_wait_ms', [0, startWait.most]) ?? startWait.usual,
    ...(window_template === undefined ? {} : { windowTemplate: parseTemplate(window_template) }),
  };
}

/**
 * Refuses settings under which a member could not start today.
 * @throws GatewayError `invalid_config`, naming the member, the setting and the fix
 */
export function assertMembersStartable({ members }: FallbackSettings): void {
  members.forEach(({ factory, settings }, index) => {
    ofMember(factory, `members[${index}]`, () => factory.assertStartable?.(settings));
  });
}

function parseMembers(
  members: unknown,
  factories: ReadonlyMap<string, ProviderFactory>,
): readonly FallbackMember[] {
  if (!Array.isArray(members) || members.length < limits.min || members.length > limits.max) {
    throw wrong(
      'members',
      `must be a list of ${limits.min} to ${limits.max} members, such as { "provider": "web_js", "settings": {} }, in the order in which they are asked`,
    );
  }
  const met = new Map<string, number>();
  return members.map((entry: unknown, index) => {
    const field = `members[${index}]`;
    const { provider, settings } = objectOf(entry, field, ['provider', 'settings']);
    const factory = typeof provider === 'string' ? factories.get(provider) : undefined;
    if (factory === undefined) {
      const known = [...factories.keys()].map((type) => `"${type}"`).join(', ');
      throw wrong(`${field}.provider`, `must be one of ${known}`);
    }
    const nth = (met.get(factory.type) ?? 0) + 1;
    met.set(factory.type, nth);
    if (nth > 1 && factory.linked !== undefined) {
      throw wrong(`${field}.provider`, `is there twice; ${factory.type} has one link per session`);
    }
    const name = nth === 1 ? factory.type : `${factory.type}_${nth}`;
    const parsed = ofMember(factory, field, () => factory.parse(settings ?? {}));
    return { name, factory, settings: parsed };
  });
}

/** Has a member's own provider judge its settings, and says whose they are. */
function ofMember<T>(factory: ProviderFactory, field: string, judge: () => T): T {
  try {
    return judge();
  } catch (thrown) {
    const error = toGatewayError(thrown, 'invalid_config', 'Its settings could not be read.');
    const inner = error.details?.field;
    const path = typeof inner === 'string' ? `${field}.settings.${inner}` : `${field}.settings`;
    const message = `${field} (${factory.type}): ${isGatewayError(thrown) ? thrown.message : error.message}`;
    throw new GatewayError('invalid_config', message, { cause: thrown, details: { field: path } });
  }
}

function parseBreaker(breaker: unknown): BreakerOptions {
  const raw = objectOf(breaker, 'breaker', ['failures', 'open_ms', 'max_open_ms']);
  const usual = defaultBreaker;
  const whole = (name: string, most: number): number | undefined =>
    wholeOf(raw, name, [1, most], `breaker.${name}`);
  const failures = whole('failures', 1_000) ?? usual.failures;
  const openMs = whole('open_ms', 3_600_000) ?? usual.openMs;
  const maxOpenMs = whole('max_open_ms', 86_400_000) ?? Math.max(openMs, usual.maxOpenMs);
  if (maxOpenMs < openMs) throw wrong('breaker.max_open_ms', 'must not be less than open_ms');
  return { failures, openMs, maxOpenMs };
}

function parseTemplate(template: unknown): WindowTemplate {
  const raw = objectOf(template, 'window_template', ['name', 'language', 'components']);
  const { name, language, components } = raw;
  if (typeof name !== 'string' || !/^[a-z0-9_]{1,512}$/.test(name)) {
    throw wrong('window_template.name', 'must be the name of an approved template');
  }
  if (typeof language !== 'string' || !/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/.test(language)) {
    throw wrong('window_template.language', 'must be a language code such as en_US');
  }
  if (components === undefined) return { name, language };
  if (!Array.isArray(components) || !JSON.stringify(components).includes(textMark)) {
    throw wrong(
      'window_template.components',
      `must be a list of template components with ${textMark} where the text goes`,
    );
  }
  return { name, language, components };
}

function wholeOf(
  raw: Raw,
  name: string,
  [min, max]: readonly [min: number, max: number],
  field: string = name,
): number | undefined {
  const value = raw[name];
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return Number(value);
  throw wrong(field, `must be a whole number from ${min} to ${max}`);
}

function objectOf(value: unknown, field: string, names: readonly string[]): Raw {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(field, `must be an object with ${names.join(', ')}`);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown === undefined) return value as Raw;
  const path = field === 'settings' ? unknown : `${field}.${unknown}`;
  throw wrong(path, `is not known; there are ${names.join(', ')}`);
}

function wrong(field: string, rule: string): GatewayError {
  return new GatewayError('invalid_config', `${field} ${rule}.`, { details: { field } });
}
