import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./instance-process.mjs', import.meta.url));

/** What an instance under kill is started with. */
export interface InstanceOptions {
  /** The database file. */
  readonly dataPath: string;
  /** The port of the counting WhatsApp. */
  readonly whatsApp: number;
  /** The client's secret. */
  readonly secret: string;
  /** The tenants. */
  readonly workspaces: readonly string[];
}

/** An instance that is killed and started again, always at the same address. */
export class InstanceUnderKill {
  readonly #options: InstanceOptions;
  #process: ChildProcess | undefined;
  #port = 0;

  /** @param options what it is started with, every time */
  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  /** Where it is. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts it. Resolves when it listens. */
  async start(): Promise<void> {
    const child = fork(program, [JSON.stringify({ ...this.#options, port: this.#port })], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#process = child;
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`The instance ended with ${code} instead of listening.`);
    });
    const [message] = await Promise.race([once(child, 'message'), died]);
    died.catch(() => undefined);
    this.#port = (message as { port: number }).port;
  }

  /** Kills it, without a warning. Resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}
