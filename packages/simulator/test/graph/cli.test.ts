import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

describe('blazz-simulator graph', () => {
  it.each([
    [['graph', '--port', 'eighty'], '--port takes a port from 0 to 65535, not "eighty".'],
    [['graph', '--prot', '1'], "Unknown option '--prot'"],
    [['graph', '--token', 'short'], 'The control token needs at least 16 characters.'],
  ])('explains %j', async (args, sentence) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await main(args)).toBeGreaterThan(0);
    expect(error.mock.calls.flat().join('\n')).toContain(sentence);
    error.mockRestore();
  });

  it('runs as a process that a client can use at once', async () => {
    const program = `import { main } from './packages/simulator/src/cli.ts'; process.exitCode = await main(['graph', '--json', '--number', '15551230000']);`;
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child: ChildProcess = spawn(
      process.execPath,
      [tsx, '--input-type=module', '--eval', program],
      { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
      const facts = JSON.parse(line.toString()) as Record<string, string>;
      const response = await fetch(`${facts.graph_url}/v25.0/${facts.phone_number_id}`, {
        headers: { authorization: `Bearer ${facts.access_token}` },
      });
      expect(await response.json()).toMatchObject({ display_phone_number: '+15551230000' });
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
  }, 60_000);
});
