import { GatewayError, isGatewayError, type SendOutcome } from '@blazz/core';
import type { ScriptedSend } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { Lab, text, windowClosed } from '../support/lab';

const closed = new GatewayError('rejected', 'The token has expired (Graph 190).');

/** What a member can do with a message, whether it goes on, and what the first member's WhatsApp got. */
const table: readonly (readonly [string, ScriptedSend, 'stay' | 'hop', number])[] = [
  ['sent', { outcome: 'sent' }, 'stay', 1],
  ['sent, late', { outcome: 'sent', afterMs: 500 }, 'stay', 1],
  ['unknown, taken', { outcome: 'unknown', effect: true }, 'stay', 1],
  ['unknown, taken, with an id', { outcome: 'unknown', effect: true, id: true }, 'stay', 1],
  ['unknown, lost', { outcome: 'unknown', effect: false }, 'stay', 0],
  ['throws, taken', { outcome: 'throw', effect: true }, 'stay', 1],
  ['throws, lost', { outcome: 'throw', effect: false, error: 'a bare string' }, 'stay', 0],
  ['rejected', { outcome: 'rejected' }, 'stay', 0],
  ['rejected, message', { outcome: 'rejected', scope: 'message', afterMs: 5 }, 'stay', 0],
  ['rejected, channel', { outcome: 'rejected', scope: 'channel', error: closed }, 'hop', 0],
  ['not sent', { outcome: 'not_sent' }, 'hop', 0],
  ['not sent, channel', { outcome: 'not_sent', scope: 'channel', retryAfterMs: 9 }, 'hop', 0],
  ['not sent, pace', { outcome: 'not_sent', scope: 'pace', retryAfterMs: 6_000 }, 'stay', 0],
];

