import { Client, MessageType } from '@great-detail/whatsapp';
import { WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { verifySignature } from '@kapso/whatsapp-cloud-api/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './support/stage';

/** Two published clients that know nothing of the simulator: only their base address is changed. */
describe('a Cloud API client from npm', () => {
  const to = '628111000111';
  const picture = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0])], { type: 'image/jpeg' });
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open();
    stage.customer(to);
    stage.simulator.addTemplate({
      wabaId: stage.business.wabaId,
      name: 'order_ready',
      components: [{ type: 'BODY', text: 'Hi {{1}}, order {{2}} is ready' }],
    });
  });

  afterEach(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const parameters = [
    { type: 'text' as const, text: 'Ani' },
    { type: 'text' as const, text: '7' },
  ];

  /** Both clients did the same three things. */
  async function expectAllArrived(ids: readonly (string | undefined)[]): Promise<void> {
    const { simulator, callback } = stage;
    await callback.until(() => callback.statusesReported.length === 9);
    const phone = simulator.phone(to);
    const byId = new Map(phone.messages.map((message) => [message.id, message.text]));
    expect(ids.map((id) => byId.get(id ?? ''))).toEqual([
      'Halo Ani',
      'A picture',
      'Hi Ani, order 7 is ready',
    ]);
    expect(simulator.effects.map(({ type }) => type)).toEqual(['text', 'image', 'template']);
  }

  it('@kapso/whatsapp-cloud-api sends text, media and a template, and lists templates', async () => {
    const { simulator, business, callback } = stage;
    const { phoneNumberId, accessToken } = business;
    const client = new WhatsAppClient({ accessToken, baseUrl: simulator.url });
    const text = await client.messages.sendText({ phoneNumberId, to, body: 'Halo Ani' });
    const { id } = await client.media.upload({
      phoneNumberId,
      type: 'image/jpeg',
      file: picture,
      fileName: 'a.jpg',
    });
    const image = await client.messages.sendImage({
      phoneNumberId,
      to,
      image: { id, caption: 'A picture' },
    });
    const template = await client.messages.sendTemplate({
      phoneNumberId,
      to,
      template: {
        name: 'order_ready',
        language: { code: 'en_US' },
        components: [{ type: 'body', parameters }],
      },
    });
    await expectAllArrived([text, image, template].map(({ messages }) => messages[0]?.id));
    const bytes = (await client.media.download({ mediaId: id, auth: 'always' })) as ArrayBuffer;
    expect(new Uint8Array(bytes)).toEqual(new Uint8Array(await picture.arrayBuffer()));
    const { data } = await client.templates.list({ businessAccountId: business.wabaId });
    expect(data.map(({ name }) => name)).toEqual(['order_ready']);
    for (const { body, signature } of callback.deliveries) {
      expect(
        verifySignature({
          appSecret: business.appSecret,
          rawBody: body,
          signatureHeader: signature,
        }),
      ).toBe(true);
    }
    const unknown = client.messages.sendText({ phoneNumberId, to: business.number, body: 'me' });
    await expect(unknown).rejects.toMatchObject({ code: 131021 });
  });

  it('@great-detail/whatsapp sends text, media and a template, and lists templates', async () => {
    const { simulator, business } = stage;
    const { phoneNumberId: phoneNumberID, accessToken } = business;
    const client = new Client({
      prefixUrl: simulator.url,
      request: { headers: { authorization: `Bearer ${accessToken}` } },
    });
    const text = await client.message
      .createMessage({ phoneNumberID, to, type: MessageType.Text, text: { body: 'Halo Ani' } })
      .json();
    const { id } = await client.media
      .upload({ phoneNumberID, file: picture, filename: 'a.jpg', mimeType: 'image/jpeg' })
      .json();
    const image = await client.message
      .createMessage({
        phoneNumberID,
        to,
        type: MessageType.Image,
        image: { id, caption: 'A picture' },
      })
      .json();
    const template = await client.message
      .createMessage({
        phoneNumberID,
        to,
        type: MessageType.Template,
        template: {
          name: 'order_ready',
          language: { code: 'en_US' },
          components: [{ type: 'body', parameters }],
        },
      } as never)
      .json();
    await expectAllArrived([text, image, template].map(({ messages }) => messages[0]?.id));
    const { url } = await client.media.getURL({ mediaID: id }).json();
    expect(url.startsWith(simulator.url)).toBe(true);
    const list = await client.template.list(business.wabaId, {}).json();
    expect(list.data.map(({ name }) => name)).toEqual(['order_ready']);
  });
});
