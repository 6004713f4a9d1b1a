import type { ProviderEvent } from '@blazz/core';
import { afterEach, describe, expect, it } from 'vitest';
import { GraphLab } from './support/graph-lab';
import { messageTo, sessionOn, text } from './support/session';

const person = '628222000001';
const soon = () => AbortSignal.timeout(10_000);
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

/** A started session over the simulated Graph API. */
async function started(...options: Parameters<typeof GraphLab.open>) {
  const lab = await GraphLab.open(...options);
  open.push(lab);
  const business = lab.business('one');
  lab.simulator.addContact({ number: person, wroteTo: [business.phoneNumberId] });
  const events: ProviderEvent[] = [];
  const silent = () => undefined;
  const provider = lab.factory.create({
    workspaceId: 'ws',
    sessionId: 'one',
    settings: {} as never,
    emit: (event) => events.push(event),
    clock: {
      now: Date.now,
      monotonic: () => performance.now(),
      schedule: (ms, callback) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    },
    random: () => 0,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
  await provider.start(soon());
  open.push({ [Symbol.asyncDispose]: () => provider.stop() });
  const heard = async (fits: (event: ProviderEvent) => boolean) => {
    await expect.poll(() => events.some(fits), { timeout: 5_000 }).toBe(true);
    return events.find(fits);
  };
  return { lab, simulator: lab.simulator, business, provider, events, heard };
}

describe('media', () => {
  const bytes = Buffer.from('a few bytes of a picture');
  const receive = async (session: Awaited<ReturnType<typeof started>>): Promise<string> => {
    const { simulator, business, heard } = session;
    const image = { kind: 'image', bytes, mimeType: 'image/jpeg' } as const;
    simulator.phone(person).media(business.phoneNumberId, image);
    const event = await heard(({ type }) => type === 'message.received');
    return event?.type === 'message.received' ? (event.message.media?.id ?? '') : '';
  };

  it('that came in is fetched, also when its first address no longer works', async () => {
    const session = await started();
    const id = await receive(session);
    session.simulator.faults.add({
      fault: { kind: 'garbage', status: 404 },
      match: { endpoint: 'download_media' },
      times: 1,
    });
    const media = await session.provider.mediaDownload?.download(id, soon());
    expect(Buffer.from(media?.data ?? []).equals(bytes)).toBe(true);
    expect(media?.mimeType).toBe('image/jpeg');
  });

  it('that is gone, too large, or not what the digest says, is media_unavailable', async () => {
    const session = await started({}, { maxMediaBytes: 10 });
    const id = await receive(session);
    const download = (one: string) => session.provider.mediaDownload?.download(one, soon());
    const unavailable = expect.objectContaining({ code: 'media_unavailable' });
    await expect(download(id)).rejects.toEqual(unavailable);
    await expect(download('999')).rejects.toEqual(unavailable);
    await expect(download('../me')).rejects.toEqual(unavailable);
  });

  it('is uploaded, streamed, and can be sent then', async () => {
    const { provider, simulator } = await started();
    const stream = (async function* () {
      for (let index = 0; index < 10; index += 1) yield Buffer.alloc(1_000, index);
    })();
    const up = await provider.mediaUpload?.upload({ data: stream, mimeType: 'image/png' }, soon());
    expect(up?.validMs).toBe(30 * 86_400_000);
    expect(simulator.media(up?.id ?? '')?.bytes.byteLength).toBe(10_000);
    const { message, attempt } = messageTo(person, { type: 'image', image: { id: up?.id ?? '' } });
    expect((await provider.send(message, attempt, soon())).status).toBe('sent');
  });

  it('that WhatsApp would not take is refused before a byte leaves', async () => {
    const { provider, simulator } = await started();
    const seen: string[] = [];
    simulator.on('request', ({ endpoint }) => seen.push(endpoint ?? ''));
    const upload = provider.mediaUpload?.upload(
      { data: new Uint8Array(6 * 1024 * 1024), mimeType: 'image/png' },
      soon(),
    );
    await expect(upload).rejects.toMatchObject({ code: 'media_unavailable' });
    for (const link of ['data:text/plain,x', `data:image/png;base64,${'A'.repeat(8_000_000)}`]) {
      const { message, attempt } = messageTo(person, { type: 'image', image: { link } });
      expect(await provider.send(message, attempt, soon())).toMatchObject({
        status: 'rejected',
        error: { code: 'media_unavailable' },
      });
    }
    expect(seen).toEqual([]);
  });

  it('of equal data: links is uploaded once', async () => {
    const { provider, simulator } = await started();
    const seen: string[] = [];
    simulator.on('request', ({ path }) => seen.push(path.split('/').at(-1) ?? ''));
    const link = `data:image/png;base64,${bytes.toString('base64')}`;
    for (let index = 0; index < 3; index += 1) {
      const { message, attempt } = messageTo(person, { type: 'image', image: { link } });
      expect((await provider.send(message, attempt, soon())).status).toBe('sent');
    }
    expect(seen.filter((name) => name === 'media')).toHaveLength(1);
    expect(seen.filter((name) => name === 'messages')).toHaveLength(3);
  });

  it('whose upload gets no answer leaves the message unsent, not unknown', async () => {
    const { provider, simulator } = await started({}, { deadlines: { uploadMs: 100 } });
    simulator.faults.add({
      fault: { kind: 'hang', effect: true },
      match: { endpoint: 'upload_media' },
    });
    const link = `data:image/png;base64,${bytes.toString('base64')}`;
    const { message, attempt } = messageTo(person, { type: 'image', image: { link } });
    expect(await provider.send(message, attempt, soon())).toMatchObject({ status: 'not_sent' });
  });
});

describe('templates', () => {
  const body = { type: 'BODY', text: 'Hi {{1}}, {{2}} is ready' } as const;

  it('are listed page by page', async () => {
    const { provider, simulator, business } = await started();
    for (let index = 0; index < 5; index += 1) {
      simulator.addTemplate({ wabaId: business.wabaId, name: `t_${index}` });
    }
    const names: string[] = [];
    let after: string | undefined;
    do {
      const page = await provider.templates?.list({ after, limit: 2 }, soon());
      names.push(...(page?.templates ?? []).map(({ name }) => name));
      after = page?.next;
    } while (after !== undefined);
    expect(names.sort()).toEqual(['t_0', 't_1', 't_2', 't_3', 't_4']);
  });

  it('that are filled wrongly are refused here, and asked for once', async () => {
    const { provider, simulator, business } = await started();
    simulator.addTemplate({ wabaId: business.wabaId, name: 'ready', components: [body] as never });
    const seen: string[] = [];
    simulator.on('request', ({ path }) => seen.push(path.split('/').at(-1) ?? ''));
    const send = (count: number) => {
      const parameters = Array.from({ length: count }, () => ({ type: 'text', text: 'x' }));
      const { message, attempt } = messageTo(person, {
        type: 'template',
        template: {
          name: 'ready',
          language: { code: 'en_US' },
          components: [{ type: 'body', parameters }],
        },
      });
      return provider.send(message, attempt, soon());
    };
    expect(await send(1)).toMatchObject({
      status: 'rejected',
      error: { code: 'invalid_message', message: expect.stringContaining('needs 2 parameters') },
    });
    expect((await send(2)).status).toBe('sent');
    expect(seen).toEqual(['message_templates', 'messages']);
  });

  it('that are made, changed or deleted here are asked for anew', async () => {
    const { provider, simulator } = await started({ reviews: 'manual' });
    const { templates } = provider;
    const part = (text: string, ...examples: string[]) => ({
      type: 'BODY',
      text,
      ...(examples.length === 0 ? {} : { example: { body_text: [examples] } }),
    });
    const made = await templates?.create(
      {
        name: 'news',
        language: 'en_US',
        category: 'MARKETING',
        components: [part('Hi {{1}}, hello', 'Ani')],
      },
      soon(),
    );
    const id = made?.id ?? '';
    expect(made).toEqual({ id, status: 'PENDING', category: 'MARKETING' });
    const approve = async () => {
      simulator.setTemplateStatus(id, 'APPROVED');
      // What is heard while a template is asked for makes the answer too old to believe.
      await simulator.webhooks.idle();
    };
    await approve();
    const send = (...values: string[]) => {
      const parameters = values.map((value) => ({ type: 'text', text: value }));
      const { message, attempt } = messageTo(person, {
        type: 'template',
        template: {
          name: 'news',
          language: { code: 'en_US' },
          components: [{ type: 'body', parameters }],
        },
      });
      return provider.send(message, attempt, soon());
    };
    expect((await send('Ani')).status).toBe('sent');
    const two = [part('Hi {{1}}, it is {{2}} now', 'Ani', 'noon')];
    await templates?.edit(id, { components: two }, soon());
    await approve();
    expect(await send('Ani')).toMatchObject({
      status: 'rejected',
      error: { message: expect.stringContaining('needs 2 parameters') },
    });
    expect((await send('Ani', 'noon')).status).toBe('sent');
    await templates?.delete({ name: 'news' }, soon());
    expect(await send('Ani')).toMatchObject({ error: { details: { graph_code: 132001 } } });
    expect((await templates?.list({}, soon()))?.templates).toEqual([]);
  });

  it('that Meta does not take are refused with its code', async () => {
    const { provider, simulator, business } = await started();
    const { templates } = provider;
    const { id } = simulator.addTemplate({ wabaId: business.wabaId, name: 'sale' });
    const components = [{ type: 'BODY', text: 'Hello' }];
    const sale = { name: 'sale', language: 'en_US', category: 'UTILITY', components };
    const refused = (graph_code: number, graph_subcode?: number) =>
      expect.objectContaining({
        details: expect.objectContaining({
          graph_code,
          ...(graph_subcode === undefined ? {} : { graph_subcode }),
        }),
      });
    await expect(templates?.create(sale, soon())).rejects.toEqual(refused(100, 2388024));
    await expect(templates?.create({ ...sale, category: 'NEWS' }, soon())).rejects.toEqual(
      refused(100),
    );
    await expect(templates?.edit(id, { category: 'MARKETING' }, soon())).rejects.toEqual(
      refused(100),
    );
    await expect(templates?.delete({ name: 'nothing' }, soon())).rejects.toEqual(
      refused(100, 2593002),
    );
    await templates?.delete({ name: 'sale', id }, soon());
    await expect(templates?.create(sale, soon())).rejects.toEqual(refused(100, 2388023));
    const bad = expect.objectContaining({ code: 'bad_request' });
    await expect(templates?.create({ ...sale, name: 'Sale' }, soon())).rejects.toEqual(bad);
    await expect(templates?.edit('../me', { components }, soon())).rejects.toEqual(bad);
    await expect(templates?.delete({ name: 'sale', id: '1/2' }, soon())).rejects.toEqual(bad);
  });

  it('of another account are left alone, though the token is good for both', async () => {
    const { simulator, business } = await started();
    const other = simulator.addBusiness({ number: '15550009009' });
    const [foreign, own] = [other, business].map(({ wabaId }) =>
      simulator.addTemplate({ wabaId, name: 'same', status: 'REJECTED' }),
    );
    const { token } = simulator.addToken({ appId: business.appId });
    const { phoneNumberId: phone_number_id, wabaId: waba_id } = business;
    const settings = { phone_number_id, waba_id, access_token: token };
    const { templates } = sessionOn(simulator.url, {}, settings).provider;
    const edit = { components: [{ type: 'BODY', text: 'Taken over' }] };
    await expect(templates?.edit(foreign?.id ?? '', edit, soon())).rejects.toMatchObject({
      code: 'rejected',
      details: { graph_code: 100, graph_subcode: 2593002 },
    });
    await templates?.edit(own?.id ?? '', edit, soon());
    const texts = [other, business].flatMap(({ wabaId }) =>
      simulator.templates(wabaId).flatMap(({ components }) => components),
    );
    expect(texts.map((part) => part.text === 'Taken over')).toEqual([false, true]);
  });

  it('that are not known are for Graph to decide', async () => {
    const { provider } = await started();
    const { message, attempt } = messageTo(person, {
      type: 'template',
      template: { name: 'nowhere', language: { code: 'en_US' } },
    });
    expect(await provider.send(message, attempt, soon())).toMatchObject({
      status: 'not_sent',
      error: { details: { graph_code: 132001, class: 'template' } },
    });
  });
});

describe('the number', () => {
  it('is registered, shown and changed', async () => {
    const { provider, simulator, business } = await started();
    const { registration } = provider;
    simulator.changeNumber(business.phoneNumberId, { registered: false });
    await registration?.register({ pin: '123456' }, soon());
    expect(simulator.number(business.phoneNumberId).registered).toBe(true);
    await registration?.updateProfile(
      { about: 'We sell', websites: ['https://a.example/'] },
      soon(),
    );
    expect(await registration?.profile(soon())).toMatchObject({
      about: 'We sell',
      websites: ['https://a.example/'],
    });
    await expect(registration?.register({ pin: '12' }, soon())).rejects.toMatchObject({
      code: 'bad_request',
    });
    await registration?.deregister(soon());
    expect(simulator.number(business.phoneNumberId).registered).toBe(false);
  });

  it('that is taken off ends the session, so that its messages wait', async () => {
    const { provider, heard, simulator } = await started();
    await provider.registration?.deregister(soon());
    const down = await heard(({ type }) => type === 'down');
    expect(down).toMatchObject({ error: { retryable: false, details: { graph_code: 133010 } } });
    const { message, attempt } = messageTo(person, text);
    expect(await provider.send(message, attempt, soon())).toMatchObject({ status: 'not_sent' });
    expect(simulator.effects).toEqual([]);
  });

  it('that is not registered does not start, and is proven and registered all the same', async () => {
    const { lab, simulator, business, provider } = await started();
    await provider.stop();
    simulator.changeNumber(business.phoneNumberId, { registered: false, verified: false });
    const { provider: next, lines } = sessionOn(simulator.url, {}, lab.settings('one'));
    open.push({ [Symbol.asyncDispose]: () => next.stop() });
    await expect(next.start(soon())).rejects.toMatchObject({
      code: 'start_failed',
      retryable: false,
      details: { graph_code: 133010, class: 'registration' },
    });
    const { registration } = next;
    await expect(registration?.register({ pin: '123456' }, soon())).rejects.toMatchObject({
      details: { graph_code: 133006 },
    });
    await registration?.requestCode({ method: 'sms', language: 'en_US' }, soon());
    const { code = '' } = simulator.number(business.phoneNumberId);
    const wrong = code === '111222' ? '111223' : '111222';
    const refused = registration?.verifyCode(wrong, soon());
    await expect(refused).rejects.toMatchObject({ details: { graph_code: 136025 } });
    await refused?.catch((error) => expect(String(error)).not.toContain(wrong));
    await registration?.verifyCode(`${code.slice(0, 3)}-${code.slice(3)}`, soon());
    await registration?.register({ pin: '123456' }, soon());
    await next.start(soon());
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${code}|123456`));
  });

  it('takes no more codes after too many wrong ones', async () => {
    const { provider, simulator, business } = await started();
    const { registration } = provider;
    simulator.changeNumber(business.phoneNumberId, { verified: false });
    await registration?.requestCode({ method: 'voice', language: 'id' }, soon());
    const { code = '' } = simulator.number(business.phoneNumberId);
    const wrong = code === '111222' ? '111223' : '111222';
    for (let index = 0; index < 5; index += 1) {
      await expect(registration?.verifyCode(wrong, soon())).rejects.toMatchObject({
        code: 'rejected',
      });
    }
    await expect(registration?.verifyCode(code, soon())).rejects.toMatchObject({
      code: 'rate_limited',
    });
    await expect(registration?.verifyCode('12 456', soon())).rejects.toMatchObject({
      code: 'bad_request',
    });
  });

  it('blocks who wrote, says who is blocked, and says so when it cannot', async () => {
    const { provider } = await started();
    await provider.blocking?.setBlocked(person, true, soon());
    expect(await provider.blocking?.blocked(soon())).toEqual([person]);
    await provider.blocking?.setBlocked(person, false, soon());
    expect(await provider.blocking?.blocked(soon())).toEqual([]);
    await expect(provider.blocking?.setBlocked('628999000009', true, soon())).rejects.toThrow();
  });

  it('shows typing as an answer to the newest message, and not before there is one', async () => {
    const { provider, simulator, business, heard } = await started();
    const shown: unknown[] = [];
    simulator.on('typing', ({ messageId }) => shown.push(messageId));
    const { typing } = provider;
    await expect(typing?.setTyping(person, 'typing', soon())).rejects.toMatchObject({
      code: 'conflict',
    });
    const id = simulator.phone(person).text(business.phoneNumberId, 'hello?');
    await heard(({ type }) => type === 'message.received');
    await typing?.setTyping(person, 'typing', soon());
    await typing?.setTyping(person, 'paused', soon());
    expect(shown).toEqual([id]);
  });
});

describe('trouble, each with a code, a class, a next step and a count', () => {
  type Session = Awaited<ReturnType<typeof started>>;
  it.each<[string, string, string, (session: Session) => void]>([
    [
      'an expired token',
      'auth',
      'rejected',
      ({ simulator, business }) => simulator.expireToken(business.accessToken),
    ],
    [
      'a revoked token',
      'auth',
      'rejected',
      ({ simulator, business }) => simulator.revokeToken(business.accessToken),
    ],
    [
      'an unregistered number',
      'registration',
      'rejected',
      ({ simulator, business }) =>
        simulator.changeNumber(business.phoneNumberId, { registered: false }),
    ],
    [
      'a locked account',
      'policy_block',
      'rejected',
      ({ simulator, business }) =>
        simulator.changeNumber(business.phoneNumberId, { trouble: 131031 }),
    ],
    [
      'an unpaid account',
      'billing',
      'rejected',
      ({ simulator, business }) =>
        simulator.changeNumber(business.phoneNumberId, { trouble: 131042 }),
    ],
  ])('%s', async (_, cls, status, cause) => {
    const refused: { class: string }[] = [];
    const session = await started(
      {},
      { observer: { platformRefused: (fact) => refused.push(fact) } },
    );
    cause(session);
    const { message, attempt } = messageTo(person, text);
    const outcome = await session.provider.send(message, attempt, soon());
    expect(outcome).toMatchObject({ status, error: { details: { class: cls } } });
    expect(outcome.status === 'sent' ? '' : outcome.error.message).toMatch(/Next: /);
    expect(refused).toMatchObject([{ class: cls, source: 'answer' }]);
    expect(session.events.some(({ type }) => type === 'account.alert')).toBe(true);
  });

  it('a closed window, told by a status', async () => {
    const refused: { class: string; source: string }[] = [];
    const session = await started(
      {},
      { observer: { platformRefused: (fact) => refused.push(fact) } },
    );
    const { message, attempt } = messageTo('628222000077', text);
    expect((await session.provider.send(message, attempt, soon())).status).toBe('sent');
    const failed = await session.heard(
      (event) => event.type === 'message.receipt' && event.status === 'failed',
    );
    expect(failed).toMatchObject({
      error: { code: 'rejected', details: { graph_code: 131047, class: 'window' } },
      tracker: { message_id: 'msg_1', attempt: 1 },
    });
    expect(refused).toMatchObject([{ class: 'window', source: 'report' }]);
  });

  it('a send without an answer, settled by the first status of what it left', async () => {
    const { provider, simulator, heard } = await started();
    simulator.faults.add({
      fault: { kind: 'cut_response', bytes: 40 },
      match: { endpoint: 'send_message' },
      times: 1,
    });
    const { message, attempt } = messageTo(person, text, { number: 3 });
    expect((await provider.send(message, attempt, soon())).status).toBe('unknown');
    const receipt = await heard(({ type }) => type === 'message.receipt');
    expect(receipt).toMatchObject({
      tracker: { message_id: 'msg_1', attempt: 3 },
      provider_message_id: simulator.effects[0]?.id,
    });
  });
});

describe('what is posted', () => {
  it('is answered and believed only with the right secrets', async () => {
    const { lab, business } = await started();
    const { webhook } = lab.factory;
    const { metaProvider } = await import('@blazz/providers/meta');
    const settings = metaProvider().parse(lab.settings('one'));
    const asked = {
      'hub.mode': 'subscribe',
      'hub.challenge': '115',
      'hub.verify_token': business.verifyToken,
    };
    expect(webhook?.handshake(settings, asked)).toBe('115');
    expect(webhook?.handshake(settings, { ...asked, 'hub.verify_token': 'x' })).toBeUndefined();
    expect(webhook?.handshake(settings, { ...asked, 'hub.mode': 'x' })).toBeUndefined();
    expect(webhook?.handshake(settings, { ...asked, 'hub.challenge': '<script>' })).toBeUndefined();
    const body = Buffer.from('{"entry":[]}');
    expect(webhook?.verify(settings, () => `sha256=${'0'.repeat(64)}`, body)).toBe(false);
    expect(webhook?.verify(settings, () => undefined, body)).toBe(false);
    expect(lab.forged).toBe(0);
  });
});
