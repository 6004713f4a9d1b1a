import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSimulator, type WebSimulatorOptions } from '@blazz/simulator/web';
import type { Contender, ContenderOptions, Started } from './contender';
import type { Answer, Request } from './contender-process';
import { binaryOf, browsersOf, treeOf } from './processes';

/** A contender in its own process. */
export class Rival {
  readonly #child: ChildProcess;
  readonly #arena: Arena;
  readonly #dir: string;

  private constructor(child: ChildProcess, arena: Arena, dir: string) {
    this.#child = child;
    this.#arena = arena;
    this.#dir = dir;
  }

  /** Starts the process, and waits until it has loaded what it needs. */
  static async open(
    kind: 'ours' | 'bare',
    arena: Arena,
    options: Partial<ContenderOptions>,
  ): Promise<Rival> {
    const file = fileURLToPath(new URL('./contender-process.ts', import.meta.url));
    const dir = mkdtempSync(join(arena.dir, `${kind}-`));
    const all: ContenderOptions = { dir, browserArgs: arena.simulator.chromiumArgs(), ...options };
    const child = fork(file, [kind, JSON.stringify(all)], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
    });
    const rival = new Rival(child, arena, dir);
    await rival.#answer();
    return rival;
  }

  /** The binaries of the browsers that run for it. */
  get binaries(): readonly string[] {
    return [...new Set(browsersOf(this.#dir).map(binaryOf))];
  }

  /** Its browsers and all their processes. */
  get browserProcesses(): readonly number[] {
    return treeOf(browsersOf(this.#dir));
  }

  /** What the code in its Node process holds after a collection, in megabytes. */
  async heldMb(): Promise<number> {
    return (await this.#call('memory')).result as number;
  }

  /** Starts a session. Resolves when it shows a QR or is ready, with the milliseconds it took. */
  async start(name: string): Promise<Started & { readonly ms: number }> {
    const { ms, result } = await this.#call('start', name);
    return { ms, ...(result as Started) };
  }

  /** Starts a session, links it to an account when it has none, and waits until it is ready. */
  async link(name: string, number: string): Promise<void> {
    const { qr } = await this.start(name);
    if (qr !== undefined) await this.#arena.simulator.scan(qr, { number });
    await this.#call('ready', name);
  }

  /** Sends a text to the server's acknowledgement, with the milliseconds it took. */
  async send(name: string, to: string, text: string): Promise<number> {
    return (await this.#call('send', name, to, text)).ms;
  }

  /** Closes a session, and waits until its browser is gone. */
  async stop(name: string): Promise<void> {
    await this.#call('stop', name);
    while (browsersOf(this.#dir).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the process, and whatever it leaves behind. */
  async close(): Promise<void> {
    const running = this.#child.exitCode === null && this.#child.signalCode === null;
    const tree = this.browserProcesses;
    for (const pid of tree) kill(pid);
    if (running) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exited;
    }
    for (const pid of this.browserProcesses) kill(pid);
  }

  async #call(call: keyof Contender | 'memory', ...args: string[]): Promise<Answer> {
    this.#child.send({ call, args } satisfies Request);
    return this.#answer();
  }

  async #answer(): Promise<Answer> {
    const over = new AbortController();
    const { signal } = over;
    const message = once(this.#child, 'message', { signal });
    const exit = once(this.#child, 'exit', { signal }).then(([code]) => {
      throw new Error(`a contender ended with ${code}`);
    });
    exit.catch(() => undefined);
    try {
      const [answer] = (await Promise.race([message, exit])) as [Answer];
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    } finally {
      over.abort();
    }
  }
}

/**
 * Another version than the one that whatsapp-web.js asks its cache for, as WhatsApp's own is by now:
 * otherwise a bare client serves the page to its browser from a file, from no address, and recent
 * browsers keep such a page from everything on this machine, the simulator included.
 */
const version = '2.3000.1020000000';

/** A simulated WhatsApp, a folder for profiles, and the rivals that meet there. */
export class Arena implements AsyncDisposable {
  /** WhatsApp. */
  readonly simulator: WebSimulator;
  /** Where everything is kept, until the end. */
  readonly dir: string;
  readonly #rivals: Rival[] = [];

  private constructor(simulator: WebSimulator) {
    this.simulator = simulator;
    this.dir = mkdtempSync(join(tmpdir(), 'blazz-bench-'));
  }

  /** Starts the simulator. */
  static async open(options: WebSimulatorOptions): Promise<Arena> {
    const simulator = new WebSimulator({ version, ...options });
    await simulator.start();
    return new Arena(simulator);
  }

  /** Lets a contender in. */
  async enter(kind: 'ours' | 'bare', options: Partial<ContenderOptions> = {}): Promise<Rival> {
    const rival = await Rival.open(kind, this, options);
    this.#rivals.push(rival);
    return rival;
  }

  /** Closes everything and deletes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#rivals.map((rival) => rival.close()));
    await this.simulator.stop();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
