import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listProcesses, type ProcessInfo } from '../../src/webjs/browser/process-table';
import { profileTree } from '../../src/webjs/browser/process-tree';
import { browserOf } from './support/browser-of';
import { Lab, processesIn, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';
const quickWatch = { probeMs: 200, probeTimeoutMs: 500, eagerProbeMs: 100 };

async function childOf(lab: Lab, mark: string): Promise<number> {
  const tree = profileTree(await listProcesses(), `${lab.dir}/workspace_w1/s1/session`);
  const child = tree.find((entry) => entry.args.some((arg) => arg.includes(mark)));
  if (child === undefined) throw new Error(`There is no process with ${mark}.`);
  return child.pid;
}

/** Those of the processes that still run. Chromium's children do not name their profile. */
async function living(tree: readonly ProcessInfo[]): Promise<readonly ProcessInfo[]> {
  const now = await listProcesses();
  return tree.filter((was) =>
    now.some((entry) => entry.pid === was.pid && entry.started === was.started),
  );
}

describe('when something dies', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open();
    const station = await lab.linked('s1', me);
    await station.provider.stop();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  /** Brings the session up, does something to it, and expects `down` with nothing left behind. */
  async function downAfter(
    harm: (station: Awaited<ReturnType<Lab['linked']>>) => Promise<void> | void,
    ms: number,
  ): Promise<void> {
    const station = lab.station('s1', { watchdog: { ...quickWatch, connectingMs: 1_500 } });
    try {
      await station.start();
      await station.until('ready');
      const tree = profileTree(await listProcesses(), `${lab.dir}/workspace_w1/s1/session`);
      expect(tree.length).toBeGreaterThan(2);
      await harm(station);
      const began = Date.now();
      const { error } = await station.until('down', () => true, ms);
      expect(error.code).toBe('provider_failed');
      expect(error.retryable).toBe(true);
      expect(await living(tree)).toEqual([]);
      expect(await processesIn(lab.dir)).toEqual([]);
      expect(Date.now() - began).toBeLessThan(ms);
      expect(await send(station, friend, 'too late')).toMatchObject({ status: 'not_sent' });
    } finally {
      await station.provider.stop();
    }
  }

  it('reports a killed browser at once', () =>
    downAfter(async () => void process.kill(await browserOf(lab), 'SIGKILL'), 5_000));

  it('reports a crashed renderer at once', () =>
    downAfter(
      async () => void process.kill(await childOf(lab, '--type=renderer'), 'SIGKILL'),
      5_000,
    ));

  it('reports a page that spins', () =>
    downAfter(() => lab.simulator.phone(me).spinPage(60_000), 8_000));

  it('reports a browser that is stopped, and kills it', () =>
    downAfter(async () => void process.kill(await browserOf(lab), 'SIGSTOP'), 8_000));

  it('reports a page that was led elsewhere', () =>
    downAfter(() => lab.simulator.phone(me).navigateAway(), 8_000));

  it('reports a browser that is stopped before it was ever looked at', async () => {
    const station = lab.station('s2', { watchdog: { ...quickWatch, eagerProbeMs: 2_000 } });
    try {
      await station.start();
      const tree = profileTree(await listProcesses(), `${lab.dir}/workspace_w1/s2/session`);
      for (const { pid } of tree) process.kill(pid, 'SIGSTOP');
      await station.until('down', () => true, 15_000);
      expect(await living(tree)).toEqual([]);
    } finally {
      await station.provider.stop();
    }
  });

  it('leaves no orphan when the browser is killed while its children are stopped', async () => {
    const station = lab.station('s1', { watchdog: quickWatch });
    await station.start();
    const browser = await browserOf(lab);
    const tree = profileTree(await listProcesses(), `${lab.dir}/workspace_w1/s1/session`);
    expect(tree.length).toBeGreaterThan(2);
    for (const { pid } of tree) if (pid !== browser) process.kill(pid, 'SIGSTOP');
    process.kill(browser, 'SIGKILL');
    await station.until('down', () => true, 10_000);
    expect(await living(tree)).toEqual([]);
    await station.provider.stop();
  });

  it('stops a browser that is stopped within its deadline', async () => {
    const station = lab.station('s1', { deadlines: { closeMs: 1_000 } });
    await station.start();
    process.kill(await browserOf(lab), 'SIGSTOP');
    const began = Date.now();
    await station.provider.stop();
    expect(Date.now() - began).toBeLessThan(6_000);
    expect(await processesIn(lab.dir)).toEqual([]);
  });

  it('heals by itself when the network service dies', async () => {
    const station = lab.station('s1', { watchdog: quickWatch });
    await station.start();
    await station.until('ready');
    const before = station.events.length;
    process.kill(await childOf(lab, 'network.mojom.NetworkService'), 'SIGKILL');
    await station.until('interrupted', () => true, 20_000, before);
    await station.until('ready', () => true, 20_000, before);
    expect(await send(station, friend, 'still here')).toMatchObject({ status: 'sent' });
    await station.provider.stop();
  });

  it('mends a connection that is cut', async () => {
    const station = lab.station('s1', { watchdog: quickWatch });
    await station.start();
    await station.until('ready');
    const before = station.events.length;
    lab.simulator.dropSockets(me);
    await station.until('interrupted', () => true, 10_000, before);
    await station.until('ready', () => true, 10_000, before);
    await station.provider.stop();
  });

  it('gets ready again after a reload', async () => {
    const station = lab.station('s1', { watchdog: quickWatch });
    await station.start();
    await station.until('ready');
    const before = station.events.length;
    lab.simulator.reloadPage(me);
    await station.until('ready', () => true, 15_000, before);
    expect(await send(station, friend, 'after the reload')).toMatchObject({ status: 'sent' });
    await station.provider.stop();
  });
});