describe('a message on its way over several members', () => {
  it.each(table)('%s at the first: as the table says', async (_, step, next, taken) => {
    const lab = await Lab.up([{}, {}]);
    lab.world(0).nextSends(step);
    const outcome = await lab.clock.play(lab.send());
    expect(lab.effects()).toEqual([taken, next === 'hop' ? 1 : 0]);
    if (next === 'stay') {
      expect(outcome).toMatchObject({ via: 'first' });
      expect(outcome.hops).toBeUndefined();
      expect(lab.world(1).calls).toEqual([]);
    } else {
      expect(outcome).toMatchObject({ status: 'sent', via: 'second' });
      const why = step.outcome === 'rejected' ? closed.message : 'Nothing left; try again.';
      const code = step.outcome === 'rejected' ? 'rejected' : 'not_ready';
      expect(outcome.hops).toEqual([{ from: 'first', to: 'second', code, reason: why }]);
    }
  });

  it.each(table)('%s at the second, after a hop: it ends there', async (_, step, next, taken) => {
    const lab = await Lab.up([{}, {}, {}]);
    lab.world(0).nextSends({ outcome: 'not_sent' });
    lab.world(1).nextSends(step);
    const outcome = await lab.clock.play(lab.send());
    expect(lab.effects()).toEqual([0, taken, next === 'hop' ? 1 : 0]);
    expect(outcome.via).toBe(next === 'hop' ? 'third' : 'second');
    expect(outcome.hops).toHaveLength(next === 'hop' ? 2 : 1);
  });

  it.each(table)(
    '%s at the first, and the second is away: no outcome is lost',
    async (_, step, next) => {
      const lab = await Lab.up([{}, {}]);
      lab.account(1).interrupt();
      lab.world(0).nextSends(step);
      const alone = await Lab.up([{}, {}]);
      alone.world(0).nextSends(step);
      const outcome = await lab.clock.play(lab.send());
      if (next === 'stay') {
        expect(plain(outcome)).toEqual(plain(await alone.clock.play(alone.send())));
      } else {
        // As long as the second may come back, the message waits.
        expect(outcome).toMatchObject({ status: 'not_sent', via: 'second' });
        expect(outcome.hops).toHaveLength(1);
      }
    },
  );

  it('fails only when every way is closed for certain, and tells why the last one is', async () => {
    const lab = await Lab.up([{}, {}]);
    for (const world of lab.worlds) {
      world.nextSends({ outcome: 'rejected', scope: 'channel', error: closed });
    }
    const outcome = await lab.clock.play(lab.send());
    expect(outcome).toMatchObject({ status: 'rejected', scope: 'channel', error: closed });
    lab.world(0).nextSends({ outcome: 'not_sent', retryAfterMs: 7 });
    lab.world(1).nextSends({ outcome: 'rejected', scope: 'channel', error: closed });
    const hopeful = await lab.clock.play(lab.send());
    expect(hopeful).toMatchObject({ status: 'not_sent', via: 'first', retryAfterMs: 7 });
    expect(hopeful.hops).toMatchObject([{ from: 'first', to: 'second' }]);
  });

  it('begins nothing once it was given up, and hops no more', async () => {
    const lab = await Lab.up([{}, {}]);
    const before = await lab.send(lab.message(), AbortSignal.abort(new Error('given up')));
    expect(before.status).toBe('not_sent');
    const abort = new AbortController();
    lab.world(0).nextSends({ outcome: 'not_sent', afterMs: 1_000 });
    const sending = lab.send(lab.message(), abort.signal);
    await lab.clock.advance(500);
    abort.abort(new Error('given up'));
    await lab.clock.advance(500);
    expect(await sending).toMatchObject({ status: 'not_sent', via: 'first' });
    expect(lab.effects()).toEqual([0, 0]);
    expect(lab.world(1).calls).toEqual([]);
  });

  it('does not send on when the first member dies while it sends', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.world(0).nextSends({ outcome: 'hang', effect: true });
    const sending = lab.send();
    await lab.clock.advance(100);
    lab.account(0).crash();
    expect(await lab.clock.play(sending)).toMatchObject({ status: 'unknown', via: 'first' });
    expect(lab.effects()).toEqual([1, 0]);
    expect(await lab.clock.play(lab.send())).toMatchObject({
      status: 'sent',
      via: 'second',
      hops: [{ from: 'first', to: 'second', code: 'not_ready' }],
    });
  });

  it('passes over who cannot carry a message, where another can, and says so', async () => {
    const lab = await Lab.up([{ messageTypes: ['text'] }, { messageTypes: ['text', 'poll'] }]);
    const poll = { type: 'poll', poll: { name: 'Tea?', options: ['Yes', 'No'] } } as const;
    expect(await lab.clock.play(lab.send(lab.message(poll)))).toMatchObject({
      status: 'sent',
      via: 'second',
      hops: [{ from: 'first', to: 'second', code: 'unsupported_content' }],
    });
    lab.account(1).interrupt();
    const waits = await lab.clock.play(lab.send(lab.message(poll)));
    expect(waits).toMatchObject({ status: 'not_sent', via: 'second' });
    lab.account(0).interrupt();
    lab.account(1).restore();
    await lab.clock.advance(10);
    // Nobody is asked who could not carry it anyway.
    lab.account(0).restore();
    await lab.clock.advance(10);
    expect((await lab.clock.play(lab.send())).hops).toBeUndefined();
    const template = {
      type: 'template',
      template: { name: 'a', language: { code: 'en' } },
    } as const;
    const refused = await lab.clock.play(lab.send(lab.message(template)));
    expect(refused).toMatchObject({ status: 'rejected', error: { code: 'unsupported_content' } });
    expect(refused.hops).toBeUndefined();
  });

  it('answers and reacts where the target is, and media go where their id is known', async () => {
    const lab = await Lab.up([{}, {}]);
    const target = lab.account(1).deliverText('628120000009', 'to the second');
    const reply = await lab.clock.play(lab.send(lab.message('an answer', { reply_to: target })));
    expect(reply).toMatchObject({ status: 'sent', via: 'second' });
    expect(reply.hops).toMatchObject([{ from: 'first', code: 'unsupported_content' }]);
    const reaction = { type: 'reaction', reaction: { message_id: target, emoji: '👍' } } as const;
    expect((await lab.clock.play(lab.send(lab.message(reaction)))).via).toBe('second');
    lab.account(1).interrupt();
    const waits = await lab.clock.play(lab.send(lab.message('again', { reply_to: target })));
    expect(waits).toMatchObject({ status: 'not_sent', via: 'second' });
    // An id that is nobody's for certain may be anybody's.
    const any = lab.message('who knows', { reply_to: 'elsewhere' });
    expect((await lab.clock.play(lab.send(any))).via).toBe('first');
    lab.account(1).restore();
    await lab.clock.advance(10);
    const image = { type: 'image', image: { id: 'second:4711', caption: 'x' } } as const;
    expect((await lab.clock.play(lab.send(lab.message(image)))).via).toBe('second');
    expect(lab.world(1).effects.at(-1)?.content).toEqual({
      type: 'image',
      image: { id: '4711', caption: 'x' },
    });
  });

  it('asks the members for a send that nobody can tell of: the one that carried it, where that is known', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.world(1).script(() => ({ outcome: 'unknown', effect: true }));
    lab.world(0).script(() => ({ outcome: 'not_sent' }));
    const message = lab.message();
    const outcome = await lab.clock.play(lab.send(message));
    expect(outcome).toMatchObject({ status: 'unknown', via: 'second' });
    const { signal } = new AbortController();
    const { reconciliation } = lab.provider;
    const [effect] = lab.world(1).effects;
    const found = {
      status: 'sent',
      provider_message_id: effect?.provider_message_id,
      via: 'second',
    };
    expect(await reconciliation?.reconcile(message, lab.attempt(), signal)).toEqual(found);
    const wrong = { ...lab.attempt(), via: 'first' };
    expect(await reconciliation?.reconcile(message, wrong, signal)).toBeUndefined();
  });
});

