import { type NewTemplate, type Provider, parseSendRequest } from '@blazz/core';
import { type Business, GraphSimulator } from '@blazz/simulator/graph';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filled } from '../../../../simulator/test/graph/conformance/examples';
import {
  complaintsOf,
  operationOf,
} from '../../../../simulator/test/graph/conformance/held-request';
import { findMetaFile, MetaFile } from '../../../../simulator/test/graph/conformance/meta-file';
import { metaMessageTypes } from '../../../src/meta/encode/message';
import { type Passed, RecordingProxy } from '../support/recording-proxy';
import { messageTo, sessionOn } from '../support/session';
import { everyMessage, mediaId as placeholder } from './every-message';

const path = findMetaFile();
const person = '628222000001';
const soon = () => AbortSignal.timeout(20_000);

describe("held against Meta's OpenAPI file", () => {
  if (path === undefined) {
    it('no request was: set BLAZZ_META_OPENAPI to the file', () => {
      expect(process.env.BLAZZ_META_OPENAPI).toBeUndefined();
    });
    return;
  }

  let meta: MetaFile;
  let simulator: GraphSimulator;
  let business: Business;
  let proxy: RecordingProxy;
  let provider: Provider;
  /** The ids of what was uploaded, by its type. */
  const uploaded = new Map<string, string>();
  const operations = new Set<string>();

  beforeAll(async () => {
    meta = new MetaFile(path);
    simulator = new GraphSimulator({
      limits: { templates: false, pair: false, throughput: false },
      receipts: 'none',
      reviews: 'manual',
    });
    await simulator.start();
    business = simulator.addBusiness({ name: 'Toko', number: '15550001111' });
    const wroteTo = [business.phoneNumberId];
    simulator.addContact({ number: person, wroteTo, userId: 'US.13491208655302741918' });
    proxy = new RecordingProxy(simulator.url);
    const { phoneNumberId, wabaId, accessToken } = business;
    provider = sessionOn(
      await proxy.start(),
      {},
      { phone_number_id: phoneNumberId, waba_id: wabaId, access_token: accessToken },
    ).provider;
    await expectValid(() => provider.start(soon()));
    for (const mimeType of ['image/png', 'image/webp', 'audio/ogg']) {
      await expectValid(async () => {
        const media = { data: new Uint8Array([1, 2, 3]), mimeType, filename: 'ä "1".bin' };
        const up = await provider.mediaUpload?.upload(media, soon());
        uploaded.set(mimeType, up?.id ?? '');
      });
    }
  });

  afterAll(async () => {
    await provider.stop();
    await proxy[Symbol.asyncDispose]();
    await simulator.stop();
  });

  const nameOf = (id: string): string | undefined => {
    if (id === business.phoneNumberId) return 'Phone-Number-ID';
    if (id === business.wabaId) return 'WABA-ID';
    if (simulator.templates(business.wabaId).some((one) => one.id === id)) return 'TEMPLATE_ID';
    return [...uploaded.values()].includes(id) ? 'Media-ID' : undefined;
  };

  /** A medium that a message of this type may name. */
  const mediaFor = (type: string): string => {
    const mimeType = { audio: 'audio/ogg', sticker: 'image/webp' }[type] ?? 'image/png';
    return uploaded.get(mimeType) ?? '';
  };

  /** What went over the wire meanwhile, each of it valid. */
  async function expectValid(work: () => Promise<unknown>): Promise<readonly Passed[]> {
    proxy.passed.length = 0;
    await work();
    // The address of a medium is Meta's to choose: fetching it is no operation of the file.
    const calls = proxy.passed.filter(({ target }) => /^\/v\d/.test(target));
    for (const request of calls) {
      const operation = operationOf(request, nameOf);
      const complaints = await complaintsOf(meta, request, operation);
      expect([operation.join(' '), complaints]).toEqual([operation.join(' '), []]);
      operations.add(operation.join(' '));
    }
    expect(calls.length).toBeGreaterThan(0);
    return calls;
  }

  it('a message with a member that is not there is not valid', async () => {
    const [sent] = await expectValid(async () => {
      const { message, attempt } = messageTo(person, { type: 'text', text: { body: 'hello' } });
      await provider.send(message, attempt, soon());
    });
    const body = JSON.parse(Buffer.from(sent?.body ?? []).toString('utf8'));
    const operation = operationOf(sent as Passed, nameOf);
    const wrong = [
      { ...body, more: 1 },
      { ...body, to: undefined },
      { ...body, recipient: 'US.1349' },
      { ...body, text: { body: 1 } },
      { ...body, type: 'image' },
    ];
    for (const one of wrong) {
      const request = { ...(sent as Passed), body: Buffer.from(JSON.stringify(one)) };
      expect([one, (await complaintsOf(meta, request, operation)).length]).not.toEqual([one, 0]);
    }
  });

  it.each(everyMessage)('valid, and taken: $what', async ({ content, to = person, replyTo }) => {
    const own = JSON.parse(JSON.stringify(content).replace(placeholder, mediaFor(content.type)));
    const { message, attempt } = messageTo(to, own, replyTo === undefined ? {} : { replyTo });
    const passed = await expectValid(() => provider.send(message, attempt, soon()));
    const isGroup = message.recipient.kind === 'group';
    // The simulated Graph has no groups.
    expect(passed.at(-1)?.status).toBe(isGroup ? 400 : 200);
  });

  it('every type of message was sent', () => {
    const sent = new Set(everyMessage.map(({ content }) => content.type));
    expect(metaMessageTypes.filter((type) => !sent.has(type))).toEqual([]);
  });

  it("valid: each of the file's own messages, sent by the provider", async () => {
    const examples = meta.examples('post', '/{Version}/{Phone-Number-ID}/messages');
    let sent = 0;
    for (const [, example] of examples as [string, Record<string, unknown>][]) {
      if (example.status !== undefined) continue;
      const type = String(example.type ?? (example.interactive ? 'interactive' : 'text'));
      const words = JSON.stringify(example[type])
        .replace(/"<?http\(s\):[^"]*"/g, '"https://media.example.test/file"')
        .replace(/"(<TEMPLATE_NAME>|template-name)"/g, '"template_name"')
        .replace('"<HEADER_TYPE>"', '"text"')
        .replace(/"text":(true|false)/g, '"text":"$1"');
      const { content } = parseSendRequest({ to: person, type, [type]: JSON.parse(words) });
      const { message, attempt } = messageTo(person, content);
      await expectValid(() => provider.send(message, attempt, soon()));
      sent += 1;
    }
    expect(sent).toBeGreaterThanOrEqual(45);
  });

  it('valid: read marks and typing', async () => {
    const id = simulator.phone(person).text(business.phoneNumberId, 'hello?');
    await expectValid(async () => provider.markRead?.markRead(person, id, soon()));
    provider.heard?.({
      type: 'message.received',
      message: {
        provider_message_id: id,
        chat_id: person,
        from: { wa_id: person },
        timestamp: Date.now(),
        type: 'text',
        text: { body: 'hello?' },
      } as never,
    });
    await expectValid(async () => provider.typing?.setTyping(person, 'typing', soon()));
  });

  it('valid: media that comes back', async () => {
    await expectValid(async () => provider.mediaDownload?.download(mediaFor('image'), soon()));
  });

  it('valid: templates, the number, its profile and whom it blocks', async () => {
    const { templates, registration, blocking } = provider;
    for (let index = 0; index < 3; index += 1) {
      simulator.addTemplate({ wabaId: business.wabaId, name: `t_${index}` });
    }
    await expectValid(async () => {
      const page = await templates?.list({ limit: 2 }, soon());
      await templates?.list({ limit: 2, after: page?.next }, soon());
    });
    const profile = {
      about: 'We sell',
      address: 'Street 1',
      description: 'Everything',
      email: 'shop@example.test',
      vertical: 'RETAIL',
      websites: ['https://shop.example.test/'],
    };
    await expectValid(async () => registration?.updateProfile(profile, soon()));
    await expectValid(async () => registration?.profile(soon()));
    await expectValid(async () => blocking?.setBlocked(person, true, soon()));
    await expectValid(async () => blocking?.blocked(soon()));
    await expectValid(async () => blocking?.setBlocked(person, false, soon()));
  });

  it('valid, and taken: a number that is proven, registered, given another pin and taken off', async () => {
    const { registration } = provider;
    simulator.changeNumber(business.phoneNumberId, { registered: false, verified: false });
    for (const method of ['sms', 'voice'] as const) {
      await expectValid(async () =>
        registration?.requestCode({ method, language: 'en_US' }, soon()),
      );
    }
    const { code = '' } = simulator.number(business.phoneNumberId);
    await expectValid(async () => registration?.verifyCode(code, soon()));
    const backup = { data: 'YmFja3Vw', password: 'secret' };
    const request = { pin: '123456', data_localization_region: 'ID', backup };
    await expectValid(async () => registration?.register(request, soon()));
    await expectValid(async () => registration?.register({ pin: '123456' }, soon()));
    await expectValid(async () => registration?.setPin('654321', soon()));
    expect(simulator.number(business.phoneNumberId)).toMatchObject({ pin: '654321' });
    await expectValid(async () => registration?.deregister(soon()));
    expect(simulator.number(business.phoneNumberId)).toMatchObject({ registered: false });
  });

  it('valid, and taken: templates that are made, changed and deleted', async () => {
    const { templates } = provider;
    const named = {
      type: 'BODY',
      text: 'Hi {{who}}',
      example: { body_text_named_params: [{ param_name: 'who', example: 'Ani' }] },
    };
    const counted = { type: 'BODY', text: 'Hi {{1}}', example: { body_text: [['Ani']] } };
    const made = new Map<string, string>();
    for (const language of ['en_US', 'id']) {
      await expectValid(async () => {
        const template = { name: 'made', language, category: 'UTILITY', components: [named] };
        const answer = await templates?.create({ ...template, parameter_format: 'named' }, soon());
        made.set(language, answer?.id ?? '');
      });
    }
    const id = made.get('id') ?? '';
    simulator.setTemplateStatus(id, 'REJECTED');
    const edit = { category: 'MARKETING', components: [counted] };
    await expectValid(async () =>
      templates?.edit(id, { ...edit, parameter_format: 'positional' }, soon()),
    );
    await expectValid(async () => templates?.delete({ name: 'made', id }, soon()));
    await expectValid(async () => templates?.delete({ name: 'made' }, soon()));
    expect(simulator.templates(business.wabaId).some(({ name }) => name === 'made')).toBe(false);
  });

  it("valid, and taken: each of the file's own templates, made by the provider", async () => {
    const examples = meta.examples('post', '/{Version}/{WABA-ID}/message_templates');
    for (const [index, [, example]] of examples.entries()) {
      const template = { ...(filled(example, {}) as NewTemplate), name: `own_${index}` };
      await expectValid(async () => provider.templates?.create(template, soon()));
    }
  });

  it('every operation that the provider knows was tried', () => {
    const number = '/{Version}/{Phone-Number-ID}';
    const account = '/{Version}/{WABA-ID}';
    expect([...operations].sort()).toEqual(
      [
        `get ${number}`,
        'get /{Version}/{Media-ID}',
        `get ${account}/message_templates`,
        `get ${number}/block_users`,
        `post ${number}/block_users`,
        `delete ${number}/block_users`,
        `get ${number}/whatsapp_business_profile`,
        `post ${number}/whatsapp_business_profile`,
        `post ${number}/media`,
        `post ${number}/messages`,
        `post ${number}`,
        `post ${number}/request_code`,
        `post ${number}/verify_code`,
        `post ${account}/message_templates`,
        `delete ${account}/message_templates`,
        'get /{Version}/{TEMPLATE_ID}',
        'post /{Version}/{TEMPLATE_ID}',
        `post ${number}/register`,
        `post ${number}/deregister`,
      ].sort(),
    );
  });
});
