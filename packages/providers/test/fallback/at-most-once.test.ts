import { ManualClock } from '@blazz/simulator/clock';
import { type ScriptedSend, ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fallbackGateway } from './support/gateway';

const afterMs = fc.constantFrom(0, 50, 5_000);
const effect = fc.boolean();

/** Anything that can become of a send. */
const step: fc.Arbitrary<ScriptedSend> = fc.oneof(
  fc.record({ outcome: fc.constant('sent' as const), afterMs }),
  fc.record({
    outcome: fc.constant('rejected' as const),
    scope: fc.constantFrom('message' as const, 'channel' as const),
    afterMs,
  }),
  fc.record({
    outcome: fc.constant('not_sent' as const),
    scope: fc.constantFrom('pace' as const, 'channel' as const),
    afterMs,
  }),
  fc.record({ outcome: fc.constant('unknown' as const), effect, id: fc.boolean(), afterMs }),
  fc.record({ outcome: fc.constant('hang' as const), effect }),
  fc.record({ outcome: fc.constant('throw' as const), effect }),
);

/** Something that happens to a member's account. */
const blow = fc.record({
  member: fc.constantFrom(0, 1),
  kind: fc.constantFrom('crash' as const, 'interrupt' as const, 'restore' as const),
  waitMs: fc.constantFrom(0, 20, 3_000, 60_000),
});

const scripts = fc.array(fc.array(step, { maxLength: 12 }), { minLength: 2, maxLength: 2 });

it('sends nothing twice, over all members, whatever becomes of sends and members', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, fc.array(blow, { maxLength: 8 }), async (plans, blows) => {
      const clock = new ManualClock();
      const worlds = plans.map((plan, index) => {
        const world = new ScriptedWhatsApp({ clock, receipts: {}, idPrefix: `W${index}_` });
        world.account('ws', 'main').link();
        world.nextSends(...plan);
        return world;
      });
      const members = worlds.map((world, index) => scriptedProvider({ world, type: `m${index}` }));
      const gateway = fallbackGateway(members, clock);
      await gateway.start();
      await clock.advance(100);
      const workspace = gateway.workspace('ws');
      const ids: string[] = [];
      for (let n = 0; n < 6; n++) {
        const to = `62812000000${n % 3}`;
        const sent = await clock.play(workspace.send({ to, type: 'text', text: { body: 'x' } }));
        ids.push(sent.message.message_id);
      }
      for (const { member, kind, waitMs } of blows) {
        await clock.advance(waitMs);
        worlds[member]?.account('ws', 'main')[kind]();
      }
      await clock.advance(4 * 3_600_000);
      for (const id of ids) {
        const effects = worlds.flatMap(({ effects }) => effects.filter((e) => e.message_id === id));
        expect(effects.length).toBeLessThanOrEqual(1);
        const message = await workspace.message(id);
        if (message?.status === 'sent') expect(effects).toHaveLength(1);
        if (message?.status === 'failed') expect(effects).toHaveLength(0);
      }
      await clock.play(gateway.stop());
    }),
    { numRuns: 60 },
  );
}, 120_000);
