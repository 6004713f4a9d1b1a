import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a program left behind. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Starts a program of `test/webjs/programs` in a process of its own. */
export function launch(
  program: string,
  args: readonly string[],
  flags: readonly string[] = [],
): ChildProcessWithoutNullStreams {
  const path = fileURLToPath(new URL(`../programs/${program}`, import.meta.url));
  // Vitest's own variables would change how the program's modules are loaded.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return spawn(process.execPath, [...flags, '--import', 'tsx', path, ...args], { cwd: root, env });
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly flags?: readonly string[]; readonly timeoutMs: number },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = launch(program, args, options.flags);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
