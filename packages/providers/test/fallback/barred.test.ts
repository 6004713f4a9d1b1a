import { delay, GatewayError, type Provider, type ProviderFactory } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { type ScriptedSend, ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackGateway } from './support/gateway';
import { accountLocked, Lab } from './support/lab';

const waits = { status: 'not_sent', scope: 'pace', via: 'first' };
const poll = { type: 'poll', poll: { name: 'Tea?', options: ['Yes', 'No'] } } as const;

describe('a member whose account WhatsApp shut out', () => {
  it.each([
    ['refuses what it would send', (lab: Lab) => lab.account(0).crash(accountLocked)],
    ['blocks it', (lab: Lab) => lab.account(0).requireAction('blocked')],
    ['blocks it and stays up', (lab: Lab) => lab.account(0).requireAction('blocked', true)],
  ])('keeps its messages, and nobody else carries them: WhatsApp %s', async (_, shut) => {
    const lab = await Lab.up([{}, {}]);
    shut(lab);
    expect(lab.barred).toEqual(['first']);
    for (let n = 0; n < 3; n++) {
      const outcome = await lab.clock.play(lab.send());
      expect(outcome).toMatchObject({ ...waits, error: { code: 'not_ready', retryable: true } });
      expect(outcome.hops).toBeUndefined();
    }
    await lab.clock.advance(3_600_000);
    expect(await lab.clock.play(lab.send())).toMatchObject(waits);
    expect(lab.effects()).toEqual([0, 0]);
    expect(lab.breakers).toEqual(['closed', 'closed']);
    await lab.clock.play(lab.provider.stop());
  });

  it('is told of as critical, with what to do', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).crash(accountLocked);
    const raw = { member: 'first', barred: true };
    expect(lab.all('account.alert')).toMatchObject([
      { alert: { topic: 'member', event: 'failed', severity: 'critical', raw } },
    ]);
    const outcome = await lab.clock.play(lab.send());
    const { error } = outcome as Extract<typeof outcome, { status: 'not_sent' }>;
    expect(error.message).toMatch(/Graph 131031.*Next: appeal\..*reconnect the session/);
    expect(error.details).toEqual({ member: 'first', ...accountLocked.details });
    await lab.clock.play(lab.provider.stop());
  });

  it('comes back less and less often for a message that waits', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).requireAction('blocked');
    const after: unknown[] = [];
    for (const number of [1, 2, 3, 9, 40]) {
      const { signal } = new AbortController();
      const send = lab.provider.send(lab.message(), lab.attempt(number), signal);
      after.push(((await lab.clock.play(send)) as { retryAfterMs?: number }).retryAfterMs);
    }
    expect(after).toEqual([15_000, 30_000, 60_000, 300_000, 300_000]);
    await lab.clock.play(lab.provider.stop());
  });

  it.each([
    ['when it is started', { outcome: 'fail', error: accountLocked }],
    ['before it is up', { outcome: 'action_required', reason: 'blocked' }],
  ] as const)('is barred %s', async (_, step) => {
    const lab = new Lab([{}, {}]);
    lab.account(0).nextStarts(step);
    await lab.start();
    expect(lab.barred).toEqual(['first']);
    expect(await lab.clock.play(lab.send())).toMatchObject(waits);
    expect(lab.effects()).toEqual([0, 0]);
    await lab.clock.play(lab.provider.stop());
  });

  it('is not one that is away for any other reason', async () => {
    const lab = await Lab.up([{}, {}, {}]);
    const error = new GatewayError('rejected', 'The token has expired.', {
      details: { class: 'auth' },
    });
    lab.account(0).crash(error);
    lab.account(1).requireAction('outdated');
    expect(lab.barred).toEqual([]);
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'sent', via: 'third' });
    await lab.clock.play(lab.provider.stop());
  });

  it('keeps what was waiting for its turn there, and what the provider had not begun', async () => {
    const pace = { concurrency: 1 };
    const lab = await Lab.up([{ pace }, {}]);
    lab
      .world(0)
      .nextSends(
        { outcome: 'rejected', error: accountLocked, afterMs: 100 },
        { outcome: 'not_sent', afterMs: 100 },
      );
    const sends = [lab.send(), lab.send(), lab.send()];
    await lab.clock.advance(100);
    await lab.clock.advance(50);
    lab.account(0).crash(accountLocked);
    await lab.clock.advance(100);
    const outcomes = await Promise.all(sends);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'not_sent', 'not_sent']);
    expect(outcomes.map(({ via }) => via)).toEqual(['first', 'first', 'first']);
    expect(lab.effects()).toEqual([0, 0]);
    await lab.clock.play(lab.provider.stop());
  });

  it('holds up neither what comes before it in the order, nor what is not its own', async () => {
    const lab = await Lab.up([{}, { messageTypes: ['text'] }, {}]);
    lab.account(1).requireAction('blocked');
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'sent', via: 'first' });
    lab.account(0).interrupt();
    expect(await lab.clock.play(lab.send())).toMatchObject({ ...waits, via: 'second' });
    expect(await lab.clock.play(lab.send(lab.message(poll)))).toMatchObject({ via: 'third' });
    const id = lab.account(2).deliverText('628120000009', 'hello');
    const reply = lab.message('hi', { reply_to: id });
    expect(await lab.clock.play(lab.send(reply))).toMatchObject({ status: 'sent', via: 'third' });
    await lab.clock.play(lab.provider.stop());
  });

  it('stays barred while the others die and come back, until it is ready itself', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).requireAction('blocked', true);
    lab.account(1).crash();
    expect(lab.all('down')).toEqual([]);
    await lab.clock.advance(5_000);
    expect(lab.states.second).toBe('ready');
    expect(await lab.clock.play(lab.send())).toMatchObject(waits);
    lab.account(0).restore();
    expect(lab.barred).toEqual([]);
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'sent', via: 'first' });
    await lab.clock.play(lab.provider.stop());
  });

  it('does not have the session replaced when the last other one dies: that would start it again', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).crash(accountLocked);
    lab.account(1).crash();
    expect(lab.all('down')).toEqual([]);
    expect(lab.moves.at(-1)).toBe('interrupted');
    await lab.clock.advance(5_000);
    expect(lab.states).toEqual({ first: 'failed', second: 'ready' });
    expect(await lab.clock.play(lab.send())).toMatchObject(waits);
    await lab.clock.play(lab.provider.stop());
  });
});

