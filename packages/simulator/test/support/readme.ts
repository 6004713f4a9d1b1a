import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

/** What a chapter of the README says. */
export interface Chapter {
  /** Its heading. */
  readonly heading: string;
  /** The routes that it lists. */
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
    readonly does: string;
  }[];
  /** Every word that it explains. */
  readonly names: readonly string[];
  /** What its first example prints. */
  readonly prints: string;
  /** Makes of the example what runs on this machine. */
  readonly adapt?: (example: string) => Promise<string>;
}

/** Holds a chapter of the README against the code. */
export function describeReadme(chapter: Chapter): void {
  const { heading, routes, names, prints, adapt = async (example) => example } = chapter;
  describe(`the README about ${heading}`, () => {
    it.each(routes.map(({ method, path, does }) => [method, path, does]))(
      'lists %s %s',
      (method, path, does) => {
        expect(readme).toContain(`| \`${method} ${path}\` | ${does.replaceAll('|', '\\|')} |`);
      },
    );

    it('names everything that can be set', () => {
      expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
    });

    it('begins with an example that works as it is written', async () => {
      const [, rest = ''] = readme.split(`## ${heading}\n`);
      const [, example = ''] = /^\n+```ts\n(.*?)```/s.exec(rest) ?? [];
      const name = `readme-example-${process.pid}-${heading.replaceAll(/\W/g, '')}.mts`;
      const file = fileURLToPath(new URL(name, import.meta.url));
      await writeFile(file, await adapt(example));
      try {
        const { NODE_OPTIONS: _, ...env } = process.env;
        const options = { cwd: root, env, timeout: 40_000 };
        const { stdout } = await promisify(execFile)(process.execPath, [tsx, file], options);
        expect(stdout.trim()).toBe(prints);
      } finally {
        await rm(file, { force: true });
      }
    }, 50_000);
  });
}
