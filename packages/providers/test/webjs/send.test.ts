import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attempt, Lab, outgoing, type Station, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';
const stranger = '628333000003';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);
const link = (mime: string): string => `data:${mime};base64,${png.toString('base64')}`;

describe('what goes out', () => {
  let lab: Lab;
  let station: Station;
  beforeAll(async () => {
    lab = await Lab.open({ ackMode: 'sent', isRegistered: (number) => number !== stranger });
    station = await lab.linked('s1', me, {
      deadlines: { ackMs: 1_500, sendMs: 5_000 },
      watchdog: { probeMs: 500 },
      fetchMedia: async (url) => {
        if (url === 'https://files.test/a.png') return { data: png, mimeType: 'image/png' };
        return { data: Buffer.from(url.split(',')[1] ?? '', 'base64'), mimeType: 'image/png' };
      },
      maxMediaBytes: 2_000_000,
    });
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });
  afterEach(() => lab.simulator.clearFaults());

  const idOf = (outcome: Awaited<ReturnType<typeof send>>): string =>
    outcome.status === 'sent' ? outcome.provider_message_id : `not sent: ${outcome.status}`;
  const onPhone = (key: string) => lab.simulator.phone(me).message(key);

  it('sends every type as what it is', async () => {
    const kinds: Record<string, string> = {};
    const note = async (outcome: Awaited<ReturnType<typeof send>>): Promise<void> => {
      const message = onPhone(idOf(outcome));
      kinds[message?.type ?? '?'] = message?.text ?? '';
    };
    await note(await send(station, friend, 'plain'));
    const image = { link: 'https://files.test/a.png', caption: 'a picture' };
    await note(await send(station, friend, { type: 'image', image }));
    const video = { link: link('video/mp4'), mime_type: 'video/mp4' };
    await note(await send(station, friend, { type: 'video', video }));
    const audio = { link: link('audio/ogg'), mime_type: 'audio/ogg' };
    await note(await send(station, friend, { type: 'audio', audio }));
    await note(await send(station, friend, { type: 'audio', audio: { ...audio, voice: true } }));
    const document = { link: link('image/png'), filename: 'bill.png', caption: 'the bill' };
    await note(await send(station, friend, { type: 'document', document }));
    const sticker = { link: link('image/png') };
    await note(await send(station, friend, { type: 'sticker', sticker }));
    const location = { latitude: 1.5, longitude: 2.5, name: 'Here' };
    await note(await send(station, friend, { type: 'location', location }));
    const card = { name: { formatted_name: 'Ada' }, phones: [{ phone: '+62', wa_id: '62811' }] };
    await note(await send(station, friend, { type: 'contacts', contacts: [card] }));
    await note(await send(station, friend, { type: 'contacts', contacts: [card, card] }));
    const poll = { name: 'Which?', options: ['a', 'b', 'c'], selectable_count: 2 };
    await note(await send(station, friend, { type: 'poll', poll }));
    expect(kinds).toMatchObject({
      chat: 'plain',
      image: 'a picture',
      video: '',
      audio: '',
      ptt: '',
      document: 'the bill',
      sticker: '',
      location: '',
      vcard: expect.stringContaining('FN:Ada'),
      multi_vcard: '',
      poll_creation: 'Which?',
    });
    expect(station.of('message.echo')).toEqual([]);
  });

  it('answers, reacts, and sends to groups', async () => {
    const { id } = await lab.simulator.deliver({ to: me, from: friend, content: 'a question' });
    const key = `false_${friend}@c.us_${id}`;
    await station.until('message.received', (e) => e.message.provider_message_id === key);
    const answer = await send(station, friend, 'an answer', key);
    expect(onPhone(idOf(answer))).toMatchObject({ quoted: id });

    const reaction = { message_id: key, emoji: '👍' };
    const reacted = await send(station, friend, { type: 'reaction', reaction });
    expect(reacted.status).toBe('sent');
    expect(onPhone(key)?.reactions).toEqual({ [me]: '👍' });
    expect(station.of('message.reaction')).toEqual([]);
    const gone = { message_id: `false_${friend}@c.us_NONE`, emoji: '👍' };
    expect(await send(station, friend, { type: 'reaction', reaction: gone })).toMatchObject({
      status: 'rejected',
      error: { code: 'invalid_message', details: { path: 'reaction.message_id' } },
    });

    const group = lab.simulator.addGroup({ subject: 'Friends', participants: [me, friend] });
    const sent = await send(station, group.jid, 'to all');
    expect(idOf(sent)).toMatch(new RegExp(`^true_${group.jid}_[0-9A-Z]+_${me}@c.us$`));
  });

  it('passes inbound media on by its id', async () => {
    const media = { data: png, mimetype: 'image/png' };
    const { id } = await lab.simulator.deliver({
      to: me,
      from: friend,
      content: { kind: 'image', media },
    });
    const { message } = await station.until('message.received', (e) =>
      e.message.provider_message_id.includes(id),
    );
    const image = { id: message.media?.id ?? '' };
    expect(await send(station, friend, { type: 'image', image })).toMatchObject({ status: 'sent' });
  });

  it('does not mark a chat as read by sending, unless told to', async () => {
    const seen: unknown[] = [];
    lab.simulator.on('seen', (fact) => seen.push(fact));
    await send(station, friend, 'unobtrusive');
    expect(seen).toEqual([]);
  });

  it.each([
    ['nobody', stranger, 'not_on_whatsapp'],
    ['a business-scoped id', 'US.13491208655302741918', 'invalid_recipient'],
  ])('refuses %s', async (_, to, code) => {
    expect(await send(station, to, 'hello')).toMatchObject({ status: 'rejected', error: { code } });
  });

  it('refuses media that is too large, empty, or of the wrong family', async () => {
    const big = { link: `data:image/png;base64,${Buffer.alloc(2_000_001).toString('base64')}` };
    const empty = { link: 'data:image/png;base64,' };
    const wrong = { link: link('image/png'), mime_type: 'text/plain' };
    for (const image of [big, empty, wrong]) {
      expect(await send(station, friend, { type: 'image', image })).toMatchObject({
        status: 'rejected',
        error: { code: 'media_unavailable' },
      });
    }
  });

  it('tells WhatsApp’s refusal: ack -1', async () => {
    lab.simulator.setFaults({ send: 'reject' });
    expect(await send(station, friend, 'refused')).toMatchObject({
      status: 'rejected',
      error: { code: 'rejected' },
    });
  });

  it('does not claim a send that was never acknowledged, and settles it when that comes', async () => {
    lab.simulator.setAckMode('manual');
    const outcome = await send(station, friend, 'no answer yet');
    expect(outcome).toMatchObject({ status: 'unknown', error: { code: 'timeout' } });
    const key = outcome.status === 'unknown' ? (outcome.provider_message_id ?? '') : '';
    expect(key).toMatch(/^true_/);
    lab.simulator.acknowledge(key, 1);
    lab.simulator.setAckMode('sent');
    await station.until(
      'message.receipt',
      (e) => e.provider_message_id === key && e.status === 'sent',
    );
    expect(station.of('message.echo')).toEqual([]);
  });

  it('finds out what became of a send, without sending again', async () => {
    lab.simulator.setFaults({ send: 'drop' });
    const lost = outgoing(friend, 'lost on the way');
    const began = attempt();
    const signal = AbortSignal.timeout(20_000);
    expect(await station.provider.send(lost, began, signal)).toMatchObject({ status: 'unknown' });
    const { reconciliation } = station.provider;
    expect(await reconciliation?.reconcile(lost, began, signal)).toBeUndefined();
    lab.simulator.clearFaults();
    expect(lab.simulator.effects.filter((effect) => effect.text === 'lost on the way')).toEqual([]);
  });

  it('says that nothing left when the upload fails', async () => {
    lab.simulator.setFaults({ upload: 'error' });
    const image = { link: link('image/png') };
    expect(await send(station, friend, { type: 'image', image })).toMatchObject({
      status: 'not_sent',
    });
  });

  it('cannot tell when the page takes a send and never returns', async () => {
    lab.simulator.setFaults({ upload: 'hang' });
    const image = { link: link('image/png') };
    expect(await send(station, friend, { type: 'image', image })).toMatchObject({
      status: 'unknown',
      error: { code: 'timeout' },
    });
  });

  it('reports what the owner writes on the phone meanwhile as an echo, and nothing of its own', async () => {
    const before = station.of('message.echo').length;
    lab.simulator.setAckMode('manual');
    const sending = send(station, friend, 'from the gateway');
    await expect.poll(() => lab.simulator.effects.at(-1)?.text).toBe('from the gateway');
    await lab.simulator.phone(me).send(friend, 'from the phone');
    lab.simulator.acknowledge(
      lab.simulator.effects.find((e) => e.text === 'from the gateway')?.id ?? '',
      1,
    );
    expect((await sending).status).toBe('sent');
    lab.simulator.setAckMode('sent');
    await station.until('message.echo', (e) => e.message.text?.body === 'from the phone');
    expect(
      station
        .of('message.echo')
        .slice(before)
        .map(({ message }) => message.text?.body),
    ).toEqual(['from the phone']);
  });

  it('survives a connection that breaks right after a send', async () => {
    lab.simulator.setFaults({ send: 'disconnect' });
    const before = station.events.length;
    const outcome = await send(station, friend, 'cut off');
    expect(['sent', 'unknown']).toContain(outcome.status);
    lab.simulator.clearFaults();
    await station.until('ready', () => true, 20_000, before);
    expect(lab.simulator.effects.filter((effect) => effect.text === 'cut off')).toHaveLength(1);
    expect(await send(station, friend, 'back again')).toMatchObject({ status: 'sent' });
  });
});
