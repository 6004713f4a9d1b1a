import { ManualClock } from '@blazz/simulator/clock';
import { describe, expect, it } from 'vitest';
import { errorOf, Stage } from '../support/stage';

describe('registration', () => {
  it('needs a proven number, then its pin; wrong ones lock it', async () => {
    const clock = new ManualClock();
    await using stage = await Stage.open({ clock });
    const { simulator, business } = stage;
    const at = `/v25.0/${business.phoneNumberId}`;
    const register = (pin: string) =>
      stage.call('POST', `${at}/register`, { messaging_product: 'whatsapp', pin });
    simulator.changeNumber(business.number, { registered: false, verified: false });
    expect(errorOf(await stage.text('628111000111')).code).toBe(133010);
    expect(errorOf(await register('123456')).code).toBe(133006);
    const asked = await stage.call('POST', `${at}/request_code`, {
      code_method: 'SMS',
      language: 'en_US',
    });
    expect(asked.json).toEqual({ success: true });
    const { code } = simulator.number(business.number);
    const wrong = code === '000000' ? '000001' : '000000';
    expect(errorOf(await stage.call('POST', `${at}/verify_code`, { code: wrong })).code).toBe(
      136025,
    );
    expect((await stage.call('POST', `${at}/verify_code`, { code })).json).toEqual({
      success: true,
      id: business.phoneNumberId,
    });
    expect((await register('123456')).json).toEqual({ success: true });
    expect((await stage.call('POST', `${at}/deregister`)).json).toEqual({ success: true });
    expect(errorOf(await register('123456')).code).toBe(133015);
    await clock.advance(5 * 60_000);
    for (let i = 0; i < 5; i++) expect(errorOf(await register('654321')).code).toBe(133005);
    expect(errorOf(await register('123456')).code).toBe(133008);
    await clock.advance(12 * 3_600_000);
    expect((await register('123456')).json).toEqual({ success: true });
    expect((await register('123456')).json).toEqual({ success: true });
    expect(errorOf(await register('123456'))).toMatchObject({ code: 133016 });
  });
});

describe('the code that proves a number', () => {
  const start = async () => {
    const clock = new ManualClock();
    const stage = await Stage.open({ clock });
    const { simulator, business } = stage;
    simulator.changeNumber(business.number, { registered: false, verified: false });
    const at = `/v25.0/${business.phoneNumberId}`;
    const ask = async (): Promise<string> => {
      await stage.call('POST', `${at}/request_code`, { code_method: 'VOICE', language: 'id' });
      return simulator.number(business.number).code ?? '';
    };
    const verify = (code: string) => stage.call('POST', `${at}/verify_code`, { code });
    return { clock, stage, ask, verify };
  };
  const other = (code: string) => (code === '000000' ? '000001' : '000000');

  it('works for ten minutes, and once', async () => {
    const { clock, stage, ask, verify } = await start();
    await using _ = stage;
    const old = await ask();
    await clock.advance(10 * 60_000 + 1);
    expect(errorOf(await verify(old)).code).toBe(136025);
    const code = await ask();
    expect((await verify(code)).status).toBe(200);
    expect(errorOf(await verify(code)).code).toBe(136025);
  });

  it('is looked at no more for an hour after five wrong ones', async () => {
    const { clock, stage, ask, verify } = await start();
    await using _ = stage;
    const code = await ask();
    for (let i = 0; i < 5; i++) expect(errorOf(await verify(other(code))).code).toBe(136025);
    const locked = await verify(code);
    expect([locked.status, errorOf(locked)]).toEqual([
      429,
      expect.objectContaining({ code: 4, error_subcode: 2446079, is_transient: true }),
    ]);
    await clock.advance(3_600_000);
    expect((await verify(await ask())).status).toBe(200);
  });
});

