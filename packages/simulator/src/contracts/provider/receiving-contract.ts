import { type InboundMessage, parseRecipient } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { type ContractContext, need } from './contract-context';
import type { Recording } from './recording';
import { pixel } from './sample-messages';

const key = (chat: string): string => parseRecipient(chat).key;

/** What comes in, once each, and what is shown in chats. */
export function receivingContract({ bench, lacks }: ContractContext): void {
  describe('receiving', () => {
    it('reports a text once, with a chat that can be answered to', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const { received } = hearing(run.recording, timeoutMs);

      const id = await world.deliverText(run.session, people[0], 'good morning');
      const message = await received(id);
      expect(message).toMatchObject({ type: 'text', text: { body: 'good morning' } });
      expect(message.is_group).toBe(false);
      expect(Math.abs(Date.parse(message.timestamp) - Date.now())).toBeLessThan(120_000);

      const effects = await bench().watchEffects(run);
      const answer = { type: 'text', text: { body: 'good morning to you' } } as const;
      const outcome = await bench().send(run, message.chat_id, answer, { replyTo: id });
      expect(outcome.status).toBe('sent');
      expect(await effects()).toMatchObject([{ to: people[0] }]);

      // What comes after it shows that nothing comes twice.
      await received(await world.deliverText(run.session, people[1], 'and another'));
      const same = run.recording
        .all('message.received')
        .filter((event) => event.message.provider_message_id === id);
      expect(same).toHaveLength(1);
    });

    it.skipIf(lacks('echo'))('reports what is written on the phone as an echo', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const write = need(world.writeFromPhone, 'writeFromPhone').bind(world);
      const id = await write(run.session, people[0], 'from the phone');
      const echo = await run.recording.next(
        'message.echo',
        timeoutMs,
        (event) => event.message.provider_message_id === id,
      );
      expect(echo.message).toMatchObject({ type: 'text', text: { body: 'from the phone' } });
      expect(key(echo.message.chat_id)).toBe(people[0]);
      const received = run.recording.all('message.received');
      expect(received.filter((event) => event.message.provider_message_id === id)).toEqual([]);
    });

    it.skipIf(lacks('reactions'))('reports a reaction, and its end', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const react = need(world.react, 'react').bind(world);
      const text = { type: 'text', text: { body: 'like it?' } } as const;
      const outcome = await bench().send(run, people[0], text);
      const id = outcome.status === 'sent' ? outcome.provider_message_id : '';
      const heard = (emoji: string) =>
        run.recording.next(
          'message.reaction',
          timeoutMs,
          (event) => event.provider_message_id === id && event.emoji === emoji,
        );
      await react(run.session, id, people[0], '👍');
      const reaction = await heard('👍');
      expect(key(reaction.chat_id)).toBe(people[0]);
      expect(Date.parse(reaction.timestamp)).not.toBeNaN();
      await react(run.session, id, people[0], '');
      await heard('');
    });

    it.skipIf(lacks('poll_votes'))('reports votes in a poll, and their end', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const vote = need(world.vote, 'vote').bind(world);
      const poll = { name: 'When?', options: ['Now', 'Later'], selectable_count: 2 };
      const outcome = await bench().send(run, people[0], { type: 'poll', poll });
      const id = outcome.status === 'sent' ? outcome.provider_message_id : '';
      for (const options of [['Later'], ['Now', 'Later'], []]) {
        await vote(run.session, id, people[0], options);
        const heard = await run.recording.next(
          'message.poll_vote',
          timeoutMs,
          (event) => event.provider_message_id === id && event.options.join() === options.join(),
        );
        expect(key(heard.chat_id)).toBe(people[0]);
        expect(Date.parse(heard.timestamp)).not.toBeNaN();
      }
    });

    it.skipIf(lacks('edits'))('reports a changed message', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const id = await world.deliverText(run.session, people[0], 'to be canged');
      await hearing(run.recording, timeoutMs).received(id);
      await need(world.edit, 'edit').call(world, run.session, id, 'to be changed');
      const edited = await run.recording.next(
        'message.edited',
        timeoutMs,
        (event) => event.provider_message_id === id,
      );
      expect(edited.text).toBe('to be changed');
      expect(key(edited.chat_id)).toBe(people[0]);
    });

    it.skipIf(lacks('revokes'))('reports a message that was taken back', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const id = await world.deliverText(run.session, people[0], 'to be taken back');
      await hearing(run.recording, timeoutMs).received(id);
      await need(world.revoke, 'revoke').call(world, run.session, id);
      const revoked = await run.recording.next(
        'message.revoked',
        timeoutMs,
        (event) => event.provider_message_id === id,
      );
      expect(key(revoked.chat_id)).toBe(people[0]);
    });

    it.skipIf(lacks('media_download'))(
      'fetches media, and says so when there is none',
      async () => {
        const { harness, timeoutMs } = bench();
        const { world, people } = harness;
        const run = await bench().ready('first');
        const download = need(run.provider.mediaDownload, 'mediaDownload ability');
        const image = { data: pixel, mimeType: 'image/png' };
        const deliver = need(world.deliverImage, 'deliverImage').bind(world);
        const id = await deliver(run.session, people[0], image);
        const message = await hearing(run.recording, timeoutMs).received(id);
        expect(message).toMatchObject({ type: 'image', media: { mime_type: 'image/png' } });
        const signal = AbortSignal.timeout(timeoutMs);
        const media = await download.download(message.media?.id ?? '', signal);
        expect(media.mimeType).toBe('image/png');
        expect(Buffer.from(media.data).equals(pixel)).toBe(true);
        await expect(download.download('no-such-media', signal)).rejects.toMatchObject({
          code: 'media_unavailable',
        });
      },
    );
  });

  describe('gestures', () => {
    it.skipIf(lacks('typing'))('shows that somebody writes, and that he stopped', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const typing = need(run.provider.typing, 'typing ability');
      const seen = need(world.typing, 'typing').bind(world);
      for (const state of ['typing', 'recording', 'paused'] as const) {
        await typing.setTyping(people[0], state, AbortSignal.timeout(timeoutMs));
      }
      const shown = async () =>
        (await seen(run.session))
          .filter(({ chat }) => key(chat) === people[0])
          .map(({ state }) => state);
      await expect.poll(shown, { timeout: timeoutMs }).toEqual(['typing', 'recording', 'paused']);
    });

    it.skipIf(lacks('mark_read'))('marks a chat as read', async () => {
      const { harness, timeoutMs } = bench();
      const { world, people } = harness;
      const run = await bench().ready('first');
      const markRead = need(run.provider.markRead, 'markRead ability');
      const reads = need(world.reads, 'reads').bind(world);
      const before = (await reads(run.session)).length;
      const id = await world.deliverText(run.session, people[1], 'read me');
      const { chat_id } = await hearing(run.recording, timeoutMs).received(id);
      await markRead.markRead(chat_id, id, AbortSignal.timeout(timeoutMs));
      const since = async () => (await reads(run.session)).slice(before).map(key);
      await expect.poll(since, { timeout: timeoutMs }).toContain(people[1]);
    });
  });

  it('keeps two sessions apart', async () => {
    const { harness, timeoutMs } = bench();
    const { world, people } = harness;
    const [first, second] = [await bench().ready('first'), await bench().ready('second')];
    const one = await world.deliverText(first.session, people[0], 'for the first');
    const two = await world.deliverText(second.session, people[0], 'for the second');
    await hearing(first.recording, timeoutMs).received(one);
    await hearing(second.recording, timeoutMs).received(two);
    const ids = (run: typeof first) =>
      run.recording.all('message.received').map(({ message }) => message.provider_message_id);
    expect(ids(first)).not.toContain(two);
    expect(ids(second)).not.toContain(one);

    const effects = await bench().watchEffects(first);
    const text = { type: 'text', text: { body: 'from the second' } } as const;
    expect((await bench().send(second, people[0], text)).status).toBe('sent');
    expect(await effects()).toEqual([]);
  });
}

/** Waits for inbound messages. */
function hearing(
  recording: Recording,
  timeoutMs: number,
): { readonly received: (id: string) => Promise<InboundMessage> } {
  const received = async (id: string): Promise<InboundMessage> => {
    const event = await recording.next('message.received', timeoutMs, ({ message }) => {
      return message.provider_message_id === id;
    });
    return event.message;
  };
  return { received };
}
