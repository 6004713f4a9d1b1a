import { GatewayError } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { ids, post, posting } from './posting';
import { received } from './posting-provider';

const refusals = [
  [
    'refuses for good',
    new GatewayError('payload_too_large', 'The store does not take this event.'),
  ],
  ['fails at in a way that nobody foresaw', new TypeError('a fault of the store')],
] as const;

describe('what came in', () => {
  it.each(refusals)(
    'is not set aside for an event of somebody else that the store %s',
    async (_, error) => {
      const under = posting();
      const { gateway, clock, store, world } = under;
      await gateway.start();
      await clock.advance(10);
      const append = store.events.append.bind(store.events);
      store.events.append = async (fence, drafts) => {
        await new Promise<void>((resolve) => void clock.schedule(100, resolve));
        if (JSON.stringify(drafts).includes('too large')) throw error;
        return append(fence, drafts);
      };
      // Reported by the provider itself, and lost while the entry is being read.
      world.account('ws', 'main').deliverText('62811', 'too large');
      await post(gateway, 'ws', [{ account: '1', events: [received('a')] }]);
      await clock.advance(60_000);
      expect(await ids(under)).toEqual(['main:a']);
      expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 0 });
      await clock.play(gateway.stop());
    },
  );

  it('is set aside alone for what it says itself, whatever it shares a write with', async () => {
    const under = posting();
    const { gateway, clock, store } = under;
    await gateway.start();
    await clock.advance(10);
    const append = store.events.append.bind(store.events);
    store.events.append = async (fence, drafts) => {
      if (JSON.stringify(drafts).includes('odd')) throw new TypeError('a fault of the store');
      return append(fence, drafts);
    };
    await post(gateway, 'ws', [
      { account: '1', events: [received('a'), received('b', 'odd'), received('c')] },
      { account: '1', events: [received('d')] },
    ]);
    await clock.advance(10);
    // It may pass: what it says is kept until then, and nothing else waits for it.
    expect(await ids(under)).toEqual(['main:a', 'main:c', 'main:d']);
    expect(await store.intake.depth()).toEqual({ waiting: 1, quarantined: 0 });
    await clock.advance(600_000);
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 1 });
    const [aside] = await gateway.intake.quarantined('ws', { limit: 10 });
    expect(aside?.body).toContain('odd');
    expect(await ids(under)).toEqual(['main:a', 'main:c', 'main:d']);
    await clock.play(gateway.stop());
  });
});
