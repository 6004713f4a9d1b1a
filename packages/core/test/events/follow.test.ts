import { GatewayError, type GatewayEvent } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

describe('incoming', () => {
  it('publishes what comes in once, whatever WhatsApp tells twice', async () => {
    const { gateway, clock, world, events } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    const id = account.deliverText('6281111111', 'hi');
    account.deliver('6281111111', { provider_message_id: id, type: 'text', text: { body: 'hi' } });
    account.react(id, '6281111111', '👍');
    account.vote(id, '6281111111', ['yes']);
    account.vote(id, '6281111111', ['yes']);
    account.edit(id, 'hello');
    account.revoke(id);
    account.writeFromPhone('6281111111', 'from the phone');
    await clock.advance(100);
    const types = (await events())
      .map((event) => event.type)
      .filter((type) => type.startsWith('message.'));
    expect(types).toEqual([
      'message.received',
      'message.reaction',
      'message.poll_vote',
      'message.edited',
      'message.revoked',
      'message.echo',
    ]);
    expect((await events()).map((event) => event.seq)).toEqual(
      (await events()).map((_, i) => i + 1),
    );
    await clock.play(gateway.stop());
  });

  it('loses no event for another of the same moment that the store refuses for good', async () => {
    const { gateway, clock, world, events, store } = harness();
    await gateway.start();
    await clock.advance(100);
    const append = store.events.append.bind(store.events);
    store.events.append = async (fence, drafts) => {
      if (JSON.stringify(drafts).includes('too large')) {
        throw new GatewayError('payload_too_large', 'The store does not take this event.');
      }
      return await append(fence, drafts);
    };
    const account = world.account('ws', 'main');
    for (const body of ['one', 'too large', 'two']) account.deliverText('6281111111', body);
    await clock.advance(100);
    const bodies = (await events()).flatMap((event) =>
      event.type === 'message.received' ? [bodyOf(event)] : [],
    );
    expect(bodies).toEqual(['one', 'two']);
    await clock.play(gateway.stop());
  });

  it('does not take an echo of its own message for one from the phone', async () => {
    const { gateway, clock, events, text } = harness({ world: { echoes: true } });
    await gateway.start();
    await gateway.workspace('ws').send(text(1));
    await clock.advance(1_000);
    const types = (await events()).map((event) => event.type);
    expect(types.filter((type) => type === 'message.status')).toHaveLength(1);
    expect(types).not.toContain('message.echo');
    await clock.play(gateway.stop());
  });
});

describe('follow', () => {
  it('moves a named reader past what it does not want, too', async () => {
    const { gateway, clock, world, store } = harness();
    await gateway.start();
    await clock.advance(100);
    const controller = new AbortController();
    const options = { consumer: 'bot', types: ['message.received'] } as const;
    const reader = gateway.workspace('ws').follow({ ...options, signal: controller.signal });
    const reading = reader.next();
    await clock.advance(10);
    const account = world.account('ws', 'main');
    const id = account.deliverText('6281111111', 'wanted');
    await reading;
    const next = reader.next();
    account.react(id, '6281111111', '👍');
    await clock.advance(100);
    const { headSeq } = await store.events.bounds('ws');
    expect(await store.events.cursor('ws', 'bot')).toBe(headSeq);
    controller.abort();
    await next;
    await clock.play(gateway.stop());
  });

  it('reads what is there and what comes, at its own speed, and goes on where its name stopped', async () => {
    const { gateway, clock, world } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    const ws = gateway.workspace('ws');
    const read = async (count: number): Promise<string[]> => {
      const bodies: string[] = [];
      const options = { after: undefined, consumer: 'bot', types: ['message.received'] } as const;
      for await (const event of ws.follow(options)) {
        bodies.push(bodyOf(event));
        if (bodies.length === count) break;
      }
      return bodies;
    };
    const first = read(3);
    await clock.advance(1);
    for (const body of ['a', 'b', 'c', 'd']) account.deliverText('6281111111', body);
    await clock.advance(1);
    expect(await first).toEqual(['a', 'b', 'c']);
    // 'c' was taken but never finished with: it comes again.
    expect(await read(2)).toEqual(['c', 'd']);
    await clock.play(gateway.stop());
  });

  it('ends when it is told to', async () => {
    const { gateway, clock } = harness();
    await gateway.start();
    const stop = new AbortController();
    const reading = (async () => {
      let seen = 0;
      for await (const _ of gateway
        .workspace('ws')
        .follow({ after: 'oldest', signal: stop.signal }))
        seen++;
      return seen;
    })();
    await clock.advance(100);
    stop.abort();
    expect(await reading).toBeGreaterThan(0);
    await clock.play(gateway.stop());
  });
});

function bodyOf(event: GatewayEvent): string {
  return event.type === 'message.received' ? (event.data.text?.body ?? '') : '';
}
