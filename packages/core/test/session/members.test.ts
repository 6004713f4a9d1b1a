import {
  type Provider,
  type ProviderContext,
  type ProviderFactory,
  staticWorkspaces,
} from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

/** A provider that is made of two members; what they do is up to the test. */
class Pair implements Provider {
  readonly capabilities = {
    messageTypes: ['text'],
    abilities: ['pairing'],
    pace: { concurrency: 1, intervalMs: 0, jitter: 0 },
  } as const;
  readonly pairing = {
    requestCode: async () => {
      const code = { code: 'CODE0001', expiresAt: this.context.clock.now() + 1_000 };
      this.context.emit({ type: 'pairing_code', ...code, member: 'web', aside: true });
      return code;
    },
    open: async () => this.showQr('asked for', true),
  };
  constructor(readonly context: ProviderContext) {}
  async start(): Promise<void> {
    this.context.emit({ type: 'ready', account: { phone: '15550000001' } });
  }
  showQr(text: string, aside: boolean): void {
    const expiresAt = this.context.clock.now() + 20_000;
    this.context.emit({ type: 'qr', text, expiresAt, member: 'web', aside });
  }
  members() {
    return [{ member: 'web', state: 'pairing', breaker: 'closed' }] as const;
  }
  async send() {
    const hops = [{ from: 'api', to: 'web', code: 'not_ready', reason: 'api is away' }] as const;
    return { status: 'sent', provider_message_id: 'x', via: 'web', hops } as const;
  }
  async stop(): Promise<void> {}
}

function pairHarness() {
  const hops: unknown[] = [];
  let pair: Pair | undefined;
  const factory: ProviderFactory = {
    type: 'pair',
    parse: (settings) => settings,
    linked: async (_workspace, _session, settings) =>
      (settings as { linked?: boolean } | undefined)?.linked === true,
    create: (context) => {
      pair = new Pair(context);
      return pair;
    },
  };
  const setup = harness({
    gateway: {
      providers: [factory],
      observer: { hopped: (fact) => hops.push(fact) },
      workspaces: staticWorkspaces([
        {
          workspace_id: 'ws',
          provider_type: 'pair',
          sessions: ['main'],
          settings: { linked: true },
        },
        { workspace_id: 'other', provider_type: 'pair', sessions: ['other_main'] },
      ]),
    },
  });
  const live = (): Pair => {
    if (pair === undefined) throw new Error('No provider was made.');
    return pair;
  };
  return { ...setup, hops, live };
}

describe('a session whose provider is made of several', () => {
  it('stays ready while a member shows a QR, hands the QR out, and does not stop when nobody scans', async () => {
    const { gateway, clock, live, events, states } = pairHarness();
    await gateway.start();
    await clock.advance(100);
    const session = await gateway.workspace('ws').session();
    expect(session.state).toBe('ready');
    live().showQr('of the member', true);
    expect((await session.qr()).text).toBe('of the member');
    expect((await session.status()).members).toEqual(live().members());
    await clock.advance(600_000);
    expect(await states()).toEqual(['starting', 'ready']);
    const shown = (await events()).find((event) => event.type === 'session.qr');
    expect(shown?.data).toMatchObject({ qr: 'of the member', member: 'web' });
    await clock.play(gateway.stop());
  });

  it('asks the provider for a QR, or a code, when none is shown', async () => {
    const { gateway, clock, events, states } = pairHarness();
    await gateway.start();
    await clock.advance(100);
    const session = await gateway.workspace('ws').session();
    expect((await clock.play(session.qr())).text).toBe('asked for');
    expect((await clock.play(session.pairingCode('628123456789'))).code).toBe('CODE0001');
    expect(await states()).toEqual(['starting', 'ready']);
    expect((await events()).some((event) => event.type === 'session.pairing_code')).toBe(true);
    await clock.play(gateway.stop());
  });

  it('forgets a QR once everybody is linked, and takes the account that is told then', async () => {
    const { gateway, clock, live } = pairHarness();
    await gateway.start();
    await clock.advance(100);
    const session = await gateway.workspace('ws').session();
    live().showQr('of the member', true);
    live().context.emit({ type: 'ready', account: { phone: '15550000002' } });
    const status = await session.status();
    expect(status.qr_expires_at).toBeUndefined();
    expect(status.account).toEqual({ phone: '15550000002' });
    await clock.play(gateway.stop());
  });

  it('pairs when no member carries it', async () => {
    const { gateway, clock, live } = pairHarness();
    await gateway.start();
    await clock.advance(100);
    const session = await gateway.workspace('ws').session();
    live().context.emit({ type: 'interrupted', reason: 'members' });
    live().showQr('of the only one left', false);
    expect(session.state).toBe('pairing');
    await clock.play(gateway.stop());
  });

  it('is started by itself when its settings say that a member is linked', async () => {
    const { gateway, clock } = pairHarness();
    await gateway.start();
    await clock.advance(100);
    expect((await gateway.workspace('other').session()).state).toBe('stopped');
    await clock.play(gateway.stop());
  });

  it('counts hops', async () => {
    const { gateway, clock, hops, text } = pairHarness();
    await gateway.start();
    await clock.advance(100);
    await clock.play(gateway.workspace('ws').send(text(1)));
    await clock.advance(100);
    expect(hops).toEqual([{ from: 'api', to: 'web', code: 'not_ready' }]);
    await clock.play(gateway.stop());
  });
});
