import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';

describe('after an absence', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open({ ackMode: 'sent' });
  });
  afterEach(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it('misses no message, however many, and no receipt, and no late decryption', async () => {
    const first = await lab.linked('s1', me);
    const sent = await send(first, friend, 'did you read this?');
    const key = sent.status === 'sent' ? sent.provider_message_id : '';
    await first.provider.stop();
    lab.simulator.acknowledge(key.split('_')[2] ?? '', 3);
    const secret = await lab.simulator.deliver({
      to: me,
      from: '628999000009',
      content: { kind: 'ciphertext' },
    });
    for (let index = 0; index < 500; index++) {
      await lab.simulator.deliver({ to: me, from: friend, content: `missed ${index}` });
    }

    const second = lab.station('s1');
    await second.start();
    await second.until('message.received', (e) => e.message.text?.body === 'missed 499');
    // Some come while the rest is looked for.
    await lab.simulator.deliver({ to: me, from: friend, content: 'live' });
    await second.until('message.received', (e) => e.message.text?.body === 'live');
    const bodies = second.of('message.received').map(({ message }) => message.text?.body);
    expect(bodies).toEqual([...Array.from({ length: 500 }, (_, i) => `missed ${i}`), 'live']);
    await second.until(
      'message.receipt',
      (e) => e.provider_message_id === key && e.status === 'read',
    );

    await lab.simulator.decrypt(secret.id, { kind: 'text', text: 'readable at last' });
    const { message } = await second.until(
      'message.received',
      (e) => e.message.provider_message_id.includes(secret.id),
      30_000,
    );
    expect(message.text?.body).toBe('readable at last');
    expect(second.of('message.edited')).toEqual([]);
  }, 90_000);
});
