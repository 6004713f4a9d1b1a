import { describe, expect, it } from 'vitest';
import { Lab, processesIn, send } from './support/lab';

const me = '628111000001';

describe.runIf(process.platform === 'linux')('a browser that takes too much memory', () => {
  it('is closed in good order, keeps its link, and is not measured against a limit that it keeps', async () => {
    await using lab = await Lab.open();
    const small = { maxBrowserBytes: 1_000_000, watchdog: { memoryProbeMs: 100 } };
    const first = await lab.linked('s1', me, {
      maxBrowserBytes: 8e9,
      watchdog: { memoryProbeMs: 20 },
    });
    expect(await send(first, '628222000002', 'in between')).toMatchObject({ status: 'sent' });
    expect(first.of('down')).toEqual([]);
    await first.provider.stop();

    const second = lab.station('s1', small);
    await second.start();
    const { error } = await second.until('down');
    expect(error).toMatchObject({ code: 'provider_failed', retryable: true });
    expect(error.message).toContain('more memory');
    expect(second.log.some((line) => line.message.includes('too much memory'))).toBe(true);
    expect(await processesIn(lab.dir)).toEqual([]);

    const third = lab.station('s1');
    await third.start();
    await third.until('ready');
    expect(third.of('qr')).toEqual([]);
  });
});
