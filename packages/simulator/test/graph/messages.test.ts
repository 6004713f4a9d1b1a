import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { errorOf, idOf, Stage } from './support/stage';

describe('a message over the simulated Graph API', () => {
  it('is accepted, reported on, and read on the phone', async () => {
    await using stage = await Stage.open();
    const to = stage.customer('628111000111');
    const answer = await stage.text(to, 'Halo äöå', { biz_opaque_callback_data: 'm1:1' });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: to }],
      messages: [{ id: expect.stringMatching(/^wamid\./) }],
    });
    await stage.callback.until(() => stage.callback.statusesReported.length === 3);
    expect(stage.callback.statusesReported).toMatchObject([
      { status: 'sent', recipient_id: to, biz_opaque_callback_data: 'm1:1' },
      { status: 'delivered' },
      { status: 'read' },
    ]);
    expect(stage.simulator.phone(to).messages.map(({ text }) => text)).toEqual(['Halo äöå']);
    expect(stage.simulator.effects).toMatchObject([
      { id: idOf(answer), callbackData: 'm1:1', type: 'text', to },
    ]);
  });

  it('is answered by a customer, in signed bytes of plain ASCII', async () => {
    await using stage = await Stage.open();
    const { simulator, callback, business } = stage;
    simulator.addContact({ number: '628111000111', name: 'Ani' });
    const id = simulator.phone('628111000111').text(business.number, 'Apa kabar? 🙂');
    await callback.until(() => callback.messages.length === 1);
    expect(callback.messages).toMatchObject([
      { id, from: '628111000111', type: 'text', text: { body: 'Apa kabar? 🙂' } },
    ]);
    const [{ body, signature }] = callback.deliveries as [{ body: string; signature: string }];
    expect(body).toContain('\\ud83d\\ude42');
    const hmac = createHmac('sha256', business.appSecret).update(body).digest('hex');
    expect(signature).toBe(`sha256=${hmac}`);
  });

  it('with a template gets its parameters put in', async () => {
    await using stage = await Stage.open();
    const { simulator, business } = stage;
    simulator.addTemplate({
      wabaId: business.wabaId,
      name: 'order',
      components: [{ type: 'BODY', text: 'Hi {{1}}, order {{2}} is ready' }],
    });
    const template = (texts: string[]) => ({
      to: '628111000111',
      type: 'template',
      template: {
        name: 'order',
        language: { code: 'en_US' },
        components: [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }],
      },
    });
    expect((await stage.send(template(['Ani', '7']))).status).toBe(200);
    expect(errorOf(await stage.send(template(['Ani'])))).toMatchObject({ code: 132000 });
    expect(simulator.messages[0]?.text).toBe('Hi Ani, order 7 is ready');
  });

  it('carries media that were uploaded, and they can be fetched again', async () => {
    await using stage = await Stage.open();
    const to = stage.customer('628111000111');
    const bytes = new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3]);
    const uploaded = await stage.upload(bytes, 'image/jpeg');
    const { id } = uploaded.json as { id: string };
    const sent = await stage.send({ to, type: 'image', image: { id, caption: 'Foto' } });
    expect(sent.status).toBe(200);
    const { json } = await stage.call('GET', `/v25.0/${id}`);
    expect(json).toMatchObject({ id, mime_type: 'image/jpeg', file_size: '6' });
    const authorization = `Bearer ${stage.business.accessToken}`;
    const file = await fetch(json.url as string, { headers: { authorization } });
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    expect((await fetch(json.url as string)).status).toBe(401);
  });

  it('outside the window fails with 131047', async () => {
    await using stage = await Stage.open();
    const answer = await stage.text('628111000111');
    await stage.callback.until(() => stage.callback.statusesReported.length === 1);
    expect(stage.callback.statusesReported).toMatchObject([
      { id: idOf(answer), status: 'failed', errors: [{ code: 131047 }] },
    ]);
  });
});
