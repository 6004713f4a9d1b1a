import { access } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browserOf } from './support/browser-of';
import { Lab, processesIn, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';

describe('credentials of a link that was just made', () => {
  let lab: Lab;
  afterEach(() => lab[Symbol.asyncDispose]());

  /** Links a session and ends its browser at once by a signal. */
  async function endBrowser(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const station = await lab.linked('s1', me);
    process.kill(await browserOf(lab), signal);
    expect((await station.until('down')).error.retryable).toBe(true);
    await station.provider.stop();
    expect(await processesIn(lab.dir)).toEqual([]);
  }

  describe('where WhatsApp Web keeps them', () => {
    beforeEach(async () => {
      lab = await Lab.open();
    });

    it.each(['SIGKILL', 'SIGTERM'] as const)('outlive a browser ended by %s', async (signal) => {
      await endBrowser(signal);
      const second = await lab.linked('s1', me);
      expect(second.of('qr')).toEqual([]);
      expect(await send(second, friend, 'still linked')).toMatchObject({ status: 'sent' });
      // Where the library would keep copies of the page, were it let.
      await expect(access('.wwebjs_cache')).rejects.toThrow();
    });
  });

  it('that the browser never wrote are no fault: a QR is shown, and links anew', async () => {
    lab = await Lab.open({ credentialStorage: 'localstorage' });
    await endBrowser('SIGKILL');
    const second = lab.station('s1');
    await second.start();
    const { text } = await second.until('qr');
    expect(await lab.factory().linked?.('w1', 's1')).toBe(false);
    await lab.simulator.scan(text, { number: me });
    await second.until('ready');
    expect(second.of('down')).toEqual([]);
  });
});
