import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** A program of this package, run from its source in a process of its own. */
export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  /** What it wrote to standard output so far. */
  readonly output: string;
  /** What it wrote to standard error so far. */
  readonly errors: string;
  /** Resolves with the match as soon as standard output has one. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code. */
  readonly exited: Promise<number | null>;
}

/** Runs `src/main.ts` or `src/cli/index.ts` with just these environment variables. */
export function runProgram(
  file: 'main.ts' | 'cli/index.ts',
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Program {
  const path = fileURLToPath(new URL(`../../src/${file}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  const watchers = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    output += chunk;
    for (const watcher of watchers) watcher();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const program: Program = {
    process: child,
    get output() {
      return output;
    },
    get errors() {
      return errors;
    },
    exited,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output);
          if (match === null) return;
          watchers.delete(look);
          resolve(match);
        };
        watchers.add(look);
        look();
        void exited.then((code) =>
          reject(new Error(`ended with ${code} before ${pattern}:\n${output}\n${errors}`)),
        );
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
  return program;
}