describe('the 24-hour window', () => {
  const settings = { window_template: { name: 'follow_up', language: 'en_US' } };
  const refuse = { outcome: 'rejected', error: windowClosed } as const;

  it('is a refusal of the message: without a template it fails, and nobody else is asked', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.world(0).nextSends(refuse);
    const outcome = await lab.clock.play(lab.send());
    expect(outcome).toMatchObject({ status: 'rejected', error: windowClosed, via: 'first' });
    expect(outcome.hops).toBeUndefined();
    expect(lab.effects()).toEqual([0, 0]);
  });

  it('lets a text go out as the approved template, by the same member, once', async () => {
    const lab = await Lab.up([{}, {}], { settings });
    lab.world(0).nextSends(refuse);
    const outcome = await lab.clock.play(lab.send(lab.message('Your  order\nis $& here')));
    expect(outcome).toMatchObject({ status: 'sent', via: 'first' });
    expect(outcome.hops).toMatchObject([
      {
        from: 'first',
        to: 'first',
        code: 'rejected',
        reason: expect.stringContaining('follow_up'),
      },
    ]);
    expect(lab.effects()).toEqual([1, 0]);
    expect(lab.world(0).effects[0]?.content).toEqual({
      type: 'template',
      template: {
        name: 'follow_up',
        language: { code: 'en_US' },
        components: [
          { type: 'body', parameters: [{ type: 'text', text: 'Your order is $& here' }] },
        ],
      },
    });
  });

  it.each([
    ['sent', { outcome: 'sent' }, 'sent'],
    ['refused', { outcome: 'rejected' }, 'rejected'],
    ['refused for the window again', refuse, 'rejected'],
    ['refused by the channel', { outcome: 'rejected', scope: 'channel' }, 'rejected'],
    ['not sent', { outcome: 'not_sent' }, 'not_sent'],
    ['unknown', { outcome: 'unknown', effect: true }, 'unknown'],
  ] as const)('asks nobody else, whatever becomes of the template: %s', async (_, step, status) => {
    const lab = await Lab.up([{}, {}], { settings });
    lab.world(0).nextSends(refuse, step);
    expect(await lab.clock.play(lab.send())).toMatchObject({ status, via: 'first' });
    expect(lab.world(0).calls).toHaveLength(2);
    expect(lab.world(1).calls).toEqual([]);
  });

  it('maps nothing but texts, and only where templates can be sent', async () => {
    const lab = await Lab.up([{ messageTypes: ['text', 'poll'] }, {}], { settings });
    lab.world(0).nextSends(refuse);
    expect((await lab.clock.play(lab.send())).status).toBe('rejected');
    const other = await Lab.up([{}, {}], { settings });
    other.world(0).nextSends(refuse);
    const poll = { type: 'poll', poll: { name: 'Tea?', options: ['Yes', 'No'] } } as const;
    expect((await other.clock.play(other.send(other.message(poll)))).status).toBe('rejected');
    expect(other.world(0).calls).toHaveLength(1);
  });

  it('fills the text in wherever the components name it', async () => {
    const components = [
      { type: 'header', parameters: [{ type: 'text', text: 'News' }] },
      {
        type: 'body',
        parameters: [{ type: 'text', parameter_name: 'news', text: '» {{text}} «' }],
      },
    ];
    const template = { ...settings.window_template, components };
    const lab = await Lab.up([{}, {}], { settings: { window_template: template } });
    lab.world(0).nextSends(refuse);
    await lab.clock.play(lab.send(lab.message(text('here'))));
    expect(lab.world(0).effects[0]?.content).toMatchObject({
      template: { components: [components[0], { parameters: [{ text: '» here «' }] }] },
    });
  });
});

function plain(outcome: SendOutcome): unknown {
  const { error, ...rest } = { error: undefined, ...outcome };
  return { ...rest, code: isGatewayError(error) ? error.code : undefined };
}
