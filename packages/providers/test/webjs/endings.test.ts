import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab, processesIn, type Station, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';

describe('an end that WhatsApp brings', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open();
  });
  afterEach(async () => {
    await lab[Symbol.asyncDispose]();
  });

  const profileExists = (): Promise<boolean> =>
    access(join(lab.dir, 'workspace_w1', 's1', 'session')).then(
      () => true,
      () => false,
    );
  const isLinked = () => lab.factory().linked?.('w1', 's1');

  async function over(station: Station): Promise<void> {
    expect(await processesIn(lab.dir)).toEqual([]);
    expect(station.of('down')).toEqual([]);
    expect(await send(station, friend, 'too late')).toMatchObject({
      status: 'not_sent',
      error: { code: 'not_ready' },
    });
    await station.provider.stop();
  }

  it.each(['navigate', 'unpaired_first'] as const)(
    'is a log-out when the phone removes the device, and a new browser links again: %s',
    async (unlink) => {
      lab.simulator.setFaults({ unlink });
      const station = await lab.linked('s1', me);
      lab.simulator.logoutFromPhone(me);
      expect(await station.until('logged_out')).toEqual({ type: 'logged_out', reason: 'logout' });
      await over(station);
      expect(await isLinked()).toBe(false);
      expect(await profileExists()).toBe(false);

      const second = await lab.linked('s1', me);
      expect(await send(second, friend, 'linked again')).toMatchObject({ status: 'sent' });
      await second.provider.stop();
      // What the library's own new QR, in the same browser, would not survive.
      const third = lab.station('s1');
      await third.start();
      await third.until('ready');
      expect(third.of('qr')).toEqual([]);
    },
  );

  it('is a log-out when the device was removed while the session was away', async () => {
    const first = await lab.linked('s1', me);
    await first.provider.stop();
    lab.simulator.logoutFromPhone(me);
    const station = lab.station('s1');
    const error = await station.start().catch((thrown: unknown) => thrown);
    if (error !== undefined) {
      expect(station.of('logged_out')).toHaveLength(1);
      await station.provider.stop();
      await lab.station('s1').start();
    } else {
      await station.until('qr');
    }
    expect(await isLinked()).toBe(false);
  });

  it('keeps the credentials in doubt: UNPAIRED without a log-out', async () => {
    const station = await lab.linked('s1', me);
    lab.simulator.setState(me, 'UNPAIRED');
    expect(await station.until('logged_out')).toMatchObject({ reason: 'unpaired' });
    await over(station);
    expect(await isLinked()).toBe(false);
    expect(await profileExists()).toBe(true);
    const second = lab.station('s1');
    await second.start();
    await second.until('ready');
    expect(await isLinked()).toBe(true);
  });

  it.each([
    ['TOS_BLOCK', 'blocked'],
    ['SMB_TOS_BLOCK', 'blocked'],
    ['PROXYBLOCK', 'blocked'],
    ['DEPRECATED_VERSION', 'outdated'],
  ] as const)(
    'needs a person when WhatsApp does not let the account, or this version, in: %s',
    async (state, reason) => {
      const station = await lab.linked('s1', me);
      lab.simulator.setState(me, state);
      expect(await station.until('action_required')).toEqual({
        type: 'action_required',
        reason,
      });
      await over(station);
      expect(await isLinked()).toBe(true);
    },
  );

  it('needs a person when the account is opened elsewhere, and keeps the credentials', async () => {
    const station = await lab.linked('s1', me);
    lab.simulator.conflict(me);
    expect(await station.until('action_required')).toMatchObject({ reason: 'conflict' });
    await over(station);
    const second = lab.station('s1');
    await second.start();
    await second.until('ready');
    expect(second.of('qr')).toEqual([]);
  });

  it('takes the account back when told to', async () => {
    const first = await lab.linked('s1', me);
    await first.provider.stop();
    const station = lab.station('s1', {}, { takeover_on_conflict: true });
    const watched = lab.station('s1', { takeoverOnConflict: true, watchdog: { probeMs: 300 } });
    await station.provider.stop();
    await watched.start();
    await watched.until('ready');
    const before = watched.events.length;
    lab.simulator.conflict(me);
    expect(await watched.until('interrupted', () => true, 10_000, before)).toMatchObject({
      reason: 'conflict',
    });
    await watched.until('ready', () => true, 15_000, before);
    expect(await send(watched, friend, 'mine again')).toMatchObject({ status: 'sent' });
  });

  it('is no end when the link is there again a moment later', async () => {
    const station = await lab.linked('s1', me, { watchdog: { probeMs: 200, eagerProbeMs: 200 } });
    const before = station.events.length;
    lab.simulator.setState(me, 'UNPAIRED');
    await station.until('interrupted', () => true, 5_000, before);
    lab.simulator.setState(me, 'CONNECTED');
    await station.until('ready', () => true, 5_000, before);
    // Longer than a log-out gets to show itself.
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(station.of('logged_out')).toEqual([]);
    expect(await send(station, friend, 'still linked')).toMatchObject({ status: 'sent' });
  });

  it('ends a send that is under way as unknown, and never twice', async () => {
    const station = await lab.linked('s1', me);
    lab.simulator.setFaults({ send: 'lost_ack' });
    const sending = send(station, friend, 'cut off');
    await expect.poll(() => lab.simulator.effects.length).toBe(1);
    lab.simulator.logoutFromPhone(me);
    expect(await sending).toMatchObject({
      status: 'unknown',
      provider_message_id: expect.stringContaining(lab.simulator.effects[0]?.id ?? '?'),
    });
    await station.until('logged_out');
    expect(lab.simulator.effects).toHaveLength(1);
  });

  it('is no end when the connection is slow: sends wait, and go on', async () => {
    const station = await lab.linked('s1', me, { watchdog: { probeMs: 300 } });
    const before = station.events.length;
    lab.simulator.setState(me, 'TIMEOUT');
    await station.until('interrupted', (e) => e.reason === 'timeout', 5_000, before);
    expect(await send(station, friend, 'wait')).toMatchObject({ status: 'not_sent' });
    lab.simulator.setState(me, 'CONNECTED');
    await station.until('ready', () => true, 10_000, before);
    expect(await send(station, friend, 'go on')).toMatchObject({ status: 'sent' });
  });
});

