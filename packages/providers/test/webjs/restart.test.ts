import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attempt, Lab, outgoing, processesIn, send } from './support/lab';
import { launch } from './support/run';

const me = '628111000001';
const friend = '628222000002';

describe('over restarts', () => {
  let lab: Lab;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    lab = await Lab.open({ ackMode: 'sent' });
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await lab[Symbol.asyncDispose]();
  });

  const keyOf = (id: string): string => `false_${friend}@c.us_${id}`;
  const deliver = (content: string) => lab.simulator.deliver({ to: me, from: friend, content });

  /** A second gateway process on the same profiles. */
  function gateway() {
    const child = launch('gateway.ts', [lab.dir, ...lab.simulator.chromiumArgs()]);
    children.push(child);
    const lines: { type: string; code?: string; text?: string }[] = [];
    const waiting = new Set<() => void>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line));
      for (const look of waiting) look();
    });
    const until = (type: string): Promise<(typeof lines)[number]> =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = lines.find((line) => line.type === type);
          if (found !== undefined) resolve(found);
        };
        waiting.add(look);
        look();
      });
    return { child, until };
  }

  it('catches up on what came in meanwhile, once, and marks it so', async () => {
    const first = await lab.linked('s1', me);
    const { id: old } = await deliver('before');
    await first.until('message.received', (e) => e.message.provider_message_id === keyOf(old));
    await first.provider.stop();
    const { id: one } = await deliver('while away, 1');
    const { id: two } = await deliver('while away, 2');
    await lab.simulator.phone(me).send(friend, 'from the phone, while away');
    // Some arrive before the listeners stand, some after: no one may come twice.
    const second = lab.station('s1');
    await second.start();
    const { id: three } = await deliver('just back');
    for (const id of [one, two, three]) {
      await second.until('message.received', (e) => e.message.provider_message_id === keyOf(id));
    }
    await second.until('message.echo', (e) => e.message.caught_up === true);
    // The later looks for latecomers repeat nothing.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const ids = second.of('message.received').map(({ message }) => message.provider_message_id);
    expect(new Set(ids).size).toBe(ids.length);
    const missed = second
      .of('message.received')
      .filter(({ message }) => [keyOf(one), keyOf(two)].includes(message.provider_message_id));
    expect(missed.map(({ message }) => message.caught_up)).toEqual([true, true]);
    expect(missed.map(({ message }) => message.text?.body)).toEqual([
      'while away, 1',
      'while away, 2',
    ]);
  });

  it('finds a send of an earlier run again, by what it said and when', async () => {
    const first = await lab.linked('s1', me);
    const message = outgoing(friend, 'did it leave?');
    const began = attempt();
    lab.simulator.setFaults({ send: 'lost_ack' });
    const sending = first.provider.send(message, began, AbortSignal.timeout(20_000));
    await expect.poll(() => lab.simulator.effects.length).toBe(1);
    await first.provider.stop();
    expect(await sending).toMatchObject({ status: 'unknown' });
    lab.simulator.clearFaults();

    const second = lab.station('s1');
    await second.start();
    await second.until('ready');
    const { reconciliation } = second.provider;
    const found = await reconciliation?.reconcile(message, began, AbortSignal.timeout(20_000));
    const id = lab.simulator.effects[0]?.id;
    expect(found).toEqual({
      status: 'sent',
      provider_message_id: `true_${friend}@c.us_${id}`,
    });
    // Another that says the same makes both of them doubtful.
    const twin = await lab.simulator.phone(me).send(friend, 'did it leave?');
    await second.until('message.echo', (e) => e.message.provider_message_id.includes(twin.id));
    expect(
      await reconciliation?.reconcile(message, began, AbortSignal.timeout(20_000)),
    ).toBeUndefined();
    expect(lab.simulator.effects).toHaveLength(1);
  });

  it('refuses a profile that another process holds, and takes it over when that is killed', async () => {
    const { child, until } = gateway();
    const { text } = await until('qr');
    await lab.simulator.scan(text ?? '', { number: me });
    await until('ready');

    const refused = lab.station('s1');
    await expect(refused.start()).rejects.toMatchObject({
      code: 'profile_locked',
      retryable: true,
    });
    await refused.provider.stop();
    expect((await processesIn(lab.dir)).length).toBeGreaterThan(1);

    child.kill('SIGKILL');
    await once(child, 'exit');
    const station = lab.station('s1');
    await station.start();
    await station.until('ready');
    expect(station.of('qr')).toEqual([]);
    expect(await send(station, friend, 'taken over')).toMatchObject({ status: 'sent' });
  });

  it("leaves another machine's profile alone, unless a lease says otherwise", async () => {
    const first = await lab.linked('s1', me);
    await first.provider.stop();
    const lock = join(lab.dir, 'workspace_w1', 's1', 'gateway.lock');
    await writeFile(
      lock,
      JSON.stringify({ host: `not-${hostname()}`, pid: 1, started: '1', token: 't' }),
    );
    const refused = lab.station('s1');
    await expect(refused.start()).rejects.toMatchObject({ code: 'profile_locked' });
    expect(await readFile(lock, 'utf8')).toContain('not-');
    const holder = lab.station('s1', { leaseHeld: true });
    await holder.start();
    await holder.until('ready');
  });

  it('kills a browser that an earlier gateway left behind', async () => {
    const { child, until } = gateway();
    const { text } = await until('qr');
    await lab.simulator.scan(text ?? '', { number: me });
    await until('ready');
    // Stopped, so that it cannot notice that its gateway is gone.
    const left = (await processesIn(lab.dir)).filter((pid) => pid !== child.pid);
    execFileSync('kill', ['-STOP', ...left.map(String)]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const station = lab.station('s1');
    await station.start();
    await station.until('ready');
    expect(station.log.some((line) => line.message.includes('left on the profile'))).toBe(true);
  });
});