describe('numbers', () => {
  it('take a new pin, and nothing that Meta does not know', async () => {
    await using stage = await Stage.open();
    const { simulator, business } = stage;
    const at = `/v25.0/${business.phoneNumberId}`;
    expect((await stage.call('POST', at, { pin: '246810' })).json).toEqual({ success: true });
    expect(simulator.number(business.number).pin).toBe('246810');
    expect(errorOf(await stage.call('POST', at, { colour: 'red' })).code).toBe(100);
    const register = { messaging_product: 'whatsapp', pin: '246810' };
    const away = { ...register, data_localization_region: 'XX' };
    expect(errorOf(await stage.call('POST', `${at}/register`, away)).code).toBe(100);
    const home = { ...register, data_localization_region: 'ID' };
    expect((await stage.call('POST', `${at}/register`, home)).status).toBe(200);
  });

  it('show themselves, alone and in their account', async () => {
    await using stage = await Stage.open();
    const { business } = stage;
    const { json } = await stage.call('GET', `/v25.0/${business.phoneNumberId}`);
    expect(json).toMatchObject({
      id: business.phoneNumberId,
      display_phone_number: `+${business.number}`,
      quality_rating: 'GREEN',
      throughput: { level: 'STANDARD' },
    });
    const list = await stage.call('GET', `/v25.0/${business.wabaId}/phone_numbers?fields=id`);
    expect(list.json.data).toEqual([{ id: business.phoneNumberId }]);
  });

  it('keep a profile', async () => {
    await using stage = await Stage.open();
    const path = `/v25.0/${stage.business.phoneNumberId}/whatsapp_business_profile`;
    const profile = { messaging_product: 'whatsapp', about: 'Toko', websites: ['https://x.test'] };
    expect((await stage.call('POST', path, profile)).json).toEqual({ success: true });
    expect((await stage.call('GET', `${path}?fields=about,websites`)).json).toEqual({
      data: [profile],
    });
    expect(errorOf(await stage.call('POST', path, { ...profile, about: '' })).code).toBe(100);
  });

  it('block whoever wrote within a day', async () => {
    await using stage = await Stage.open();
    const path = `/v25.0/${stage.business.phoneNumberId}/block_users`;
    const user = stage.customer('628111000111');
    const request = (...users: string[]) => ({
      messaging_product: 'whatsapp',
      block_users: users.map((one) => ({ user: `+${one}` })),
    });
    expect((await stage.call('POST', path, request(user))).json).toEqual({
      messaging_product: 'whatsapp',
      block_users: { added_users: [{ input: `+${user}`, wa_id: user }] },
    });
    const refused = await stage.call('POST', path, request('628999'));
    expect(errorOf(refused).code).toBe(139100);
    expect(refused.json.block_users).toMatchObject({
      failed_users: [{ input: '+628999', errors: [{ code: 139101 }] }],
    });
    expect((await stage.call('GET', path)).json.data).toEqual([
      { messaging_product: 'whatsapp', wa_id: user },
    ]);
    stage.simulator.phone(user).text(stage.business.number, 'nobody hears this');
    await stage.simulator.webhooks.idle();
    expect(stage.callback.messages).toEqual([]);
    expect((await stage.call('DELETE', path, request(user))).json.block_users).toEqual({
      removed_users: [{ input: `+${user}`, wa_id: user }],
    });
  });

  it('remember what became of each message', async () => {
    await using stage = await Stage.open();
    await stage.text(stage.customer('628111000111'));
    await stage.callback.until(() => stage.callback.statusesReported.length === 3);
    await stage.simulator.webhooks.idle();
    const id = stage.simulator.messages[0]?.id ?? '';
    const path = `/v25.0/${stage.business.phoneNumberId}/message_history`;
    const query = `?message_id=${encodeURIComponent(id)}&fields=id,message_id,events{delivery_status}`;
    expect((await stage.call('GET', path + query)).json.data).toMatchObject([
      {
        message_id: id,
        events: {
          data: [
            { delivery_status: 'SENT', webhook_update_state: 'DELIVERED' },
            { delivery_status: 'DELIVERED' },
            { delivery_status: 'READ' },
          ],
        },
      },
    ]);
  });
});
