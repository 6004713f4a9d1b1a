import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client, Message } from 'whatsapp-web.js';
import { type Content, WebSimulator } from '../../src/web/index';
import { acknowledged, Browsers, Location, MessageMedia, next, Poll } from './support/browser';

const number = '628111000111';
const customer = '628222000222';
const chatId = `${customer}@c.us`;
/** One red pixel. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const vcard = 'BEGIN:VCARD\nVERSION:3.0\nFN:Siti\nTEL;waid=628222000222:+628222000222\nEND:VCARD';

describe('every kind of message', () => {
  const simulator = new WebSimulator({
    timings: {
      bootMs: 20,
      openMs: 20,
      // Later than the library listens, on a busy machine too: it misses what comes before.
      syncMs: 1_500,
      pairMs: 20,
      sendMs: 10,
      deliverMs: 10,
      readMs: 10,
    },
  });
  const browsers = new Browsers();
  let client: Client;

  beforeAll(async () => {
    await simulator.start();
    simulator.addContact({ number: customer, name: 'Siti Aminah', pushname: 'Siti' });
    client = await browsers.client(simulator, 'messages');
    const [[qr]] = await Promise.all([next<[string]>(client, 'qr'), client.initialize()]);
    const ready = next(client, 'ready');
    await simulator.scan(qr, { number, name: 'Toko' });
    await ready;
  });
  afterAll(async () => {
    await browsers[Symbol.asyncDispose]();
    await simulator.stop();
  });

  const lastEffect = () => simulator.effects.at(-1);

  /** Sends and waits until the server has it. */
  async function send(...args: Parameters<Client['sendMessage']>): Promise<Message> {
    const sent = await client.sendMessage(...args);
    const accepted = (): boolean => simulator.effects.some((effect) => effect.id === sent.id.id);
    await expect.poll(accepted, { interval: 5 }).toBe(true);
    return sent;
  }

  /** Delivers and answers what whatsapp-web.js makes of it. */
  async function hear(content: Content | string, extra: object = {}): Promise<Message> {
    const heard = next<[Message]>(client, 'message');
    await simulator.deliver({ to: number, from: customer, content, ...extra });
    return (await heard)[0];
  }

  it.each([
    ['image', 'image/png', {}, 'image'],
    ['video', 'video/mp4', {}, 'video'],
    ['audio', 'audio/mpeg', {}, 'audio'],
    ['voice', 'audio/ogg; codecs=opus', { sendAudioAsVoice: true }, 'ptt'],
    ['document', 'application/pdf', { sendMediaAsDocument: true }, 'document'],
  ])('sends bytes: %s', async (_name, mimetype, options, type) => {
    const media = new MessageMedia(mimetype, png, 'file.bin');
    const sent = await send(chatId, media, { ...options, caption: 'look' });
    expect(sent).toMatchObject({ type, hasMedia: true, body: 'look' });
    const kept = simulator.phone(number).message(sent.id._serialized);
    const stored = await simulator.media(kept?.mediaPath as string);
    expect(Buffer.from(stored?.bytes ?? []).toString('base64')).toBe(png);
    expect(kept?.fields.filehash).toBe(
      createHash('sha256').update(Buffer.from(png, 'base64')).digest('base64'),
    );
  });

  it('tells when the bytes of an own message are uploaded', async () => {
    const wanted = (message: Message): boolean => message.body === 'uploaded';
    const uploaded = next<[Message]>(client, 'media_uploaded', wanted);
    const sent = await client.sendMessage(chatId, new MessageMedia('image/png', png), {
      caption: 'uploaded',
    });
    expect((await uploaded)[0].id._serialized).toBe(sent.id._serialized);
  });

  it('sends a sticker', async () => {
    const webp = Buffer.from(
      'RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0',
      'latin1',
    );
    const media = new MessageMedia('image/webp', webp.toString('base64'), 's.webp');
    expect(await send(chatId, media, { sendMediaAsSticker: true })).toMatchObject({
      type: 'sticker',
      hasMedia: true,
    });
  });

  it('sends a location, contacts and a poll', async () => {
    const place = await send(
      chatId,
      new Location(-6.2, 106.8, { name: 'Monas', address: 'Jakarta' }),
    );
    expect(place).toMatchObject({
      type: 'location',
      location: { latitude: -6.2, description: 'Monas\nJakarta' },
    });
    const contact = await client.getContactById(chatId);
    expect(contact).toMatchObject({ name: 'Siti Aminah', pushname: 'Siti', isMyContact: true });
    const card = await send(chatId, contact);
    expect(card.vCards[0]).toContain('TEL;type=CELL;waid=628222000222:+628222000222');
    expect(await send(chatId, [contact, contact])).toMatchObject({ type: 'multi_vcard' });
    expect(await send(chatId, vcard)).toMatchObject({ type: 'vcard' });
    const poll = await send(
      chatId,
      new Poll('Rasa?', ['manis', 'asin'], { allowMultipleAnswers: true } as never),
    );
    expect(lastEffect()).toMatchObject({ kind: 'poll_creation', text: 'Rasa?' });
    const voted = next(client, 'vote_update');
    simulator.vote(poll.id._serialized, customer, [1]);
    expect((await voted)[0]).toMatchObject({
      selectedOptions: [{ name: 'asin' }],
      voter: { user: customer },
    });
  });

  it('sends replies, mentions, link previews and forwards', async () => {
    const question = await hear('Berapa?');
    const [, answer] = await Promise.all([
      next(simulator, 'sent'),
      question.reply('Lima ribu https://example.com/harga', undefined, { mentions: [chatId] }),
    ]);
    expect(simulator.phone(number).message(answer.id._serialized)).toMatchObject({
      quoted: question.id.id,
      mentions: [customer],
      fields: { title: 'example.com' },
    });
    expect(answer.links).toEqual([{ link: 'https://example.com/harga', isSuspicious: false }]);
    expect((await answer.getQuotedMessage()).body).toBe('Berapa?');
    const forwarded = next(simulator, 'sent');
    await question.forward('628333000333@c.us');
    expect((await forwarded)[0]).toMatchObject({
      message: { chat: '628333000333', text: 'Berapa?', fields: { isForwarded: true } },
    });
  });

  it('reacts, edits and revokes', async () => {
    const sent = await send(chatId, 'salah ketik');
    await acknowledged(client, () => sent.id._serialized, 1).catch(() => undefined);
    await sent.edit('benar');
    expect(lastEffect()).toMatchObject({ action: 'edit', id: sent.id.id, text: 'benar' });
    const reacted = next(client, 'message_reaction');
    await sent.react('👍');
    expect((await reacted)[0]).toMatchObject({ reaction: '👍', senderId: `${number}@c.us` });
    expect(simulator.phone(number).message(sent.id.id)).toMatchObject({
      text: 'benar',
      reactions: { [number]: '👍' },
    });
    await sent.delete(true);
    expect(lastEffect()).toMatchObject({ action: 'revoke', id: sent.id.id });
    expect((await client.getMessageById(sent.id._serialized)).type).toBe('revoked');
  });

  it('hears texts with quotes, mentions and forwarding', async () => {
    const sent = await send(chatId, 'Promo!');
    const heard = await hear('Mau', {
      quoted: sent.id._serialized,
      mentions: [number],
      forwarded: true,
      pushname: 'Bu Siti',
    });
    expect(heard).toMatchObject({
      body: 'Mau',
      hasQuotedMsg: true,
      isForwarded: true,
      deviceType: 'android',
    });
    expect((await heard.getQuotedMessage()).id._serialized).toBe(sent.id._serialized);
    expect((await heard.getMentions())[0]?.id._serialized).toBe(`${number}@c.us`);
  });

  it.each(['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const)(
    'hears bytes: %s',
    async (kind) => {
      const media = { data: png, mimetype: 'image/png', filename: 'a.png' };
      const heard = await hear({ kind, media, caption: 'ini' });
      expect(heard).toMatchObject({
        type: kind === 'voice' ? 'ptt' : kind,
        hasMedia: true,
        body: 'ini',
      });
      expect(await heard.downloadMedia()).toMatchObject({
        data: png,
        mimetype: 'image/png',
        filename: 'a.png',
      });
    },
  );

  it('cannot download what is gone', async () => {
    const heard = await hear({ kind: 'image', media: { data: png, mimetype: 'image/png' } });
    simulator.setFaults({ download: 'missing' });
    expect(await heard.downloadMedia()).toBeUndefined();
    simulator.clearFaults();
  });

  it('hears locations, contacts and polls', async () => {
    expect(
      await hear({ kind: 'location', latitude: 1.5, longitude: 2, name: 'Toko' }),
    ).toMatchObject({ location: { latitude: 1.5, description: 'Toko' } });
    expect((await hear({ kind: 'contacts', vcards: [vcard] })).vCards).toEqual([vcard]);
    expect((await hear({ kind: 'contacts', vcards: [vcard, vcard] })).vCards).toHaveLength(2);
    const poll = await hear({ kind: 'poll', question: 'Kapan?', options: ['pagi', 'sore'] });
    expect(poll).toMatchObject({ pollName: 'Kapan?', allowMultipleAnswers: false });
    await poll.vote(['sore']);
    expect(lastEffect()).toMatchObject({ action: 'vote', id: poll.id.id });
  });

  it('hears edits, revocations and reactions', async () => {
    const heard = await hear('lama');
    const edited = next(client, 'message_edit');
    simulator.edit(heard.id.id, 'baru');
    expect((await edited).slice(1)).toEqual(['baru', 'lama']);
    const reacted = next(client, 'message_reaction');
    simulator.react(heard.id.id, customer, '🙏');
    expect((await reacted)[0]).toMatchObject({
      reaction: '🙏',
      senderId: chatId,
      msgId: { id: heard.id.id },
    });
    await heard.reload();
    expect(await heard.getReactions()).toMatchObject([
      { aggregateEmoji: '🙏', senders: [{ senderId: chatId }] },
    ]);
    const revoked = next<[Message, Message]>(client, 'message_revoke_everyone');
    simulator.revoke(heard.id.id);
    expect((await revoked)[1].body).toBe('baru');
  });

  it('hears what could not be decrypted at first', async () => {
    const cipher = next<[Message]>(client, 'message_ciphertext');
    const { id } = await simulator.deliver({
      to: number,
      from: customer,
      content: { kind: 'ciphertext' },
    });
    await cipher;
    const heard = next<[Message]>(client, 'message');
    await simulator.decrypt(id, { kind: 'text', text: 'rahasia' });
    expect((await heard)[0].body).toBe('rahasia');
  });

  it('shows what the owner writes on the phone itself', async () => {
    const own = next<[Message]>(client, 'message_create', (message) => message.body === 'dari HP');
    await simulator.phone(number).send(customer, 'dari HP');
    expect((await own)[0].fromMe).toBe(true);
  });

  it('types, records and stops', async () => {
    const chat = await client.getChatById(chatId);
    for (const [act, state] of [
      ['sendStateTyping', 'composing'],
      ['sendStateRecording', 'recording'],
      ['clearState', 'paused'],
    ] as const) {
      const typed = next(simulator, 'typing');
      await chat[act]();
      expect(await typed).toEqual([{ number, to: customer, state }]);
    }
  });

  it('finds earlier messages page by page', async () => {
    const from = '628777000777';
    for (let index = 0; index < 70; index += 1) {
      await simulator.deliver({
        to: number,
        from,
        content: `old ${index}`,
        time: 1_700_000_000 + index,
        history: true,
      });
    }
    const chat = await client.getChatById(`${from}@c.us`);
    expect(await chat.fetchMessages({ limit: 65 })).toHaveLength(65);
    expect((await chat.fetchMessages({ limit: 100 })).at(0)?.body).toBe('old 0');
    expect(await client.searchMessages('old 69')).toHaveLength(1);
  });

  it('archives, pins, mutes, marks unread, clears and deletes', async () => {
    const chat = await client.getChatById(chatId);
    const archived = next(client, 'chat_archived');
    await chat.archive();
    await archived;
    expect(await chat.pin()).toBe(true);
    expect(await chat.mute()).toMatchObject({ isMuted: true });
    expect(await chat.unmute()).toMatchObject({ isMuted: false });
    await chat.markUnread();
    expect(await client.getChatById(chatId)).toMatchObject({
      archived: true,
      pinned: true,
      unreadCount: -1,
    });
    await chat.clearMessages();
    expect(await chat.fetchMessages({ limit: 5 })).toEqual([]);
    await chat.delete();
    expect((await client.getChats()).map((one) => one.id._serialized)).not.toContain(chatId);
  });

  it('knows people without a number', async () => {
    simulator.addContact({ lid: '99887766@lid', pushname: 'Anonim' });
    const heard = next<[Message]>(client, 'message');
    await simulator.deliver({ to: number, from: '99887766@lid', content: 'hai' });
    const [message] = await heard;
    expect(message.from).toBe('99887766@lid');
    const [, answer] = await Promise.all([next(simulator, 'sent'), message.reply('ya')]);
    expect(answer.to).toBe('99887766@lid');
    expect(await message.getContact()).toMatchObject({ pushname: 'Anonim' });
  });

  it('files a chat with a number under the hidden id when WhatsApp has moved it', async () => {
    const [moved, lid] = ['628666000666', '44556677@lid'];
    simulator.addContact({ number: moved, lid, byLid: true });
    const [, answer] = await Promise.all([
      next(simulator, 'sent'),
      client.sendMessage(`${moved}@c.us`, 'pindah'),
    ]);
    expect([answer.to, answer.id.remote]).toEqual([lid, lid]);
    const heard = next<[Message]>(client, 'message');
    await simulator.deliver({ to: number, from: moved, content: 'sudah' });
    expect((await heard)[0].from).toBe(lid);
    expect(simulator.phone(number).messages(moved)).toHaveLength(2);
  });

  it('writes and hears in groups', async () => {
    const group = simulator.addGroup({
      subject: 'Arisan',
      participants: [customer, number, '628555000555'],
    });
    const heard = next<[Message]>(client, 'message');
    await simulator.deliver({
      to: number,
      group: group.jid,
      from: customer,
      content: 'halo semua',
    });
    const [message] = await heard;
    expect(message).toMatchObject({ from: group.jid, author: chatId });
    const chat = await message.getChat();
    expect(chat).toMatchObject({ name: 'Arisan', isGroup: true });
    expect((chat as unknown as { participants: unknown[] }).participants).toHaveLength(3);
    const sent = await send(group.jid, 'siap');
    expect(sent).toMatchObject({ to: group.jid, id: { participant: { user: number } } });
    expect(lastEffect()).toMatchObject({ to: group.jid, text: 'siap' });
  });

  it('rings', async () => {
    const ringing = next(client, 'call');
    simulator.phone(number).call(customer, { id: 'CALL1', video: true });
    expect((await ringing)[0]).toMatchObject({ id: 'CALL1', isVideo: true });
  });
});