describe('a bar, once the session is replaced', () => {
  it('holds while WhatsApp cannot be asked, and ends with the first start that it lets through', async () => {
    const lab = await Lab.up([{}, {}]);
    lab.account(0).crash(accountLocked);
    // Whoever replaces the session finds Graph away, which says nothing about the block.
    const away = new GatewayError('provider_failed', 'Graph cannot be reached.', {
      retryable: true,
    });
    const fails = { outcome: 'fail', error: away } as const;
    lab.account(0).nextStarts(...Array.from({ length: 4 }, () => fails));
    for (let n = 0; n < 2; n++) {
      await lab.replace();
      expect(lab.states).toMatchObject({ first: 'restarting', second: 'ready' });
      expect(lab.barred).toEqual(['first']);
      expect(await lab.clock.play(lab.send())).toMatchObject(waits);
    }
    expect(lab.effects()).toEqual([0, 0]);
    await lab.clock.advance(60_000);
    expect(lab.states.first).toBe('ready');
    expect(lab.barred).toEqual([]);
    expect(await lab.clock.play(lab.send())).toMatchObject({ status: 'sent', via: 'first' });
    await lab.replace();
    expect(lab.barred).toEqual([]);
    await lab.clock.play(lab.provider.stop());
  });
});

/** Something that happens while messages are sent. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'send' as const }) },
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, 1_000, 90_000) }),
  fc.record({
    kind: fc.constantFrom('crash' as const, 'interrupt' as const, 'restore' as const),
    member: fc.constantFrom(0, 1),
  }),
  fc.record({ kind: fc.constantFrom('lock' as const, 'block' as const) }),
  fc.record({ kind: fc.constant('reconnect' as const), locked: fc.boolean() }),
);

/** What becomes of a send. */
const afterMs = fc.constantFrom(0, 20, 2_000);
const scope = fc.constant('channel' as const);
const send: fc.Arbitrary<ScriptedSend> = fc.oneof(
  fc.record({ outcome: fc.constant('sent' as const), afterMs }),
  fc.record({ outcome: fc.constant('rejected' as const), scope, afterMs }),
  fc.record({ outcome: fc.constant('not_sent' as const), scope, afterMs }),
);

it('lets nothing of a barred member go by another one, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.array(send, { maxLength: 25 }),
      async (steps, sends) => {
        const clock = new ManualClock();
        const worlds = [0, 1].map((index) => {
          const world = new ScriptedWhatsApp({ clock, receipts: {}, idPrefix: `W${index}_` });
          world.account('ws', 'main').link();
          world.nextSends(...(index === 0 ? sends : []));
          return world;
        });
        const [own, other] = worlds.map((world) => world.account('ws', 'main'));
        /** Whether WhatsApp shut the account out, whether the gateway could know, and what went around it. */
        let isLocked = false;
        let isBarred = false;
        let evaded = 0;
        let isOwnStart = true;
        worlds[1]?.script(() => {
          if (isBarred) evaded++;
          return { outcome: 'sent' };
        });
        const plain = worlds.map((world, n) => scriptedProvider({ world, type: `m${n}` }));
        const members = plain.map((factory, n) => {
          if (n > 0) return factory;
          const create: ProviderFactory['create'] = (context) => {
            const provider = factory.create(context);
            const start = async (signal: AbortSignal): Promise<void> => {
              // Right after the session's start it is waited for: whatever it learns counts by then.
              if (isOwnStart || !isLocked) isBarred = isLocked;
              isOwnStart = false;
              await delay(clock, 300, signal);
              isBarred = isLocked;
              if (isLocked) throw accountLocked;
              await provider.start(signal);
            };
            return Object.assign(Object.create(provider) as Provider, { start });
          };
          return { ...factory, create };
        });
        const gateway = fallbackGateway(members, clock);
        await gateway.start();
        await clock.advance(100);
        const workspace = gateway.workspace('ws');
        const session = await workspace.session();
        let sent = 0;
        for (const next of steps) {
          switch (next.kind) {
            case 'send': {
              const to = `62812000000${sent++ % 5}`;
              await clock.play(workspace.send({ to, type: 'text', text: { body: 'x' } }));
              break;
            }
            case 'wait':
              await clock.advance(next.ms);
              break;
            case 'lock':
            case 'block':
              isLocked = true;
              isBarred ||= own?.online === true;
              if (next.kind === 'lock') own?.crash(accountLocked);
              else own?.requireAction('blocked');
              break;
            case 'reconnect':
              // A person has it tried again: WhatsApp shuts it out still, or does no more.
              isLocked = next.locked;
              isOwnStart = true;
              await clock.play(session.reconnect().catch(() => undefined));
              break;
            default:
              (next.member === 0 ? own : other)?.[next.kind]();
          }
        }
        await clock.advance(3_600_000);
        expect(evaded).toBe(0);
        await clock.play(gateway.stop());
      },
    ),
    { numRuns: 80 },
  );
}, 120_000);
