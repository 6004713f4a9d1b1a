import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClientKey, GatewayClient } from '@blazz/router';

const entry = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built server with its sandbox, as its own process. */
export interface BuiltServer {
  readonly process: ChildProcess;
  readonly url: string;
  readonly key: ClientKey;
  readonly client: GatewayClient;
  /** Everything it has printed. */
  output(): string;
  /** Calls the simulated phone's control API. */
  phone(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Sends a signal and resolves with the exit code (null when killed). */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `dist/main.js` and waits until it listens. */
export async function startBuiltServer(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BuiltServer> {
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, BLAZZ_DATA_DIR: dataDir, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const listening = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (/The simulated phone: \S+/.test(printed)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
  });
  await listening;
  const url = /listens on (\S+)/.exec(printed)?.[1] ?? '';
  const phoneUrl = new URL(/The simulated phone: (\S+)/.exec(printed)?.[1] ?? '');
  const [key] = JSON.parse(readFileSync(join(dataDir, 'keys.json'), 'utf8')).keys;
  const client = new GatewayClient({ baseUrl: url, key });
  return {
    process: child,
    url,
    key,
    client,
    output: () => printed,
    async phone(method, path, body) {
      const response = await fetch(new URL(path, phoneUrl.origin), {
        method,
        headers: {
          authorization: `Bearer ${phoneUrl.hash.slice(1)}`,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    async end(signal) {
      await client[Symbol.asyncDispose]();
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill(signal);
      const [code] = (await exited) as [number | null];
      return code;
    },
  };
}

/** The processes on this machine that have a folder on their command line: its browsers. */
export function browsersOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.some((word) => word.startsWith('--user-data-dir=') && word.includes(folder))
          ? [Number(pid)]
          : [];
      } catch {
        return [];
      }
    });
}
