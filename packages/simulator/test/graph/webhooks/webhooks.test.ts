import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManualClock } from '@blazz/simulator/clock';
import { describe, expect, it } from 'vitest';
import {
  customerContents,
  escapedJson,
  GraphSimulator,
  signatureOf,
} from '../../../src/graph/index';
import { errorOf, idOf, Stage } from '../support/stage';

describe('webhooks', () => {
  it('are repeated with growing pauses until the callback says 200, or given up', async () => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock, timings: { webhookRetriesMs: [0, 15_000] } });
    const { simulator, callback, business } = stage;
    const told: [number, number | undefined][] = [];
    simulator.on('webhook', ({ attempt, status }) => told.push([attempt, status]));
    let givenUp = 0;
    simulator.on('webhook_given_up', () => {
      givenUp += 1;
    });
    const round = async (statuses: number[]): Promise<void> => {
      callback.statuses = [...statuses];
      simulator.webhooks.send(business.wabaId, 'security', { event: 'PIN_CHANGED' });
      const before = callback.deliveries.length;
      for (let i = 1; i <= 3; i++) {
        const arrived = callback.until(() => callback.deliveries.length >= before + i);
        await clock.play(arrived);
        if (statuses[i - 1] === undefined || statuses[i - 1] === 200) break;
      }
      await clock.play(simulator.webhooks.idle());
    };
    await round([500, 503, 200]);
    expect(told).toEqual([
      [1, 500],
      [2, 503],
      [3, 200],
    ]);
    expect(new Set(callback.deliveries.map(({ body }) => body)).size).toBe(1);
    await round([500, 500, 201]);
    expect(givenUp).toBe(1);
  });

  it('end with the simulator, one that is on its way too', async () => {
    const clock = new ManualClock();
    const deaf = createServer().listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const { port } = deaf.address() as AddressInfo;
    const simulator = new GraphSimulator({ clock });
    await simulator.start();
    const business = simulator.addBusiness({ callbackUrl: `http://127.0.0.1:${port}/` });
    const arrived = once(deaf, 'request');
    simulator.webhooks.send(business.wabaId, 'security', { event: 'PIN_CHANGED' });
    await clock.play(arrived);
    await simulator.stop();
    await new Promise(setImmediate);
    expect(clock.pending).toBe(0);
    deaf.closeAllConnections();
    deaf.close();
  });

  it('come in batches, copies and any order', async () => {
    await using stage = await Stage.open({ timings: { batchMs: 20 } });
    const { simulator, callback, business } = stage;
    simulator.webhooks.setConditions({ batchSize: 10, copies: 1, shuffle: true, jitterMs: 5 });
    const phone = simulator.phone('628111000111');
    const ids = Array.from({ length: 25 }, (_, i) => phone.text(business.number, `${i}`));
    await simulator.webhooks.idle();
    expect(callback.deliveries).toHaveLength(6);
    expect(callback.messages).toHaveLength(50);
    expect(new Set(callback.messages.map(({ id }) => id))).toEqual(new Set(ids));
    const firstSeen = [...new Set(callback.messages.map(({ id }) => id))];
    expect(firstSeen).not.toEqual(ids);
  });

  it('carry at most 1 000 items and 3 MB', async () => {
    await using stage = await Stage.open({ timings: { batchMs: 50 } });
    const { simulator, callback, business } = stage;
    for (let i = 0; i < 1_001; i++) simulator.webhooks.send(business.wabaId, 'x', { i });
    await simulator.webhooks.idle();
    for (let i = 0; i < 4; i++) {
      simulator.webhooks.send(business.wabaId, 'x', { text: 'x'.repeat(1024 * 1024) });
    }
    await simulator.webhooks.idle();
    expect(callback.changes).toHaveLength(1_005);
    expect(callback.deliveries).toHaveLength(4);
    for (const { body } of callback.deliveries) expect(body.length).toBeLessThan(3 * 1024 * 1024);
  });

  it('go where the handshake succeeded, and nowhere else', async () => {
    await using stage = await Stage.open();
    const { business, callback, simulator } = stage;
    const path = `/v25.0/${business.wabaId}/subscribed_apps`;
    const wrong = { override_callback_uri: callback.url, verify_token: 'wrong' };
    expect(errorOf(await stage.call('POST', path, wrong)).code).toBe(2200);
    const right = { ...wrong, verify_token: business.verifyToken };
    expect((await stage.call('POST', path, right)).json).toMatchObject({ success: true });
    expect((await stage.call('GET', path)).json.data).toMatchObject([
      { override_callback_uri: callback.url, whatsapp_business_api_data: { id: business.appId } },
    ]);
    await stage.call('DELETE', path);
    simulator.phone('628111000111').text(business.number, 'nobody hears this');
    await simulator.webhooks.idle();
    expect(callback.deliveries).toEqual([]);
    const subscribing = simulator.webhooks.subscribe(business.appId, callback.url, 'wrong');
    await expect(subscribing).rejects.toMatchObject({ code: 'rejected' });
  });

  it('bring whatever a customer can send', async () => {
    await using stage = await Stage.open();
    const { simulator, business, callback } = stage;
    const { text } = { text: await stage.text(stage.customer('628111000111')) };
    const phone = simulator.phone('628111000111');
    const to = business.number;
    const order = { product_retailer_id: 'a', quantity: 1, item_price: 2, currency: 'IDR' };
    phone.media(to, { kind: 'image', bytes: new Uint8Array([1]), mimeType: 'image/jpeg' });
    phone.send(to, customerContents.location({ latitude: 1, longitude: 2 }));
    phone.send(to, customerContents.contacts({ name: { formatted_name: 'B' } }));
    phone.send(to, customerContents.order('1', [order]));
    phone.send(to, customerContents.flowReply({ size: 'L' }));
    phone.send(to, customerContents.unsupported());
    phone.send(to, customerContents.requestWelcome());
    phone.react(idOf(text), '👍');
    phone.pressButton(idOf(text), 'Yes');
    phone.pressReply(idOf(text), 'y', 'Yes');
    phone.pickRow(idOf(text), '1', 'One');
    phone.changeNumber('628222000222');
    await callback.until(() => callback.messages.length === 12);
    expect(callback.messages.map(({ type }) => type)).toEqual([
      'image',
      'location',
      'contacts',
      'order',
      'interactive',
      'unsupported',
      'request_welcome',
      'reaction',
      'button',
      'interactive',
      'interactive',
      'system',
    ]);
    const media = callback.messages[0]?.image as { url: string; sha256: string };
    const headers = { authorization: `Bearer ${business.accessToken}` };
    expect((await fetch(media.url, { headers })).status).toBe(200);
    const [system] = callback.values.filter((value) => !('contacts' in value));
    expect(system).toMatchObject({
      messages: [
        { from: '628111000111', system: { wa_id: '628222000222', type: 'user_changed_number' } },
      ],
    });
  });

  it('tell what happens to accounts, numbers and templates', async () => {
    await using stage = await Stage.open();
    const { simulator, business, callback } = stage;
    const { webhooks } = simulator;
    const template = simulator.addTemplate({ wabaId: business.wabaId, name: 'sale' });
    simulator.setTemplateStatus(template.id, 'PAUSED', 'LOW_QUALITY');
    webhooks.templateQuality(template, 'GREEN', 'RED');
    webhooks.templateCategory(template.id, 'MARKETING');
    webhooks.qualityUpdate(business.number, 'FLAGGED');
    webhooks.qualityUpdate(business.number, 'THROUGHPUT_UPGRADE');
    webhooks.accountAlert(business.wabaId, 'LIMIT_REACHED');
    webhooks.accountUpdate(business.wabaId, 'ACCOUNT_RESTRICTION');
    webhooks.userPreference(business.number, '628111000111', 'stop');
    webhooks.echo(business.number, '628111000111', { type: 'text', text: { body: 'Hi' } });
    webhooks.history(business.number, '628111000111', [
      { fromBusiness: false, content: { type: 'text', text: { body: 'Old' } }, time: 1_000 },
    ]);
    webhooks.contactSync(business.number, '628111000111', 'Ani', 'add');
    await webhooks.idle();
    expect(callback.changes.map(({ field }) => field)).toEqual([
      'message_template_status_update',
      'message_template_quality_update',
      'template_category_update',
      'phone_number_quality_update',
      'phone_number_quality_update',
      'account_alerts',
      'account_update',
      'user_preferences',
      'smb_message_echoes',
      'history',
      'smb_app_state_sync',
    ]);
    expect(simulator.number(business.number)).toMatchObject({ tier: 1000, quality: 'RED' });
  });

  it('can be anything, signed with any key', async () => {
    await using stage = await Stage.open();
    const { simulator, business, callback } = stage;
    await simulator.webhooks.raw(business.appId, 'not json', 'another secret');
    await simulator.webhooks.raw(business.appId, '{}');
    expect(callback.deliveries).toEqual([
      { body: 'not json', signature: signatureOf('not json', 'another secret') },
      { body: '{}', signature: signatureOf('{}', business.appSecret) },
    ]);
    expect(escapedJson({ a: 'äöå/🙂' })).toBe('{"a":"\\u00e4\\u00f6\\u00e5\\/\\ud83d\\ude42"}');
  });
});
