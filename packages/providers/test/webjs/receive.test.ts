import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab, type Station, send } from './support/lab';

const me = '628111000001';
const friend = '628222000002';
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

describe('what comes in', () => {
  let lab: Lab;
  let station: Station;
  beforeAll(async () => {
    lab = await Lab.open({ ackMode: 'manual' });
    station = await lab.linked('s1', me, { includeRaw: false, maxMediaBytes: 200_000 });
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  const deliver = (content: Parameters<typeof lab.simulator.deliver>[0]['content'], more = {}) =>
    lab.simulator.deliver({ to: me, from: friend, content, ...more });
  const keyOf = (id: string): string => `false_${friend}@c.us_${id}`;
  const received = async (id: string) =>
    (
      await station.until('message.received', ({ message }) =>
        message.provider_message_id.includes(id),
      )
    ).message;
  /** Whatever was reported before this text arrived is reported. */
  const settle = async (): Promise<void> => {
    const { id } = await deliver('that was all');
    await received(id);
  };

  it('reports messages of every type', async () => {
    const media = { data: pixel, mimetype: 'image/png', filename: 'a.png' };
    const { id: image } = await deliver({ kind: 'image', media, caption: 'look' });
    expect(await received(image)).toMatchObject({
      type: 'image',
      media: { id: keyOf(image), mime_type: 'image/png', caption: 'look' },
    });
    const audio = { data: pixel, mimetype: 'audio/ogg' };
    const { id: voice } = await deliver({ kind: 'voice', media: audio });
    expect(await received(voice)).toMatchObject({ type: 'audio', media: { voice: true } });
    const { id: place } = await deliver({
      kind: 'location',
      latitude: -6.2,
      longitude: 106.8,
      name: 'Monas',
      address: 'Jakarta',
    });
    expect(await received(place)).toMatchObject({
      type: 'location',
      location: { latitude: -6.2, longitude: 106.8, name: 'Monas', address: 'Jakarta' },
    });
    const card = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nTEL;type=CELL;waid=62811:+62811\nEND:VCARD';
    const { id: contacts } = await deliver({ kind: 'contacts', vcards: [card, card] });
    expect(await received(contacts)).toMatchObject({
      type: 'contacts',
      contacts: [{ name: { formatted_name: 'Ada' }, phones: [{ wa_id: '62811' }] }, {}],
    });
    const { id: poll } = await deliver({ kind: 'poll', question: 'Tea?', options: ['yes', 'no'] });
    expect(await received(poll)).toMatchObject({
      type: 'poll',
      poll: { name: 'Tea?', options: ['yes', 'no'], selectable_count: 1 },
    });
    const { id: other } = await deliver({ kind: 'raw', type: 'payment', fields: {} });
    expect(await received(other)).toMatchObject({ type: 'unsupported' });
  });

  it('tells where a message stands, whom it is from, and what it answers', async () => {
    const group = lab.simulator.addGroup({ subject: 'Friends', participants: [friend, me] });
    const { id } = await deliver('to all', { group: group.jid, pushname: 'Bea' });
    expect(await received(id)).toMatchObject({
      chat_id: group.jid,
      is_group: true,
      from: { phone: friend, name: 'Bea' },
    });
    const hidden = '123456789012345@lid';
    lab.simulator.addContact({ lid: hidden, pushname: 'Nobody' });
    const { id: secret } = await deliver('who am I', { from: hidden, forwarded: true });
    const message = await received(secret);
    expect(message).toMatchObject({ from: { lid: hidden }, chat_id: hidden, forwarded: true });
    expect(message.from.phone).toBeUndefined();

    lab.simulator.setAckMode('sent');
    const sent = await send(station, friend, 'a question');
    lab.simulator.setAckMode('manual');
    const key = sent.status === 'sent' ? sent.provider_message_id : '';
    const { id: answer } = await deliver('an answer', { quoted: key.split('_')[2] });
    expect((await received(answer)).reply_to).toEqual({ provider_message_id: key });
    const { id: again } = await deliver('to myself', { quoted: answer });
    expect((await received(again)).reply_to).toEqual({ provider_message_id: keyOf(answer) });
  });

  it('does not report history, group notices, or status updates as messages', async () => {
    const before = station.of('message.received').length;
    await deliver('long ago', { history: true, time: 1_600_000_000 });
    await deliver({ kind: 'raw', type: 'gp2', fields: { subtype: 'add', recipients: [] } });
    await settle();
    expect(
      station
        .of('message.received')
        .slice(before)
        .map(({ message }) => message.text?.body),
    ).toEqual(['that was all']);
  });

  it('tells nothing of stories and channels, and what happens to them', async () => {
    const before = station.events.length;
    for (const from of ['status@broadcast', '120363000000000000@newsletter']) {
      const { id } = await deliver('to everybody', { from });
      lab.simulator.react(id, friend, '👍');
      lab.simulator.edit(id, 'to all');
      lab.simulator.revoke(id);
    }
    await settle();
    expect(station.events.slice(before).map((event) => event.type)).toEqual(['message.received']);
  });

  it('gives a chat id that can be answered to, of whoever hides his number', async () => {
    const hidden = '99887766554433@lid';
    lab.simulator.addContact({ lid: hidden });
    const { id } = await deliver('who am I', { from: hidden });
    const { chat_id } = await received(id);
    lab.simulator.setAckMode('sent');
    expect(await send(station, chat_id, 'whoever you are')).toMatchObject({ status: 'sent' });
    lab.simulator.setAckMode('manual');
    expect(lab.simulator.effects.at(-1)).toMatchObject({ to: hidden, text: 'whoever you are' });
  });

  it('keeps 500 messages that come at once in order, each once, and what happens to them', async () => {
    const before = station.events.length;
    const fates = { edited: 0, revoked: 0, reactions: 0 };
    const ids = await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        const { id } = await deliver(`storm ${index}`, { from: `62830000000${index % 7}` });
        if (index % 5 === 0)
          fates.edited += Number(lab.simulator.edit(id, 'changed') === undefined);
        if (index % 7 === 0)
          fates.reactions += Number(lab.simulator.react(id, friend, '👍') === undefined);
        if (index % 11 === 0) fates.revoked += Number(lab.simulator.revoke(id) === undefined);
        return id;
      }),
    );
    await settle();
    const events = station.events.slice(before);
    const got = events.flatMap((event) => (event.type === 'message.received' ? [event] : []));
    const keys = got.map(({ message }) => message.provider_message_id.split('_')[2]);
    expect(keys.slice(0, -1).sort()).toEqual([...ids].sort());
    for (let writer = 0; writer < 7; writer++) {
      const numbers = got
        .filter(({ message }) => message.from.phone === `62830000000${writer}`)
        .map(({ message }) => Number(message.text?.body.split(' ')[1]));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
    const count = (type: string): number => events.filter((event) => event.type === type).length;
    expect({
      edited: count('message.edited'),
      revoked: count('message.revoked'),
      reactions: count('message.reaction'),
    }).toEqual(fates);
  }, 60_000);

  it('reports a ciphertext once it is decrypted, and not as an edit', async () => {
    const { id } = await deliver({ kind: 'ciphertext' });
    await settle();
    expect(
      station
        .of('message.received')
        .filter(({ message }) => message.provider_message_id.includes(id)),
    ).toEqual([]);
    await lab.simulator.decrypt(id, { kind: 'text', text: 'readable' });
    expect(await received(id)).toMatchObject({ type: 'text', text: { body: 'readable' } });
    await settle();
    expect(
      station
        .of('message.received')
        .filter(({ message }) => message.provider_message_id.includes(id)),
    ).toHaveLength(1);
    expect(station.of('message.edited').filter((e) => e.provider_message_id === keyOf(id))).toEqual(
      [],
    );
  });

  it('reports a ciphertext that stays one as unsupported, after the library gave up', async () => {
    const { id } = await deliver({ kind: 'ciphertext' });
    const event = await station.until(
      'message.received',
      ({ message }) => message.provider_message_id.includes(id),
      25_000,
    );
    expect(event.message.type).toBe('unsupported');
  }, 40_000);

  it('reports changed texts and captions, and not thumbnails', async () => {
    const { id } = await deliver('tpyo');
    await received(id);
    lab.simulator.edit(id, 'typo');
    expect(await station.until('message.edited', (e) => e.text === 'typo')).toEqual({
      type: 'message.edited',
      provider_message_id: keyOf(id),
      chat_id: `${friend}@c.us`,
      text: 'typo',
    });
    const media = { data: pixel, mimetype: 'image/png' };
    const { id: image } = await deliver({ kind: 'image', media, caption: 'old' });
    await received(image);
    lab.simulator.edit(image, 'new');
    await station.until('message.edited', (e) => e.provider_message_id === keyOf(image));
    const edits = station.of('message.edited').map((e) => e.provider_message_id);
    expect(edits.filter((key) => key === keyOf(id) || key === keyOf(image))).toHaveLength(2);
  });

  it('reports what was deleted for everybody', async () => {
    const { id } = await deliver('oops');
    await received(id);
    lab.simulator.revoke(id);
    expect(
      await station.until('message.revoked', (e) => e.provider_message_id === keyOf(id)),
    ).toEqual({
      type: 'message.revoked',
      provider_message_id: keyOf(id),
      chat_id: `${friend}@c.us`,
    });
  });

  it('reports reactions, and their end', async () => {
    const { id } = await deliver('like it');
    await received(id);
    lab.simulator.react(id, friend, '❤️');
    expect(
      await station.until('message.reaction', (e) => e.provider_message_id === keyOf(id)),
    ).toMatchObject({
      provider_message_id: keyOf(id),
      from: { phone: friend },
      chat_id: `${friend}@c.us`,
      emoji: '❤️',
    });
    lab.simulator.react(id, friend, '');
    await station.until('message.reaction', (e) => e.emoji === '');
  });

  it('reports what was not sent to linked devices as unsupported, at once', async () => {
    const began = Date.now();
    const { id } = await deliver({ kind: 'ciphertext', unavailable: true });
    expect(await received(id)).toMatchObject({ type: 'unsupported', from: { phone: friend } });
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('tells people by number and hidden id, whichever they come with, where both are known', async () => {
    const lid = '77001122334455@lid';
    lab.simulator.addContact({ number: '628444000004', lid, name: 'Budi' });
    const { id } = await deliver('by hidden id', { from: lid });
    expect(await received(id)).toMatchObject({
      from: { phone: '628444000004', lid },
      chat_id: lid,
    });
    const { id: second } = await deliver('by number', { from: '628444000004' });
    expect((await received(second)).from).toMatchObject({ phone: '628444000004', lid });
    const { id: third } = await deliver('nobody knows me', { from: '99001122334455@lid' });
    expect((await received(third)).from).toEqual({ lid: '99001122334455@lid' });
    lab.simulator.react(id, lid, '🤝');
    const reaction = await station.until('message.reaction', (e) => e.emoji === '🤝');
    expect(reaction.from).toEqual({ phone: '628444000004', lid });
  });

  it('reports votes, a change of mind, and their end', async () => {
    const { id } = await deliver({ kind: 'poll', question: 'Now?', options: ['a', 'b'] });
    await received(id);
    lab.simulator.vote(id, friend, [1]);
    expect(await station.until('message.poll_vote', (e) => e.options.includes('b'))).toMatchObject({
      provider_message_id: keyOf(id),
      from: { phone: friend },
      chat_id: `${friend}@c.us`,
      options: ['b'],
    });
    lab.simulator.vote(id, friend, []);
    await station.until('message.poll_vote', (e) => e.options.length === 0);
  });

  it('lets calls and read chats pass without a report or a fault', async () => {
    const before = station.events.length;
    lab.simulator.phone(me).call(friend, { id: 'CALL1' });
    await station.provider.markRead?.markRead(friend, undefined, AbortSignal.timeout(20_000));
    await settle();
    expect(station.events.slice(before).map((event) => event.type)).toEqual(['message.received']);
    expect(station.log.filter((line) => line.level === 'error')).toEqual([]);
  });

  it('tells how far a message is, by every acknowledgement', async () => {
    const sending = send(station, friend, 'step by step');
    await expect.poll(() => lab.simulator.effects.at(-1)?.text).toBe('step by step');
    const id = lab.simulator.effects.at(-1)?.id ?? '';
    lab.simulator.acknowledge(id, 1);
    const outcome = await sending;
    const key = `true_${friend}@c.us_${id}`;
    expect(outcome).toEqual({ status: 'sent', provider_message_id: key });
    for (const [level, status] of [
      [2, 'delivered'],
      [3, 'read'],
      [4, 'played'],
    ] as const) {
      lab.simulator.acknowledge(id, level);
      await station.until(
        'message.receipt',
        (e) => e.provider_message_id === key && e.status === status,
      );
    }
  });

  it('fetches media, and says so when it is gone, refused or late', async () => {
    const media = { data: pixel, mimetype: 'image/png', filename: 'a.png' };
    const { id } = await deliver({ kind: 'image', media });
    const message = await received(id);
    const download = () =>
      station.provider.mediaDownload?.download(
        message.media?.id ?? '',
        AbortSignal.timeout(20_000),
      );
    const got = await download();
    expect(Buffer.from(got?.data ?? []).toString('base64')).toBe(pixel);
    expect(got).toMatchObject({ mimeType: 'image/png', filename: 'a.png' });
    const { id: big } = await deliver({
      kind: 'document',
      media: { data: Buffer.alloc(300_000).toString('base64'), mimetype: 'application/zip' },
    });
    const huge = await received(big);
    await expect(
      station.provider.mediaDownload?.download(huge.media?.id ?? '', AbortSignal.timeout(20_000)),
    ).rejects.toMatchObject({
      code: 'media_unavailable',
      message: expect.stringContaining('larger'),
    });
    for (const fault of ['missing', 'error'] as const) {
      const { id: other } = await deliver({ kind: 'image', media });
      const lost = await received(other);
      lab.simulator.setFaults({ download: fault });
      await expect(
        station.provider.mediaDownload?.download(lost.media?.id ?? '', AbortSignal.timeout(20_000)),
      ).rejects.toMatchObject({ code: 'media_unavailable' });
      lab.simulator.clearFaults();
    }
  });
});