describe('a log-out that is asked for', () => {
  it.each(['resolve_first', 'navigate_first'] as const)(
    'unlinks the device, forgets the credentials, and reports nothing: %s',
    async (logout) => {
      await using lab = await Lab.open({ faults: { logout } });
      const station = await lab.linked('s1', me);
      const before = station.events.length;
      await station.provider.logout?.logout(AbortSignal.timeout(30_000));
      expect(lab.simulator.phone(me).linkedDevices).toBe(0);
      expect(await processesIn(lab.dir)).toEqual([]);
      expect(await lab.factory().linked?.('w1', 's1')).toBe(false);
      expect(station.events.slice(before)).toEqual([]);
    },
  );

  it('unlinks the device although the page is just being loaded again', async () => {
    await using lab = await Lab.open({ timings: { bootMs: 700 } });
    const station = await lab.linked('s1', me);
    const before = station.events.length;
    lab.simulator.reloadPage(me);
    await station.until('interrupted', () => true, 10_000, before);
    await station.provider.logout?.logout(AbortSignal.timeout(30_000));
    expect(lab.simulator.phone(me).linkedDevices).toBe(0);
    expect(await lab.factory().linked?.('w1', 's1')).toBe(false);
  });

  it('says when WhatsApp could not be told: the page is elsewhere', async () => {
    await using lab = await Lab.open();
    const station = await lab.linked('s1', me, { deadlines: { callMs: 1_000 } });
    const before = station.events.length;
    lab.simulator.phone(me).navigateAway();
    await station.until('interrupted', () => true, 10_000, before);
    await station.provider.logout?.logout(AbortSignal.timeout(30_000));
    expect(station.log.some((line) => line.message.includes('still list the device'))).toBe(true);
    expect(await processesIn(lab.dir)).toEqual([]);
    expect(await lab.factory().linked?.('w1', 's1')).toBe(false);
  });

  it('forgets the credentials of a session that does not run', async () => {
    await using lab = await Lab.open();
    const first = await lab.linked('s1', me);
    await first.provider.stop();
    const second = lab.station('s1');
    await second.provider.logout?.logout(AbortSignal.timeout(30_000));
    expect(await lab.factory().linked?.('w1', 's1')).toBe(false);
    expect(second.log.some((line) => line.message.includes('remove it on the phone'))).toBe(true);
  });
});
