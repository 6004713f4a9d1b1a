import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ackModes, controlRoutes, defaultTimings, faultModes } from '../../src/web/index';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it.each(controlRoutes.map(({ method, path, does }) => [method, path, does]))(
    'lists %s %s',
    (method, path, does) => {
      expect(readme).toContain(`| \`${method} ${path}\` | ${does.replaceAll('|', '\\|')} |`);
    },
  );

  it('names every fault, acknowledgement mode and delay', () => {
    const names = [
      ...Object.entries(faultModes).flat(2),
      ...ackModes,
      ...Object.keys(defaultTimings),
    ];
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
