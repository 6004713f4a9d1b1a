import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ackModes, controlRoutes, defaultTimings, faultModes } from '../../src/web/index';
import { findBrowser } from './support/browser';

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

  it('begins with an example that works as it is written', async () => {
    const [, example = ''] = /## WhatsApp Web\n+```ts\n(.*?)```/s.exec(readme) ?? [];
    const { path, args } = await findBrowser();
    // What a machine without puppeteer's own browser, or a user who is root, has to add.
    const launch = `executablePath: ${JSON.stringify(path)}, headless: 'shell' as never, args: [...${JSON.stringify([...args, '--no-sandbox'])}, ...simulator.chromiumArgs()]`;
    const program = example.replace('args: simulator.chromiumArgs()', launch);
    expect(program).not.toBe(example);
    const file = fileURLToPath(new URL(`./readme-example-${process.pid}.mts`, import.meta.url));
    await writeFile(file, program);
    try {
      const tsx = createRequire(import.meta.url).resolve('tsx/cli');
      const root = fileURLToPath(new URL('../../../../', import.meta.url));
      const { NODE_OPTIONS: _, ...env } = process.env;
      const { stdout } = await promisify(execFile)(process.execPath, [tsx, file], {
        cwd: root,
        env,
        timeout: 30_000,
      });
      expect(stdout.trim()).toBe('You said: Halo!');
    } finally {
      await rm(file, { force: true });
    }
  }, 40_000);
});
