import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  allLimits,
  defaultGraphTimings,
  fairConditions,
  graphControlRoutes,
  graphFaultKinds,
  receiptModes,
  reviewModes,
} from '../../src/graph/index';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('the README about the Cloud API', () => {
  it.each(graphControlRoutes.map(({ method, path, does }) => [method, path, does]))(
    'lists %s %s',
    (method, path, does) => {
      expect(readme).toContain(`| \`${method} ${path}\` | ${does.replaceAll('|', '\\|')} |`);
    },
  );

  it('names every fault, limit, mode, condition and delay', () => {
    const names = [
      ...graphFaultKinds,
      ...receiptModes,
      ...reviewModes,
      ...Object.keys({ ...allLimits, ...defaultGraphTimings, ...fairConditions }),
    ];
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it('begins with an example that works as it is written', async () => {
    const [, example = ''] = /## The Cloud API\n+```ts\n(.*?)```/s.exec(readme) ?? [];
    const file = fileURLToPath(new URL(`./readme-example-${process.pid}.mts`, import.meta.url));
    await writeFile(file, example);
    try {
      const tsx = createRequire(import.meta.url).resolve('tsx/cli');
      const root = fileURLToPath(new URL('../../../../', import.meta.url));
      const { NODE_OPTIONS: _, ...env } = process.env;
      const { stdout } = await promisify(execFile)(process.execPath, [tsx, file], {
        cwd: root,
        env,
        timeout: 40_000,
      });
      expect(stdout.trim()).toBe('200 Hi');
    } finally {
      await rm(file, { force: true });
    }
  }, 50_000);
});
