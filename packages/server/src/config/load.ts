import { GatewayError } from '@blazz/core';
import type { Configuration } from './configuration';
import { type Setting, settings } from './settings';

/** A configuration, and what an operator should hear about it. */
export interface LoadedConfiguration {
  /** The configuration. */
  readonly configuration: Configuration;
  /** Sentences about values that are allowed but doubtful. They never repeat a value. */
  readonly warnings: readonly string[];
}

/** Names with the prefix that other programs of the project read. */
const foreignNames: ReadonlySet<string> = new Set([
  'BLAZZ_URL',
  'BLAZZ_KEY_ID',
  'BLAZZ_KEY_SECRET',
  'BLAZZ_FAST_BUILD',
]);

/**
 * Reads the configuration from environment variables. An empty variable counts as not set.
 * @throws GatewayError `invalid_config`, with a line for every problem at once; values are never
 * repeated, since they can be secrets
 */
export function loadConfiguration(
  env: Readonly<Record<string, string | undefined>>,
): LoadedConfiguration {
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [
      key,
      readSetting(setting as Setting<unknown>, env, problems),
    ]),
  );
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
    const lines = problems.map((problem) => `  - ${problem}`).join('\n');
    throw new GatewayError('invalid_config', `${count} wrong:\n${lines}`, {
      details: { problems },
    });
  }
  const configuration = values as unknown as Configuration;
  return { configuration, warnings: [...unknownNames(env), ...doubts(configuration)] };
}

function readSetting(
  setting: Setting<unknown>,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): unknown {
  const name = setting.names.find((candidate) => (env[candidate] ?? '').trim() !== '');
  if (name === undefined) return setting.fallback;
  const text = (env[name] ?? '').trim();
  const value = setting.shape.read(text);
  if (value === undefined || value === null) {
    const { words, example } = setting.shape;
    problems.push(
      `${name} must be ${words}; what it is set to (${text.length} characters) is not. For example: ${name}=${example}`,
    );
    return undefined;
  }
  const unavailable = setting.unavailable?.(value);
  if (unavailable !== undefined) problems.push(`${name}: ${unavailable}`);
  return value;
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(Object.values(settings).flatMap((setting) => [...setting.names]));
  return Object.keys(env)
    .filter((name) => name.startsWith('BLAZZ_') && !known.has(name) && !foreignNames.has(name))
    .map((name) => `${name} is set, but there is no such setting. Check the spelling.`);
}

function doubts(configuration: Configuration): string[] {
  const warnings: string[] = [];
  if (configuration.internalApiToken !== undefined) {
    warnings.push(
      'INTERNAL_API_TOKEN is set: whoever reads one request can make every other. Prefer signed requests, and unset it once no client needs it.',
    );
  }
  if (configuration.redisUrl !== undefined && configuration.storage !== 'redis') {
    warnings.push('REDIS_URL is set, but SESSION_STORAGE_TYPE is not redis: it is not used.');
  }
  if (!isLoopback(configuration.host) && configuration.authorities === undefined) {
    warnings.push(
      'The server is open to the network and accepts any Host. Set BLAZZ_AUTHORITIES to the names that it answers to.',
    );
  }
  return warnings;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
