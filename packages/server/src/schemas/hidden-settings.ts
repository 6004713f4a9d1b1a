import { GatewayError } from '@blazz/core';

/** What stands in the place of a secret setting in an answer. */
const hidden = '(hidden)';

/** The names of settings that are secret, whatever the provider. */
const secretName = /(token|secret|secrets|password|pin)$/i;

/** A copy of a configuration in which no secret can be read. */
export function hideSecrets<T>(value: T): T {
  return walk(value, (name, field) => (secretName.test(name) && isSet(field) ? hidden : undefined));
}

/**
 * A copy of a configuration in which each `(hidden)` is what it stands for, so that what was read can
 * be changed and written back.
 * @param stored the configuration that is kept
 * @throws GatewayError `bad_request` when there is nothing that it could stand for
 */
export function restoreSecrets<T>(value: T, stored: unknown, path = ''): T {
  if (value === hidden) {
    if (stored !== undefined) return stored as T;
    const why = `\`${path}\` is "${hidden}", and there is nothing that it could stand for: give the value itself.`;
    throw new GatewayError('bad_request', why, { details: { path } });
  }
  if (Array.isArray(value)) {
    const before = Array.isArray(stored) ? stored : [];
    const nameOf = namer();
    const named = namer();
    const byName = new Map(before.map((each, i) => [named(each, i), each]));
    return value.map((each, i) =>
      restoreSecrets(each, byName.get(nameOf(each, i)), `${path}[${i}]`),
    ) as T;
  }
  if (!isRecord(value)) return value;
  const before = isRecord(stored) ? stored : {};
  const fields = Object.entries(value).map(([name, field]) => {
    const inner = path === '' ? name : `${path}.${name}`;
    return [name, restoreSecrets(field, before[name], inner)];
  });
  return Object.fromEntries(fields) as T;
}

/**
 * Names what stands in a list, so that it is found again when others were taken out or put before it:
 * a session by its id, a member by its provider and how many of that came before, others by their place.
 */
function namer(): (each: unknown, index: number) => string {
  const met = new Map<string, number>();
  return (each, index) => {
    const { session_id, provider } = isRecord(each) ? each : {};
    const name = session_id ?? provider;
    if (typeof name !== 'string' && typeof name !== 'number') return `${index}`;
    const nth = (met.get(`${name}`) ?? 0) + 1;
    met.set(`${name}`, nth);
    return `${name} ${nth}`;
  };
}

function walk<T>(value: T, replace: (name: string, field: unknown) => unknown): T {
  if (Array.isArray(value)) return value.map((each) => walk(each, replace)) as T;
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    replace(name, field) ?? walk(field, replace),
  ]);
  return Object.fromEntries(fields) as T;
}

function isSet(field: unknown): boolean {
  return field !== undefined && field !== null && field !== '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
