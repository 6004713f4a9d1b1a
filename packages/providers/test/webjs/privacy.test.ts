import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Lab, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';
const words = ['whisper-in', 'whisper-out', 'whisper-late'];

describe('the log of a session', () => {
  it('names nobody and repeats nothing, whatever goes wrong', async () => {
    await using lab = await Lab.open({
      ackMode: 'sent',
      isRegistered: (number) => number !== '628333000003',
    });
    const station = await lab.linked('s1', me, {
      deadlines: { ackMs: 500, sendMs: 1_000, callMs: 1_000, fetchMs: 300 },
    });
    const [qr] = station.of('qr');
    const { id } = await lab.simulator.deliver({ to: me, from: friend, content: words[0] ?? '' });
    await station.until('message.received', (e) => e.message.provider_message_id.includes(id));
    await send(station, friend, words[1] ?? '');
    await send(station, '628333000003', words[1] ?? '');
    await send(station, '12@newsletter', words[1] ?? '');
    lab.simulator.setFaults({ send: 'reject', upload: 'error', download: 'error' });
    await send(station, friend, words[1] ?? '');
    const image = { link: 'data:image/png;base64,AQID', caption: words[1] ?? '' };
    await send(station, friend, { type: 'image', image });
    await station.provider.mediaDownload
      ?.download(`false_${friend}@c.us_${id}`, AbortSignal.timeout(5_000))
      .catch(() => undefined);
    await station.provider.typing?.setTyping(friend, 'typing', AbortSignal.timeout(5_000));
    lab.simulator.clearFaults();
    lab.simulator.phone(me).navigateAway();
    await send(station, friend, words[2] ?? '');
    await station.provider.logout?.logout(AbortSignal.timeout(20_000));

    // As deep as a careless adapter could go: causes, and causes of causes.
    const text = inspect(station.log, { depth: 10 });
    expect(station.log.some(({ level }) => level === 'warn')).toBe(true);
    for (const secret of [me, friend, ...words, ...(qr?.text.split(',').slice(0, 4) ?? ['?'])]) {
      expect(text).not.toContain(secret);
    }
  }, 60_000);
});
