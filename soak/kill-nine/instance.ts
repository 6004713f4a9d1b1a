import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** An instance that is killed and started again, always at the same address. */
export class InstanceUnderKill {
  readonly #program: string;
  readonly #options: object;
  #process: ChildProcess | undefined;
  #port = 0;

  /**
   * @param program what it runs
   * @param options what that is started with, every time, beside `port`
   */
  constructor(program: URL, options: object) {
    this.#program = fileURLToPath(program);
    this.#options = options;
  }

  /** Where it is. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts it. Resolves when it listens. */
  async start(): Promise<void> {
    const child = fork(this.#program, [JSON.stringify({ ...this.#options, port: this.#port })], {
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
    await this.#end('SIGKILL');
  }

  /** Asks it to stop. Resolves when it is gone. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
