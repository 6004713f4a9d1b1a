import type { MessageRecord, ProviderFactory } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { expect, it } from 'vitest';
import { harness } from '../harness';

it('looks into every unknown send once the session is ready again, however many there are', async () => {
  const { gateway, clock, world, text, store } = harness({
    provider: { pace: { concurrency: 64 } },
  });
  await gateway.start();
  const ws = gateway.workspace('ws');
  await clock.advance(10);
  const account = world.account('ws', 'main');
  // Every second one arrived; nobody was told which.
  const steps = Array.from({ length: 230 }, (_, i) => ({
    outcome: 'unknown' as const,
    effect: i % 2 === 0,
  }));
  world.nextSends(...steps);
  for (let i = 0; i < steps.length; i++) await ws.send(text(`62812${1_000_000 + i}`));
  await clock.advance(1_000);
  const unknown = async (): Promise<readonly MessageRecord[]> => {
    const query = { sessionId: 'main', status: 'unknown', limit: 200 } as const;
    return await store.outbox.list('ws', query);
  };
  expect(await unknown()).toHaveLength(200);
  const effects = world.effects.length;
  account.interrupt();
  await clock.advance(10);
  account.restore();
  await clock.advance(1_000);
  expect(await unknown()).toHaveLength(steps.length / 2);
  // It looks, and never sends.
  expect(world.effects).toHaveLength(effects);
  await clock.play(gateway.stop());
});

it('settles the attempt that it looked into, though somebody had the message sent again meanwhile', async () => {
  let found: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    found = resolve;
  });
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ clock, receipts: {} });
  world.account('ws', 'main').link();
  const scripted = scriptedProvider({ world });
  const deliberate: ProviderFactory = {
    ...scripted,
    create(context) {
      const provider = scripted.create(context);
      const { reconciliation } = provider;
      const reconcile: NonNullable<typeof reconciliation>['reconcile'] = async (...about) => {
        const outcome = await reconciliation?.reconcile(...about);
        await slow;
        return outcome;
      };
      return { ...provider, reconciliation: { reconcile } };
    },
  };
  const { gateway, text } = harness({ gateway: { providers: [deliberate], clock } });
  await gateway.start();
  const ws = gateway.workspace('ws');
  await clock.advance(10);
  world.nextSends({ outcome: 'unknown', effect: true }, { outcome: 'sent', afterMs: 5_000 });
  const { message_id: id } = (await ws.send(text(1))).message;
  await clock.advance(10);
  const account = world.account('ws', 'main');
  account.interrupt();
  await clock.advance(10);
  account.restore();
  await clock.advance(10);
  await ws.decide(id, { decision: 'retry' }, 'somebody');
  await clock.advance(10);
  expect(await ws.message(id)).toMatchObject({ status: 'sending' });
  found();
  await clock.advance(10);
  expect(await ws.message(id)).toMatchObject({ status: 'sent' });
  await clock.advance(5_000);
  const [first, second] = world.effects.map((effect) => effect.provider_message_id);
  expect(await ws.message(id)).toMatchObject({
    status: 'sent',
    provider_message_id: second,
    attempts: [
      { number: 1, outcome: 'sent', provider_message_id: first },
      { number: 2, outcome: 'sent', provider_message_id: second },
    ],
  });
  await clock.play(gateway.stop());
});

it('tells a provider made of several which member carried the attempt, and leaves out what was another’s', async () => {
  const looked: (readonly [string, string | undefined])[] = [];
  const vias = ['web_js', 'web_js', undefined, 'gone'];
  const clock = new ManualClock();
  const world = new ScriptedWhatsApp({ clock, receipts: {} });
  world.account('ws', 'main').link();
  const scripted = scriptedProvider({ world });
  const made = (type: string, members: readonly string[]): ProviderFactory => ({
    ...scripted,
    type,
    create(context) {
      const provider = scripted.create(context);
      return {
        ...provider,
        members: () =>
          members.map((member) => ({ member, state: 'ready', breaker: 'closed' }) as const),
        async send(...about) {
          const outcome = await provider.send(...about);
          const via = type === 'scripted' ? vias.shift() : undefined;
          return via === undefined ? outcome : { ...outcome, via };
        },
        reconciliation: {
          async reconcile({ content }, { via }) {
            looked.push([content.type === 'text' ? content.text.body : '', via]);
            return undefined;
          },
        },
      };
    },
  });
  const providers = [
    made('scripted', ['meta_api', 'web_js']),
    made('web_js', []),
    made('cloud', []),
  ];
  const { gateway, text } = harness({ gateway: { providers, clock } });
  await gateway.start();
  const ws = gateway.workspace('ws');
  await clock.advance(10);
  world.script(() => ({ outcome: 'unknown', effect: false }));
  for (const body of ['a', 'b', 'c', 'd']) await ws.send(text(1, body));
  await clock.advance(10);
  world.account('ws', 'main').interrupt();
  await clock.advance(10);
  world.account('ws', 'main').restore();
  await clock.advance(10);
  expect(looked.splice(0)).toEqual([
    ['d', undefined],
    ['c', undefined],
    ['b', 'web_js'],
    ['a', 'web_js'],
  ]);
  await clock.play(gateway.switchProvider('ws', { to: 'web_js', by: 'test' }));
  await clock.advance(1_000);
  expect(looked.splice(0)).toEqual([
    ['b', undefined],
    ['a', undefined],
  ]);
  await clock.play(gateway.switchProvider('ws', { to: 'cloud', by: 'test' }));
  await clock.advance(1_000);
  expect(looked).toEqual([]);
  await clock.play(gateway.stop());
});
