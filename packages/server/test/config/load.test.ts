import { readFile } from 'node:fs/promises';
import { isGatewayError } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load';
import { settings } from '../../src/config/settings';

/** The problems of an environment. */
function problems(env: Record<string, string>): readonly string[] {
  try {
    loadConfiguration(env);
    return [];
  } catch (error) {
    if (!isGatewayError(error) || error.code !== 'invalid_config') throw error;
    return error.details?.problems as string[];
  }
}

const goodToken = 'f3a91c07be6d4825a1c4d09e8b7f6a52';

describe('configuration', () => {
  it('is documented in the README, every name with its default', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
    for (const { names, fallback } of Object.values(settings)) {
      const row = rows.find((line) => names.every((name) => line.includes(`\`${name}\``)));
      expect(row, names[0]).toBeDefined();
      if (typeof fallback !== 'undefined') expect(row).toContain(`| ${fallback} |`);
    }
  });

  it('has defaults that start a server on this machine only', () => {
    const { configuration, warnings } = loadConfiguration({});
    expect(configuration).toMatchObject({
      port: 3001,
      host: '127.0.0.1',
      storage: 'sqlite',
      dataDir: '.blazz',
      internalApiToken: undefined,
      webJsHeadless: true,
    });
    expect(warnings).toEqual([]);
  });

  it('takes what older deployments set', () => {
    const { configuration } = loadConfiguration({
      PORT: '0',
      LARAVEL_URL: 'http://localhost:8000/',
      INTERNAL_API_TOKEN: goodToken,
      META_API_VERSION: 'v25.0',
      WEB_JS_HEADLESS: 'TRUE',
      PUPPETEER_EXECUTABLE_PATH: '/usr/bin/chromium-browser',
      SESSION_STORAGE_TYPE: 'memory',
      HOST: '',
    });
    expect(configuration).toMatchObject({
      port: 0,
      primaryUrl: 'http://localhost:8000',
      internalApiToken: goodToken,
      chromePath: '/usr/bin/chromium-browser',
      host: '127.0.0.1',
    });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3001abc'],
    ['PORT', '0x10'],
    ['PORT', '-1'],
    ['HOST', 'a b'],
    ['PRIMARY_URL', 'localhost:8000'],
    ['PRIMARY_URL', 'https://user:pass@host'],
    ['INTERNAL_API_TOKEN', 'short'],
    ['INTERNAL_API_TOKEN', 'your-internal-secret-token'],
    ['INTERNAL_API_TOKEN', 'your-internal-secret-token-your-internal'],
    ['INTERNAL_API_TOKEN', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['META_API_VERSION', '18'],
    ['META_API_VERSION', 'v18.1'],
    ['WEB_JS_HEADLESS', 'yes'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['SESSION_STORAGE_TYPE', 'postgres'],
    ['BLAZZ_AUTHORITIES', 'http://host'],
    ['LOG_LEVEL', 'loud'],
    ['BLAZZ_SANDBOX', 'maybe'],
    ['BLAZZ_MAX_STARTS', '0'],
    ['BLAZZ_SESSION_MEMORY_MB', '100'],
  ])('refuses %s=%s by name, with its shape and an example, without the value', (name, value) => {
    const [problem, ...more] = problems({ [name]: value });
    expect(more).toEqual([]);
    expect(problem).toMatch(new RegExp(`^${name} must be .+ For example: ${name}=.+`));
    expect(problem?.slice(name.length, problem.indexOf('For example'))).not.toContain(` ${value} `);
    if (name.endsWith('TOKEN')) expect(problem).not.toContain(value);
  });

  it('tells all problems at once', () => {
    const found = problems({ PORT: 'x', LOG_LEVEL: 'x', SESSION_STORAGE_TYPE: 'redis' });
    expect(found).toHaveLength(3);
    expect(found.join('\n')).toMatch(/not available yet/);
  });

  it('refuses storage that is not there yet, with a sentence', () => {
    expect(problems({ SESSION_STORAGE_TYPE: 'redis' })[0]).toContain('not available yet');
  });

  it('has examples that it would take', () => {
    for (const { names, shape } of Object.values(settings)) {
      if (shape.example.startsWith('$(')) continue;
      expect(shape.read(shape.example), names[0]).not.toBeUndefined();
    }
  });

  it('warns about misspelt names, weaker ways in, and an open door', () => {
    const { warnings } = loadConfiguration({
      BLAZZ_DATADIR: 'x',
      BLAZZ_URL: 'http://elsewhere',
      INTERNAL_API_TOKEN: goodToken,
      REDIS_URL: 'redis://localhost:6379',
      HOST: '0.0.0.0',
    });
    expect(warnings).toHaveLength(4);
    expect(warnings.join('\n')).toContain('BLAZZ_DATADIR');
    expect(warnings.join('\n')).not.toContain(goodToken);
  });
});