describe('two accounts', () => {
  it('talk to each other, and acknowledge for real', async () => {
    await using simulator = new WebSimulator({
      timings: { bootMs: 20, openMs: 20, syncMs: 1_500, pairMs: 20 },
    });
    await using browsers = new Browsers();
    await simulator.start();
    const numbers = ['628111000111', '628222000222'] as const;
    const clients = await Promise.all(
      numbers.map(async (one) => {
        const client = await browsers.client(simulator, one);
        const [[qr]] = await Promise.all([next<[string]>(client, 'qr'), client.initialize()]);
        const ready = next(client, 'ready');
        await simulator.scan(qr, { number: one, name: `Akun ${one}` });
        await ready;
        return client;
      }),
    );
    const [a, b] = clients as [Client, Client];
    const heard = next<[Message]>(b, 'message');
    const device = next<[Message, number]>(a, 'message_ack', (_message, ack) => ack === 2);
    await a.sendMessage(`${numbers[1]}@c.us`, 'halo tetangga');
    const [message] = await heard;
    expect(message).toMatchObject({ body: 'halo tetangga', from: `${numbers[0]}@c.us` });
    await device;
    const read = next<[Message, number]>(a, 'message_ack', (_message, ack) => ack === 3);
    await (await message.getChat()).sendSeen();
    await read;
  });
});
