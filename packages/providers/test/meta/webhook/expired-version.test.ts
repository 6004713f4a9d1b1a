import { createHmac } from 'node:crypto';
import { Gateway, MemoryStore, type ProviderFactory, systemClock } from '@blazz/core';
import { fallbackProvider } from '@blazz/providers/fallback';
import { metaProvider } from '@blazz/providers/meta';
import { webjsProvider } from '@blazz/providers/webjs';
import { GraphSimulator } from '@blazz/simulator/graph';
import { expect, it } from 'vitest';

/** Meta ends v21.0 on 21 January 2027. */
const lastDay = Date.UTC(2027, 0, 20);
const dayAfter = Date.UTC(2027, 0, 22);

it('a Graph version that expires under a session keeps none of its webhooks out, and is refused at the next start', async () => {
  const simulator = new GraphSimulator();
  await simulator.start();
  const business = simulator.addBusiness({ name: 'shop', number: '15550001000' });
  let today = lastDay;
  const now = () => today;
  const clock = { ...systemClock, now };
  await using gateway = new Gateway({
    store: new MemoryStore(),
    providers: [metaProvider({ now }) as ProviderFactory],
    clock,
  });
  const config = {
    workspace_id: 'shop',
    provider_type: 'meta_api',
    settings: {
      phone_number_id: business.phoneNumberId,
      access_token: business.accessToken,
      app_secret: business.appSecret,
      verify_token: 'verify me',
      graph_url: simulator.url,
      graph_version: 'v21.0',
    },
    sessions: ['shop_main'],
  };
  const post = (id: string) => {
    const value = {
      messaging_product: 'whatsapp',
      metadata: { phone_number_id: business.phoneNumberId },
      messages: [
        { from: '628222000001', id, timestamp: '1800000000', type: 'text', text: { body: 'hi' } },
      ],
    };
    const entry = [{ id: business.wabaId, changes: [{ field: 'messages', value }] }];
    const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
    const hex = createHmac('sha256', business.appSecret).update(body).digest('hex');
    const header = (name: string) => (name === 'x-hub-signature-256' ? `sha256=${hex}` : undefined);
    return gateway.intake.receive({ identifier: 'shop', header, body });
  };
  const received = async () => {
    const { events } = await gateway.store.events.read('shop', { after: 0, limit: 100 });
    return events.flatMap((event) =>
      event.type === 'message.received' ? [event.data.provider_message_id] : [],
    );
  };
  try {
    await gateway.start();
    await gateway.configure(config);
    const session = await gateway.workspace('shop').session();
    await session.start();

    today = dayAfter;
    expect(await post('wamid.1')).toBe(1);
    await expect.poll(received).toEqual(['wamid.1']);
    const question = {
      'hub.mode': 'subscribe',
      'hub.verify_token': 'verify me',
      'hub.challenge': '1158201444',
    };
    expect(await gateway.intake.handshake('shop_main', question)).toBe('1158201444');

    const refusal = {
      code: 'invalid_config',
      message: expect.stringMatching(/v21\.0 expired on 2027-01-21; set v\d+\.0/),
    };
    await expect(session.reconnect()).rejects.toMatchObject(refusal);
    expect(await session.status()).toMatchObject({ state: 'failed', last_error: refusal });
    expect(await post('wamid.2')).toBe(1);
    await expect.poll(received).toEqual(['wamid.1', 'wamid.2']);

    await expect(gateway.configure(config)).rejects.toMatchObject(refusal);
    const forced = { ...config.settings, allow_expired_version: true };
    await gateway.configure({ ...config, settings: forced });
    const renewed = await gateway.workspace('shop').session();
    await renewed.start();
    expect(renewed.state).toBe('ready');
  } finally {
    await gateway.stop();
    await simulator.stop();
  }
});

it('a fallback names the member whose Graph version has expired', () => {
  const meta = metaProvider({ now: () => dayAfter }) as ProviderFactory;
  const web = webjsProvider({ sessionsDir: '/tmp/none' }) as ProviderFactory;
  const { parse, assertStartable } = fallbackProvider({ members: [meta, web] });
  const settings = { phone_number_id: '1', access_token: 'EAA', graph_version: 'v21.0' };
  const members = [{ provider: 'web_js' }, { provider: 'meta_api', settings }];
  const parsed = parse({ members });
  expect(() => assertStartable?.(parsed)).toThrow(/members\[1\] \(meta_api\): .*v21\.0 expired/);
});
