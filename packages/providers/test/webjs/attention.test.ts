import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab, type Station, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';
const watchdog = { probeMs: 100, eagerProbeMs: 100, attentionMs: 400 };

describe('a page that waits for a person', () => {
  let lab: Lab;
  let station: Station;
  beforeAll(async () => {
    lab = await Lab.open();
    station = await lab.linked('s1', me, { watchdog });
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it.each(['announcement', 'terms'] as const)(
    'holds sends back while a dialogue lies over it, keeps its browser, and goes on afterwards: %s',
    async (kind) => {
      const phone = lab.simulator.phone(me);
      const before = station.events.length;
      phone.showDialog(kind);
      const held = await station.until('action_required', () => true, 5_000, before);
      expect(held).toEqual({ type: 'action_required', reason: 'modal', waiting: true });
      expect(await send(station, friend, 'wait')).toMatchObject({
        status: 'not_sent',
        error: { code: 'not_ready' },
      });
      // What comes in is told all the same.
      await lab.simulator.deliver({ from: friend, to: me, content: 'meanwhile' });
      await station.until('message.received', () => true, 5_000, before);
      // A dialogue that is answered on another device goes away by itself.
      phone.closeDialog();
      await station.until('ready', () => true, 5_000, before);
      expect(await send(station, friend, 'go on')).toMatchObject({ status: 'sent' });
      const told = station.events.slice(before).map((event) => event.type);
      expect(told.filter((type) => type === 'action_required')).toHaveLength(1);
      expect(told.filter((type) => type === 'down')).toEqual([]);
      expect(phone.connectedPages).toBe(1);
    },
  );

  it('waits on over a broken connection and a reload', async () => {
    const phone = lab.simulator.phone(me);
    const before = station.events.length;
    phone.showDialog('terms');
    await station.until('action_required', () => true, 5_000, before);
    const back = once(lab.simulator, 'synced');
    phone.reloadPage();
    await back;
    phone.closeDialog();
    await station.until('ready', () => true, 10_000, before);
    expect(await send(station, friend, 'after the reload')).toMatchObject({ status: 'sent' });
    expect(station.of('down')).toEqual([]);
  });

  it('takes neither what passes by itself nor mere progress for a wait', async () => {
    const phone = lab.simulator.phone(me);
    const before = station.events.length;
    phone.showDialog('progress');
    const outcome = await send(station, friend, 'while it works');
    expect(outcome).toMatchObject({ status: 'sent' });
    phone.showDialog('terms');
    await looks(2);
    phone.closeDialog();
    await looks(8);
    expect(station.events.slice(before).filter((e) => e.type === 'action_required')).toEqual([]);
  });
});

describe('an announcement that may be dismissed', () => {
  it('is dismissed, and terms are not', async () => {
    await using lab = await Lab.open();
    const station = await lab.linked('s1', me, { watchdog, dismissAnnouncements: true });
    const phone = lab.simulator.phone(me);
    const before = station.events.length;
    phone.showDialog('announcement');
    await once(lab.simulator, 'dialog');
    expect(phone.dialog).toBeUndefined();
    expect(station.events.slice(before).filter((e) => e.type === 'action_required')).toEqual([]);
    expect(await send(station, friend, 'undisturbed')).toMatchObject({ status: 'sent' });
    phone.showDialog('terms');
    await station.until('action_required', () => true, 5_000, before);
    expect(phone.dialog).toBe('terms');
  });
});

describe('a passkey that linking wants', () => {
  it('is told, and the session goes on once it was given', async () => {
    await using lab = await Lab.open({ faults: { linking: 'passkey' } });
    const station = lab.station('s1', { watchdog });
    await station.start();
    const { text } = await station.until('qr');
    const scanned = lab.simulator.scan(text, { number: me, name: 'Ada' });
    expect(await station.until('action_required')).toEqual({
      type: 'action_required',
      reason: 'passkey',
      waiting: true,
    });
    const before = station.events.length;
    lab.simulator.phone(me).answerPasskey(true);
    await scanned;
    await station.until('ready', () => true, 10_000, before);
    expect(await send(station, friend, 'linked')).toMatchObject({ status: 'sent' });
    expect(station.of('down')).toEqual([]);
  });

  it('that is refused brings a new QR', async () => {
    await using lab = await Lab.open({ faults: { linking: 'passkey' } });
    const station = lab.station('s1', { watchdog });
    await station.start();
    const { text } = await station.until('qr');
    const scanned = lab.simulator.scan(text, { number: me });
    await station.until('action_required');
    const before = station.events.length;
    lab.simulator.phone(me).answerPasskey(false);
    await expect(scanned).rejects.toMatchObject({ code: 'rejected' });
    const second = await station.until('qr', () => true, 10_000, before);
    expect(second.text).not.toBe(text);
    lab.simulator.clearFaults();
    await lab.simulator.scan(second.text, { number: me });
    await station.until('ready');
  });

  it('that nobody gives ends the browser, and asks for a person, once', async () => {
    await using lab = await Lab.open({ faults: { linking: 'passkey' } });
    const station = lab.station('s1', { watchdog: { ...watchdog, pairingMs: 1_500 } });
    await station.start();
    const { text } = await station.until('qr');
    const scanned = lab.simulator.scan(text, { number: me });
    scanned.catch(() => undefined);
    await station.until('action_required', (event) => event.waiting !== true);
    await expect(scanned).rejects.toMatchObject({ code: 'rejected' });
    expect(station.of('action_required').map((event) => event.waiting)).toEqual([true, undefined]);
    expect(station.of('down')).toEqual([]);
  });
});

/** Waits until the page was looked at so many times more. */
async function looks(count: number): Promise<void> {
  // Nothing tells of a look that found nothing.
  await new Promise((resolve) => setTimeout(resolve, count * watchdog.probeMs));
}
