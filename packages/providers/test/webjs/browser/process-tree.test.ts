import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '@blazz/core';
import { afterEach, describe, expect, it } from 'vitest';
import { listProcesses, type ProcessInfo } from '../../../src/webjs/browser/process-table';
import { killProfileUsers, profileTree } from '../../../src/webjs/browser/process-tree';

const profile = '/tmp/blazz-no-such-profile';

const info = (pid: number, parent: number, group: number, ...args: string[]): ProcessInfo => ({
  pid,
  parent,
  group,
  started: '1',
  args,
});

describe('profileTree', () => {
  const flag = `--user-data-dir=${profile}`;
  const pids = (...processes: ProcessInfo[]): number[] =>
    profileTree(processes, profile)
      .map((entry) => entry.pid)
      .sort((a, b) => a - b);

  it('takes the browser, its group and its descendants', () => {
    const tree = pids(
      info(10, 1, 10, '/usr/lib/chromium', flag),
      info(11, 10, 10, 'zygote'),
      info(12, 11, 10, 'renderer'),
      info(13, 1, 10, 'orphan of the group'),
      info(14, 12, 14, 'descendant that left the group'),
      info(20, 1, 20, 'somebody else'),
    );
    expect(tree).toEqual([10, 11, 12, 13, 14]);
  });

  it('takes only its own when it runs in the group of a shell, or of a gateway', () => {
    const tree = pids(
      info(5, 1, 5, 'node', 'gateway.js'),
      info(10, 5, 5, '/usr/lib/chromium', flag),
      info(11, 10, 5, 'renderer'),
      info(12, 5, 5, 'another child of the gateway'),
    );
    expect(tree).toEqual([10, 11]);
  });

  it('takes the group that it is told of, though the browser is gone, unless it is another program by now', () => {
    const child = { pid: 21, parent: 1, group: 20, started: '1', args: ['chrome --type=gpu'] };
    const other = { pid: 20, parent: 1, group: 20, started: '9', args: ['postgres'] };
    expect(profileTree([child], '/p/session', 20)).toEqual([child]);
    expect(profileTree([child], '/p/session')).toEqual([]);
    expect(profileTree([child, other], '/p/session', 20)).toEqual([]);
  });

  it('takes a browser that is dying, and so has no command line any more, with its group', () => {
    const dying = { pid: 20, parent: 1, group: 20, started: '1', args: [] };
    const child = { pid: 21, parent: 1, group: 20, started: '1', args: ['chrome --type=zygote'] };
    expect(profileTree([dying, child], '/p/session', 20)).toEqual([dying, child]);
  });

  it('does not mistake a profile whose path begins alike', () => {
    expect(pids(info(10, 1, 10, 'chromium', `${flag}-2`))).toEqual([]);
    expect(pids(info(10, 1, 10, 'chromium', `${flag}/Default`))).toEqual([]);
    // Chromium's children rewrite their arguments into one string.
    expect(pids(info(10, 1, 10, `chromium --type=gpu ${flag}-2 --x`))).toEqual([]);
    expect(pids(info(10, 1, 10, `chromium --type=gpu ${flag} --x`))).toEqual([10]);
    expect(pids(info(10, 1, 10, `chromium --type=gpu ${flag}`))).toEqual([10]);
  });

  it('never takes this process', () => {
    expect(pids(info(process.pid, 1, process.pid, 'node', flag))).toEqual([]);
  });
});

describe('with real processes', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A process that looks like a browser: its arguments name a profile, and it has a child. */
  async function pretend(dir: string): Promise<ChildProcess> {
    const script = `require('child_process').spawn('sleep', ['60']);process.stdout.write('up');setInterval(()=>0,1e6)`;
    const child = spawn(process.execPath, ['-e', script, '--', `--user-data-dir=${dir}`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    return child;
  }

  it('kills a whole group, stopped processes too, and nobody else', async () => {
    const ours = await pretend(`${profile}-a`);
    const other = await pretend(`${profile}-b`);
    process.kill(ours.pid ?? 0, 'SIGSTOP');
    const gone = once(ours, 'exit');
    const report = await killProfileUsers(`${profile}-a`, { clock: systemClock });
    expect(report.left).toEqual([]);
    expect(report.killed).toBeGreaterThanOrEqual(2);
    await gone;
    const left = await listProcesses();
    expect(left.filter((entry) => entry.group === ours.pid)).toEqual([]);
    expect(left.some((entry) => entry.pid === other.pid)).toBe(true);
  });

  it('has nothing to kill on a profile that nobody uses', async () => {
    const report = await killProfileUsers(`${profile}-none`, { clock: systemClock });
    expect(report).toEqual({ killed: 0, left: [] });
  });

  it('tells what it could not kill', async () => {
    const stuck = info(4_194_300, 1, 4_194_300, `--user-data-dir=${profile}`);
    const list = async () => [stuck];
    const report = await killProfileUsers(profile, { clock: systemClock, timeoutMs: 60, list });
    expect(report.left).toEqual([4_194_300]);
  });
});
