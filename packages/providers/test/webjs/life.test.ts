import { describe, expect, it } from 'vitest';
import { Lab, processesIn, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';

describe('a session of WhatsApp Web', () => {
  it('shows a QR, gets ready, sends, receives, stops, and comes back without a QR', async () => {
    await using lab = await Lab.open();
    const first = lab.station('s1');
    await first.start();
    const { text, expiresAt } = await first.until('qr');
    expect(text.split(',')).toHaveLength(5);
    expect(expiresAt - Date.now()).toBeGreaterThan(30_000);
    expect(await lab.factory().linked?.('w1', 's1')).toBe(false);

    await lab.simulator.scan(text, { number: me, name: 'Ada' });
    const ready = await first.until('ready');
    expect(ready.account).toMatchObject({ phone: me, name: 'Ada' });
    expect(first.of('syncing').length).toBeGreaterThan(0);

    const outcome = await send(first, friend, 'hello');
    expect(outcome).toMatchObject({ status: 'sent' });
    const id = outcome.status === 'sent' ? outcome.provider_message_id : '';
    await first.until(
      'message.receipt',
      (e) => e.status === 'read' && e.provider_message_id === id,
    );
    expect(first.of('message.echo')).toEqual([]);
    expect(lab.simulator.effects).toHaveLength(1);

    await lab.simulator.deliver({ to: me, from: friend, content: 'hi there' });
    const { message } = await first.until('message.received');
    expect(message).toMatchObject({
      type: 'text',
      text: { body: 'hi there' },
      from: { phone: friend },
      chat_id: `${friend}@c.us`,
      is_group: false,
    });

    await first.provider.stop();
    expect(await processesIn(lab.dir)).toEqual([]);
    expect(await lab.factory().linked?.('w1', 's1')).toBe(true);

    const second = lab.station('s1');
    await second.start();
    await second.until('ready');
    expect(second.of('qr')).toEqual([]);
  });
});
