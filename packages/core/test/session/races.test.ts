import { Gateway, GatewayError, type ProviderFactory, staticWorkspaces } from '@blazz/core';
import { ScriptedWhatsApp, scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

const shop = { workspace_id: 'shop', provider_type: 'scripted', sessions: ['shop_main'] };

describe('calls that meet', () => {
  it('configured three times at once, a workspace has one session that runs', async () => {
    const { gateway, clock, world } = harness();
    const account = world.account('shop', 'shop_main');
    account.link();
    await gateway.start();
    await clock.play(gateway.configure(shop));
    await clock.advance(1_000);
    expect(account.online).toBe(true);
    await clock.play(Promise.all([1, 2, 3].map(() => gateway.configure(shop))));
    await clock.advance(5_000);
    expect(world.overlaps).toEqual([]);
    expect(account.connections).toBe(1);
    await clock.play(gateway.stop());
    expect(account.connections).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('of two workspaces that want the same session id at once, one gets it', async () => {
    const { gateway, clock } = harness();
    await gateway.start();
    const both = ['shop', 'club'].map((workspace_id) =>
      gateway.configure({ ...shop, workspace_id }),
    );
    const ends = await clock.play(Promise.allSettled(both));
    expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
    await clock.play(gateway.stop());
  });

  it('a session that makes way for a new configuration starts no more', async () => {
    const { gateway, clock, world } = harness();
    world.account('shop', 'shop_main').link();
    await gateway.start();
    await clock.play(gateway.configure(shop));
    await clock.advance(1_000);
    const old = await gateway.workspace('shop').session();
    await clock.play(gateway.configure(shop));
    await clock.advance(1_000);
    expect(() => old.resume()).toThrow(expect.objectContaining({ code: 'shutting_down' }));
    for (const call of [() => old.stop(), () => old.reconnect(), () => old.logout()]) {
      await expect(call()).rejects.toMatchObject({ code: 'shutting_down', retryable: true });
    }
    expect(await gateway.workspace('shop').session()).toMatchObject({ state: 'ready' });
    expect(world.overlaps).toEqual([]);
    await clock.play(gateway.stop());
  });

  it('a message that is accepted while the configuration changes is sent', async () => {
    const { gateway, clock, world, store, text } = harness();
    world.account('shop', 'shop_main').link();
    await gateway.start();
    await clock.play(gateway.configure(shop));
    await clock.advance(1_000);
    const accept = store.outbox.accept.bind(store.outbox);
    store.outbox.accept = async (...args) => {
      // A slow disk: by the time that it answers, another object has taken the session's place.
      await clock.play(gateway.configure(shop));
      await clock.advance(1_000);
      return accept(...args);
    };
    const { message } = await gateway.workspace('shop').send(text(1));
    await clock.advance(1_000);
    expect(await gateway.workspace('shop').message(message.message_id)).toMatchObject({
      status: 'sent',
    });
    await clock.play(gateway.stop());
  });

  it('a session that is made while the configuration changes is made of the new one', async () => {
    const scripted = scriptedProvider({ world: new ScriptedWhatsApp() });
    const made: unknown[] = [];
    const { gateway, clock, store } = harness({
      gateway: {
        providers: [
          {
            ...scripted,
            create(context) {
              made.push(context.settings);
              return scripted.create(context);
            },
          },
        ],
      },
    });
    await gateway.start();
    await clock.play(gateway.configure({ ...shop, settings: { is: 'old' } }));
    made.length = 0;
    const get = store.sessions.get.bind(store.sessions);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let holds = true;
    store.sessions.get = async (...args) => {
      const wait = holds && args[0] === 'shop' ? held : undefined;
      holds = false;
      const record = await get(...args);
      await wait;
      return record;
    };
    const making = gateway.workspace('shop').session();
    await clock.play(gateway.configure({ ...shop, settings: { is: 'new' } }));
    goOn();
    const session = await making;
    expect(await gateway.workspace('shop').session()).toBe(session);
    expect(session.provider.capabilities).toBeDefined();
    expect(made.at(-1)).toEqual({ is: 'new' });
    await clock.play(gateway.stop());
  });

  it('a configuration leaves the sessions of other workspaces as they are', async () => {
    const { gateway, clock, world } = harness();
    await gateway.start();
    await clock.advance(1_000);
    const other = await gateway.workspace('other').session();
    world.account('other', 'other_main').requireAction('conflict');
    await clock.advance(20_000);
    await clock.play(gateway.configure(shop));
    await clock.advance(5_000);
    expect(other.state).toBe('action_required');
    await clock.play(gateway.stop());
  });

  it('a session that is being reconnected stays down when the gateway stops', async () => {
    const { gateway, clock, world } = harness();
    await gateway.start();
    await clock.advance(1_000);
    const session = await gateway.workspace('ws').session();
    const reconnected = session.reconnect().catch((error: unknown) => error);
    await clock.play(gateway.stop());
    await clock.advance(200_000);
    expect(await reconnected).toMatchObject({ code: 'shutting_down' });
    expect(world.account('ws', 'main').connections).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('a gateway that is stopped while it starts leaves nothing running, and does not start again', async () => {
    const { gateway, clock, world } = harness();
    const started = gateway.start().catch((error: unknown) => error);
    await clock.play(gateway.stop());
    expect(await started).toMatchObject({ code: 'shutting_down' });
    await clock.advance(5_000);
    expect(world.account('ws', 'main').connections).toBe(0);
    expect(clock.pending).toBe(0);
    await expect(gateway.configure(shop)).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(gateway.workspace('ws').session()).rejects.toMatchObject({
      code: 'shutting_down',
    });
  });

  it('stopped and started during a start, a session comes up without a failure', async () => {
    const { gateway, clock } = harness({ world: { startMs: 500 } });
    await gateway.start();
    await clock.advance(100);
    const session = await gateway.workspace('ws').session();
    await clock.play(Promise.all([session.stop(), session.start()]));
    expect(session.state).toBe('ready');
    expect((await session.status()).last_error).toBeUndefined();
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });

  it('a failure of the try before does not end the wait for the present one', async () => {
    const { gateway, clock, world } = harness({ linked: false, world: { startMs: 500 } });
    await gateway.start();
    const session = await gateway.workspace('ws').session();
    world.account('ws', 'main').nextStarts({ outcome: 'fail' });
    await expect(clock.play(session.qr())).rejects.toMatchObject({ code: 'start_failed' });
    await clock.advance(1_000);
    expect(session.state).toBe('starting');
    expect((await clock.play(session.qr())).text).not.toBe('');
    await clock.play(gateway.stop());
  });
});

describe('logging out', () => {
  it('works on a session that does not run, and says so', async () => {
    const { gateway, clock, world, store } = harness();
    await gateway.start();
    await clock.advance(1_000);
    const session = await gateway.workspace('ws').session();
    await clock.play(session.stop());
    await clock.play(session.logout());
    expect(world.account('ws', 'main').linked).toBe(false);
    expect(session.state).toBe('logged_out');
    expect(await store.sessions.get('ws', 'main')).toMatchObject({ state: 'logged_out' });
    await clock.play(gateway.stop());
  });

  it('is refused while another instance owns the session', async () => {
    const { gateway, clock, world, store } = harness();
    await gateway.start();
    await clock.advance(1_000);
    const second = new Gateway({
      store,
      clock,
      instanceId: 'second',
      providers: [scriptedProvider({ world })],
      workspaces: staticWorkspaces([
        { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] },
      ]),
    });
    const session = await second.workspace('ws').session();
    await expect(clock.play(session.logout())).rejects.toMatchObject({ code: 'lease_lost' });
    expect(world.account('ws', 'main')).toMatchObject({ linked: true, online: true });
    await clock.play(second.stop());
    await clock.play(gateway.stop());
  });

  it('that fails leaves the session stopped, not logged out', async () => {
    const { world, clock, store } = harness();
    const real = scriptedProvider({ world });
    const fails = async (): Promise<never> => {
      throw new GatewayError('provider_failed', 'The page is gone.');
    };
    const broken: ProviderFactory = {
      ...real,
      create: (context) => ({ ...real.create(context), logout: { logout: fails } }),
    };
    const gateway = new Gateway({
      store,
      clock,
      providers: [broken],
      workspaces: staticWorkspaces([
        { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] },
      ]),
    });
    await gateway.start();
    await clock.advance(1_000);
    const session = await gateway.workspace('ws').session();
    await expect(clock.play(session.logout())).rejects.toMatchObject({ code: 'provider_failed' });
    expect(await session.status()).toMatchObject({
      state: 'stopped',
      reason: 'logout_failed',
      last_error: { code: 'provider_failed' },
    });
    expect(world.account('ws', 'main')).toMatchObject({ linked: true, connections: 0 });
    await clock.play(gateway.stop());
  });
});
