import { describe, expect, it } from 'vitest';
import { errorOf, idOf, Stage } from '../support/stage';

const to = '628111000111';
const contacts = [{ name: { formatted_name: 'Budi' }, phones: [{ phone: '+62811' }] }];
const body = { text: 'Choose' };
const list = {
  type: 'list',
  body,
  action: { button: 'Open', sections: [{ rows: [{ id: '1', title: 'One' }] }] },
};
const buttons = {
  type: 'button',
  body,
  action: { buttons: [{ type: 'reply', reply: { id: 'y', title: 'Yes' } }] },
};
const flow = {
  type: 'flow',
  body,
  action: {
    name: 'flow',
    parameters: { flow_message_version: '3', flow_id: '1', flow_cta: 'Go' },
  },
};

describe('every type of message', () => {
  it.each([
    ['text', { body: 'Halo', preview_url: true }],
    ['image', { link: 'https://x.test/a.jpg', caption: 'A' }],
    ['audio', { link: 'https://x.test/a.ogg' }],
    ['video', { link: 'https://x.test/a.mp4' }],
    ['document', { link: 'https://x.test/a.pdf', filename: 'a.pdf' }],
    ['sticker', { link: 'https://x.test/a.webp' }],
    ['location', { latitude: -6.2, longitude: 106.8, name: 'Jakarta' }],
    ['contacts', contacts],
    ['reaction', { message_id: 'wamid.x', emoji: '👍' }],
    ['interactive', list],
    ['interactive', buttons],
    ['interactive', flow],
    [
      'interactive',
      {
        type: 'cta_url',
        body,
        action: { name: 'cta_url', parameters: { display_text: 'Go', url: 'https://x.test' } },
      },
    ],
    ['interactive', { type: 'location_request_message', body, action: { name: 'send_location' } }],
    ['interactive', { type: 'product', action: { catalog_id: '1', product_retailer_id: 'a' } }],
    ['interactive', { type: 'catalog_message', body, action: { name: 'catalog_message' } }],
  ])('%s is taken: %j', async (type, content) => {
    await using stage = await Stage.open();
    stage.customer(to);
    const sent = await stage.send({
      to,
      type,
      [type]: content,
      context: { message_id: 'wamid.y' },
    });
    expect([sent.status, sent.json.error]).toEqual([200, undefined]);
    expect(stage.simulator.effects).toMatchObject([{ type, message: { [type]: content } }]);
  });

  it.each([
    ['no recipient', { to: undefined }, 100],
    ['two recipients', { recipient: 'US.1' }, 100],
    ['a recipient that is no number', { to: 'Ani' }, 131009],
    ['no product', { messaging_product: undefined }, 100],
    ['a type that is none', { type: 'fax' }, 100],
    ['no content', { text: undefined }, 131008],
    ['an empty text', { text: { body: '' } }, 100],
    ['a text that is too long', { text: { body: 'x'.repeat(4097) } }, 100],
    ['an unknown member', { text: { body: 'x', colour: 'red' } }, 100],
    ['a medium without id and link', { type: 'image', text: undefined, image: {} }, 100],
    ['an unknown medium', { type: 'image', text: undefined, image: { id: '1' } }, 100],
    ['a link that is none', { type: 'image', text: undefined, image: { link: 'a.jpg' } }, 100],
    [
      'an unknown interactive',
      { type: 'interactive', text: undefined, interactive: { type: 'x' } },
      131009,
    ],
    ['itself as recipient', { to: '15550001111' }, 131021],
    ['an unknown user id', { to: undefined, recipient: 'US.1' }, 131009],
  ])('with %s is refused and has no effect', async (_, change, code) => {
    await using stage = await Stage.open();
    const sent = await stage.text(to, 'Halo', change);
    expect([sent.status, errorOf(sent).code]).toEqual([400, code]);
    expect(errorOf(sent)).toMatchObject({ message: expect.any(String) });
    expect(stage.simulator.effects).toEqual([]);
  });

  it('reaches people by their user id, whose number may stay hidden', async () => {
    await using stage = await Stage.open();
    const { simulator, business, callback } = stage;
    const userId = 'ID.12345';
    const person = { number: to, userId, hidesNumber: true, wroteTo: [business.phoneNumberId] };
    simulator.addContact(person);
    const sent = await stage.text(to, 'Halo', { to: undefined, recipient: userId });
    expect(sent.json.contacts).toEqual([{ input: userId, user_id: userId }]);
    await callback.until(() => callback.statusesReported.length === 3);
    expect(callback.statusesReported[0]).toMatchObject({ recipient_user_id: userId });
    expect(callback.statusesReported[0]).not.toHaveProperty('recipient_id');
  });

  it('is marked as read, with somebody typing', async () => {
    await using stage = await Stage.open();
    const seen: string[] = [];
    stage.simulator.on('typing', ({ messageId }) => seen.push(messageId));
    const answer = await stage.send({
      status: 'read',
      message_id: 'wamid.abc',
      typing_indicator: { type: 'text' },
    });
    expect([answer.json, seen]).toEqual([{ success: true }, ['wamid.abc']]);
  });

  it.each([
    ['not on WhatsApp', { onWhatsApp: false }, 131026],
    ['outside the window', {}, 131047],
  ])('to somebody %s fails by a status, or at once when told so', async (_, person, code) => {
    await using stage = await Stage.open();
    const { simulator, callback } = stage;
    simulator.addContact({ number: to, ...person });
    const sent = await stage.text(to);
    await callback.until(() => callback.statusesReported.length === 1);
    expect(callback.statusesReported).toMatchObject([
      { id: idOf(sent), status: 'failed', errors: [{ code, title: expect.any(String) }] },
    ]);
    simulator.setRefusals('answer');
    expect(errorOf(await stage.text(to)).code).toBe(code);
  });
});
