import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, and what it has used so far. */
export interface ServerProcess {
  readonly port: number;
  /** CPU microseconds since the process began, and resident bytes now. */
  usage(): Promise<{ readonly cpuUs: number; readonly rss: number }>;
  /** Has it do something; what a number means is its own affair. */
  tell(order: number): void;
  stop(): Promise<void>;
}

/** Starts `bench/support/<name>.ts` and waits until it listens. */
export async function serverProcess(name: string, ...args: string[]): Promise<ServerProcess> {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child: ChildProcess = fork(file, args, { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    async usage() {
      child.send('usage');
      const [{ cpu, rss }] = (await once(child, 'message')) as [
        { cpu: NodeJS.CpuUsage; rss: number },
      ];
      return { cpuUs: cpu.user + cpu.system, rss };
    },
    tell: (order) => void child.send(order),
    async stop() {
      // It clears up after itself when the channel closes.
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
