import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerContents } from '../../../src/graph/index';
import { errorOf, idOf, Stage } from '../support/stage';
import { filled, refusedExamples } from './examples';
import { corrections, findMetaFile, MetaFile } from './meta-file';

const path = findMetaFile();
const number = '/{Version}/{Phone-Number-ID}';
const waba = '/{Version}/{WABA-ID}';

/** Says plainly that nothing was compared. */
function describeAbsence(): void {
  it('the simulator was not held against it: set BLAZZ_META_OPENAPI to the file', () => {
    expect(process.env.BLAZZ_META_OPENAPI).toBeUndefined();
  });
}

describe("held against Meta's OpenAPI file", () => {
  if (path === undefined) {
    describeAbsence();
    return;
  }

  let meta: MetaFile;
  let stage: Stage;
  const to = '16505551234';
  const mediaIds: Record<string, string> = {};

  beforeAll(async () => {
    meta = new MetaFile(path);
    stage = await Stage.open({
      limits: { templates: false, pair: false, throughput: false },
      reviews: 'manual',
    });
    stage.customer(to);
    const types = {
      audio: 'audio/ogg',
      image: 'image/jpeg',
      video: 'video/mp4',
      document: 'application/pdf',
      sticker: 'image/webp',
    };
    for (const [kind, type] of Object.entries(types)) {
      mediaIds[kind] = String((await stage.upload(new Uint8Array([1]), type)).json.id);
    }
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  /** Where an operation is at the simulator. */
  function addressOf(operation: string, ids: Readonly<Record<string, string>> = {}): string {
    return operation
      .replace('{Version}', 'v23.0')
      .replace('{Phone-Number-ID}', stage.business.phoneNumberId)
      .replace('{WABA-ID}', stage.business.wabaId)
      .replace(/\{(.*?)\}/, (_, name: string) => ids[name] ?? '');
  }

  async function expectAnswer(
    method: string,
    operation: string,
    body?: unknown,
    ids?: Readonly<Record<string, string>>,
    query = '',
  ): Promise<Record<string, unknown>> {
    const called = await stage.call(method.toUpperCase(), addressOf(operation, ids) + query, body);
    expect(called.json.error).toBeUndefined();
    const validate = meta.response(method, operation, '200');
    expect([validate(called.json), validate.errors]).toEqual([true, null]);
    return called.json;
  }

  it('corrects no more of it than it says', () => {
    expect(corrections.filter(({ why }) => why.length < 40)).toEqual([]);
    expect(corrections.length).toBe(14);
    const webhook = meta.schema('WebhookPayload');
    for (const [name, example] of meta.examples('post', '/whatsapp/webhooks')) {
      // Its examples of groups contradict its schemas of groups, which are not simulated.
      if (!name.startsWith('Group')) {
        expect([name, webhook(example), webhook.errors]).toEqual([name, true, null]);
      }
    }
  });

  it('takes every example of a message, the listed ones excepted', async () => {
    const examples = meta.examples('post', `${number}/messages`);
    expect(examples.length).toBeGreaterThan(45);
    const refused: string[] = [];
    for (const [name, example] of examples) {
      const body = filled(example, mediaIds) as Record<string, unknown>;
      const sent = await stage.call('POST', addressOf(`${number}/messages`), body);
      if (sent.status !== 200) refused.push(name);
      if (sent.status === 200 && body.status === undefined) {
        const validate = meta.schema('MessageResponsePayload');
        expect([validate(sent.json), validate.errors]).toEqual([true, null]);
        expect(stage.simulator.effects.at(-1)?.message).toEqual(body);
      }
    }
    expect(refused.sort()).toEqual(
      examples
        .map(([name]) => name)
        .filter((name) => name in refusedExamples)
        .sort(),
    );
  });

  it('takes the product list whose header is no placeholder', async () => {
    const examples = new Map(meta.examples('post', `${number}/messages`));
    const message = filled(examples.get('Send Multi-Product Message'), mediaIds) as {
      interactive: { header: { type: string } };
    };
    message.interactive.header.type = 'text';
    expect((await stage.call('POST', addressOf(`${number}/messages`), message)).status).toBe(200);
  });

  it('takes every example of a template', async () => {
    for (const [, example] of meta.examples('post', `${waba}/message_templates`)) {
      const body = filled(example, mediaIds) as { name: string };
      const made = await stage.call('POST', addressOf(`${waba}/message_templates`), body);
      expect([body.name, made.json.error]).toEqual([body.name, undefined]);
      const id = String(made.json.id);
      await expectAnswer('get', '/{Version}/{TEMPLATE_ID}', undefined, { TEMPLATE_ID: id });
      // The example changes the category, which an approved template keeps.
      stage.simulator.setTemplateStatus(id, 'REJECTED');
      for (const [, change] of meta.examples('post', '/{Version}/{TEMPLATE_ID}')) {
        await expectAnswer('post', '/{Version}/{TEMPLATE_ID}', change, { TEMPLATE_ID: id });
      }
      await expectAnswer('get', `${waba}/message_templates`);
      const query = `?name=${body.name}`;
      await expectAnswer('delete', `${waba}/message_templates`, undefined, {}, query);
    }
  });

  it.each(['register', 'whatsapp_business_profile', 'block_users'])(
    'takes every example of %s',
    async (edge) => {
      for (const [, example] of meta.examples('post', `${number}/${edge}`)) {
        await expectAnswer('post', `${number}/${edge}`, example);
      }
    },
  );

  it('takes every example of proving a number', async () => {
    const { simulator, business } = stage;
    for (const [, example] of meta.examples('post', `${number}/request_code`)) {
      simulator.changeNumber(business.number, { verified: false });
      await expectAnswer('post', `${number}/request_code`, example);
    }
    for (const [, example] of meta.examples('post', `${number}/verify_code`)) {
      const { code } = simulator.number(business.number);
      await expectAnswer('post', `${number}/verify_code`, { ...(example as object), code });
    }
  });

  it('takes every example of changing a number', async () => {
    for (const [, example] of meta.examples('post', number)) {
      await expectAnswer('post', number, example);
    }
    await expectAnswer('post', number, { pin: '123456' });
  });

  it('answers as the file says wherever it says something', async () => {
    for (const edge of ['phone_numbers', 'subscribed_apps']) {
      await expectAnswer('get', `${waba}/${edge}`);
    }
    await expectAnswer('get', number);
    await expectAnswer('get', `${number}/whatsapp_business_profile`);
    await expectAnswer('get', `${number}/block_users`);
    const history = '?fields=id,message_id,events{delivery_status}';
    await expectAnswer('get', `${number}/message_history`, undefined, {}, history);
    for (const [, example] of meta.examples('delete', `${number}/block_users`)) {
      await expectAnswer('delete', `${number}/block_users`, example);
    }
    const { verifyToken } = stage.business;
    for (const [, example] of meta.examples('post', `${waba}/subscribed_apps`)) {
      const custom = 'override_callback_uri' in (example as object);
      const own = { override_callback_uri: stage.callback.url, verify_token: verifyToken };
      await expectAnswer('post', `${waba}/subscribed_apps`, custom ? own : example);
    }
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('file', new Blob(['x'], { type: 'image/png' }), 'a.png');
    const { id } = await expectAnswer('post', `${number}/media`, form);
    await expectAnswer('get', '/{Version}/{Media-ID}', undefined, { 'Media-ID': String(id) });
    await expectAnswer('delete', '/{Version}/{Media-ID}', undefined, { 'Media-ID': String(id) });
  });

  it('refuses in the envelope of the file', async () => {
    const validate = meta.schema('GraphAPIError');
    const refusals = [
      await stage.send({ to, type: 'fax' }),
      await stage.call('GET', '/v23.0/1'),
      await stage.call('GET', addressOf(number), undefined, 'nonsense'),
      await stage.call('POST', addressOf(`${number}/block_users`), {
        messaging_product: 'whatsapp',
        block_users: [{ user: '4915550009999' }],
      }),
    ];
    for (const refusal of refusals) {
      expect(errorOf(refusal).code).toBeGreaterThan(0);
      expect([validate(refusal.json), validate.errors]).toEqual([true, null]);
    }
  });

  it('sends webhooks that fit the file', async () => {
    const { simulator, business, callback } = stage;
    await simulator.webhooks.idle();
    const sent = await stage.text(to);
    const blocked = await stage.text('16505559999');
    const phone = simulator.phone(to);
    const own = business.number;
    const bytes = new Uint8Array([1]);
    phone.text(own, 'Halo');
    phone.text(own, 'And this?', { replyTo: idOf(sent) });
    phone.media(own, { kind: 'image', bytes, mimeType: 'image/jpeg', caption: 'A' });
    phone.media(own, { kind: 'video', bytes, mimeType: 'video/mp4' });
    phone.media(own, { kind: 'audio', bytes, mimeType: 'audio/ogg', voice: true });
    phone.media(own, { kind: 'document', bytes, mimeType: 'application/pdf', filename: 'a' });
    phone.media(own, { kind: 'sticker', bytes, mimeType: 'image/webp' });
    const place = { latitude: 1, longitude: 2, name: 'Shop', address: 'Street 1' };
    phone.send(own, customerContents.location(place));
    phone.send(own, customerContents.contacts({ name: { formatted_name: 'B' } }));
    const item = { product_retailer_id: 'a', quantity: 1, item_price: 2, currency: 'IDR' };
    phone.send(own, customerContents.order('1', [item]));
    phone.send(own, customerContents.flowReply({}), { replyTo: idOf(sent) });
    phone.send(own, customerContents.unsupported());
    phone.react(idOf(sent), '👍');
    phone.pressButton(idOf(sent), 'Yes');
    phone.pressReply(idOf(sent), 'y', 'Yes');
    phone.pickRow(idOf(sent), '1', 'One', 'The first');
    await callback.until(() =>
      callback.statusesReported.some((one) => one.id === idOf(sent) && one.status === 'read'),
    );
    phone.play(idOf(sent));
    phone.changeNumber('16505551235');
    await simulator.webhooks.idle();
    const failed = callback.statusesReported.find(({ id }) => id === idOf(blocked));
    expect(failed).toMatchObject({ status: 'failed' });
    const validate = meta.schema('WebhookPayload');
    let checked = 0;
    for (const { body } of callback.deliveries) {
      const payload = JSON.parse(body) as { entry: { changes: { field: string }[] }[] };
      for (const entry of payload.entry) {
        // The file describes the field `messages` alone.
        const changes = entry.changes.filter(({ field }) => field === 'messages');
        const known = { ...payload, entry: [{ ...entry, changes }] };
        expect([validate(known), validate.errors, known]).toEqual([true, null, known]);
        checked += changes.length;
      }
    }
    expect(checked).toBeGreaterThan(150);
  });
});
