import { Gateway, GatewayError, MemoryStore, staticWorkspaces } from '@blazz/core';
import { scriptedProvider } from '@blazz/simulator/provider';
import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

describe('a session', () => {
  it('shows a QR, is linked, syncs and is ready', async () => {
    const { gateway, clock, world, states, events } = harness({
      linked: false,
      world: { startMs: 500, syncMs: 1_000 },
    });
    await gateway.start();
    const session = await gateway.workspace('ws').session();
    expect(session.state).toBe('stopped');
    const qr = await clock.play(session.qr());
    expect(session.state).toBe('pairing');
    expect((await session.status()).qr_expires_at).toBe(new Date(qr.expiresAt).toISOString());
    world.account('ws', 'main').scan(qr.text);
    await clock.advance(2_000);
    expect(session.state).toBe('ready');
    expect(await states()).toEqual(['starting', 'pairing', 'syncing', 'ready']);
    expect((await session.status()).account).toEqual(world.account('ws', 'main').identity);
    expect((await events()).some((event) => event.type === 'session.qr')).toBe(true);
    await expect(session.qr()).rejects.toMatchObject({ code: 'conflict' });
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });

  it('tells how far it has loaded, once a second at most, and the last of it', async () => {
    const { gateway, clock, world, events } = harness({ world: { syncMs: 10_000 } });
    await gateway.start();
    await clock.advance(100);
    const session = await gateway.workspace('ws').session();
    const account = world.account('ws', 'main');
    const told = async (): Promise<readonly unknown[]> =>
      (await events()).flatMap(({ type, time, data }) =>
        type === 'session.state' && data.state === 'syncing'
          ? [[Date.parse(time) - clock.now(), data.previous, data.percent]]
          : [],
      );
    const start = await told();
    expect(start).toEqual([[-100, 'starting', undefined]]);
    expect((await session.status()).percent).toBeUndefined();
    for (const percent of [1, 2, 2, 3]) account.loads(percent);
    expect((await session.status()).percent).toBe(3);
    await clock.advance(900);
    expect(await told()).toEqual([
      [-1_000, 'starting', undefined],
      [0, 'syncing', 3],
    ]);
    await clock.advance(5_000);
    account.loads(3);
    account.loads(70);
    account.loads(90);
    await clock.advance(2_000);
    expect((await told()).slice(2)).toEqual([
      [-2_000, 'syncing', 70],
      [-1_000, 'syncing', 90],
    ]);
    account.loads(95);
    account.loads(99);
    await clock.advance(5_000);
    expect(session.state).toBe('ready');
    expect((await session.status()).percent).toBeUndefined();
    account.loads(100);
    account.interrupt();
    expect((await told()).slice(4).map((event) => (event as unknown[])[2])).toEqual([95, 99]);
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });

  it('is linked by a code', async () => {
    const { gateway, clock, world } = harness({ linked: false });
    await gateway.start();
    const session = await gateway.workspace('ws').session();
    await expect(session.pairingCode('+62 812')).rejects.toMatchObject({
      code: 'invalid_recipient',
    });
    const { code } = await clock.play(session.pairingCode('628123456789'));
    world.account('ws', 'main').typeCode(code);
    await clock.advance(100);
    expect(session.state).toBe('ready');
    await clock.play(gateway.stop());
  });

  it('stops by itself when nobody scans, and shows a new QR when asked again', async () => {
    const { gateway, clock, world } = harness({ linked: false });
    await gateway.start();
    const session = await gateway.workspace('ws').session();
    const first = await clock.play(session.qr());
    await clock.advance(60_000);
    expect((await clock.play(session.qr())).text).not.toBe(first.text);
    await clock.advance(300_000);
    expect(session.state).toBe('stopped');
    expect((await session.status()).reason).toBe('pairing_expired');
    expect(world.account('ws', 'main').connections).toBe(0);
    await clock.play(session.qr());
    expect(session.state).toBe('pairing');
    await clock.play(gateway.stop());
  });

  it('starts by itself when it is linked, and only then', async () => {
    const { gateway, clock, world } = harness();
    await gateway.start();
    await clock.advance(100);
    expect(world.account('ws', 'main').online).toBe(true);
    expect(world.account('ws', 'second').connections).toBe(0);
    await clock.play(gateway.stop());
  });

  it('waits for a person with its provider up: sends wait, nothing is restarted, and it goes on', async () => {
    const { gateway, clock, world, states, text } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    const session = await gateway.workspace('ws').session('main');
    account.requireAction('modal', true);
    await clock.play(gateway.workspace('ws').send(text(1)));
    await clock.advance(600_000);
    expect(await session.status()).toMatchObject({ state: 'action_required', reason: 'modal' });
    expect(account.connections).toBe(1);
    expect(world.effects).toEqual([]);
    await expect(session.start()).rejects.toMatchObject({
      code: 'not_ready',
      message: expect.stringContaining('modal'),
    });
    account.restore();
    await clock.advance(5_000);
    expect(session.state).toBe('ready');
    expect(world.effects).toHaveLength(1);
    expect((await states()).slice(-3)).toEqual(['ready', 'action_required', 'ready']);
    await clock.play(gateway.stop());
  });

  it('starts a new provider when the one that waits for a person dies, or when it is told to', async () => {
    const { gateway, clock, world, states } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    const session = await gateway.workspace('ws').session('main');
    account.requireAction('modal', true);
    account.crash();
    await clock.advance(5_000);
    expect(session.state).toBe('ready');
    account.requireAction('passkey', true);
    await clock.play(session.reconnect());
    expect(session.state).toBe('ready');
    expect(account.connections).toBe(1);
    expect((await states()).filter((state) => state === 'action_required')).toHaveLength(2);
    await clock.play(gateway.stop());
  });

  it('replaces a dead provider, with growing waits, and forgets failures once it is steady', async () => {
    const { gateway, clock, world, states } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    account.nextStarts({ outcome: 'fail' }, { outcome: 'fail' });
    account.crash();
    const waits: number[] = [];
    for (let t = 0; t < 20_000 && !account.online; t += 50) {
      await clock.advance(50);
      if (account.online) waits.push(t);
    }
    // 750 + 1 500 + 3 000 ms, drawn at the middle of their range
    expect(waits[0]).toBeGreaterThanOrEqual(5_150);
    expect(waits[0]).toBeLessThanOrEqual(5_350);
    expect((await states()).slice(3)).toEqual([
      'reconnecting',
      'starting',
      'reconnecting',
      'starting',
      'reconnecting',
      'starting',
      'syncing',
      'ready',
    ]);
    await clock.advance(60_000);
    account.crash();
    await clock.advance(800);
    expect(account.online).toBe(true);
    expect(world.overlaps).toEqual([]);
    await clock.play(gateway.stop());
  });

  it('takes a start that never ends for a failure, and never runs two providers', async () => {
    const { gateway, clock, world } = harness();
    world.account('ws', 'main').nextStarts({ outcome: 'hang' });
    await gateway.start();
    const session = await gateway.workspace('ws').session();
    await clock.advance(120_000);
    expect(session.state).toBe('reconnecting');
    expect((await session.status()).last_error?.code).toBe('timeout');
    await clock.advance(1_000);
    expect(session.state).toBe('ready');
    expect(world.overlaps).toEqual([]);
    await clock.play(gateway.stop());
  });

  it('rests when trying again is pointless, and says why', async () => {
    const { gateway, clock, world } = harness();
    const error = new GatewayError('browser_not_found', 'Install Chromium, or set CHROME_PATH.');
    world.account('ws', 'main').nextStarts({ outcome: 'fail', error });
    await gateway.start();
    const session = await gateway.workspace('ws').session();
    await clock.advance(1_000);
    expect(await session.status()).toMatchObject({
      state: 'failed',
      reason: 'browser_not_found',
      last_error: { code: 'browser_not_found', message: error.message },
    });
    await clock.advance(3_600_000);
    expect(session.state).toBe('failed');
    await clock.play(session.reconnect());
    expect(session.state).toBe('ready');
    await clock.play(gateway.stop());
  });

  it('waits for a person when the profile is in use elsewhere', async () => {
    const { gateway, clock, world } = harness();
    const error = new GatewayError('profile_locked', 'Another process uses the profile.');
    world.account('ws', 'main').nextStarts({ outcome: 'fail', error });
    await gateway.start();
    await clock.advance(1_000);
    expect(await (await gateway.workspace('ws').session()).status()).toMatchObject({
      state: 'action_required',
      reason: 'lock_held_elsewhere',
    });
    await clock.play(gateway.stop());
  });

  it('ends when the phone ends the link, and can be linked anew', async () => {
    const { gateway, clock, world, states } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    const session = await gateway.workspace('ws').session();
    account.unlinkFromPhone();
    await clock.advance(1_000);
    expect(session.state).toBe('logged_out');
    await clock.advance(3_600_000);
    expect(account.connections).toBe(0);
    const qr = await clock.play(session.qr());
    account.scan(qr.text);
    await clock.advance(100);
    expect(session.state).toBe('ready');
    expect(await states()).toEqual([
      'starting',
      'syncing',
      'ready',
      'logged_out',
      'starting',
      'pairing',
      'syncing',
      'ready',
    ]);
    await clock.play(gateway.stop());
  });

  it('keeps credentials on a stop and deletes them on a logout', async () => {
    const { gateway, clock, world } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    const session = await gateway.workspace('ws').session();
    await clock.play(session.stop());
    expect(account.linked).toBe(true);
    await clock.play(session.start());
    expect(session.state).toBe('ready');
    await clock.play(session.logout());
    expect(session.state).toBe('logged_out');
    expect(account.linked).toBe(false);
    await clock.play(gateway.stop());
  });

  it('interrupts a start that is stopped, at once', async () => {
    const { gateway, clock, world } = harness();
    world.account('ws', 'main').nextStarts({ outcome: 'hang' });
    await gateway.start();
    await clock.advance(1_000);
    const session = await gateway.workspace('ws').session();
    await session.stop();
    expect(session.state).toBe('stopped');
    expect(world.account('ws', 'main').connections).toBe(0);
    // … and a start right behind a stop is not lost.
    const stopped = session.stop();
    session.resume();
    await stopped;
    await clock.advance(100);
    expect(session.state).toBe('ready');
    await clock.play(gateway.stop());
  });

  it('holds sends back while the connection is interrupted', async () => {
    const { gateway, clock, world, text } = harness();
    await gateway.start();
    await clock.advance(100);
    const account = world.account('ws', 'main');
    account.interrupt();
    const ws = gateway.workspace('ws');
    const { message } = await ws.send(text(1));
    await clock.advance(60_000);
    expect((await ws.session()).state).toBe('reconnecting');
    expect((await ws.message(message.message_id)).attempts).toEqual([]);
    account.restore();
    await clock.advance(100);
    expect((await ws.message(message.message_id)).status).toBe('sent');
    await clock.play(gateway.stop());
  });

  it('does not start on its own after its owner stopped it', async () => {
    const { gateway, clock, world, store } = harness();
    await gateway.start();
    await clock.advance(100);
    await clock.play((await gateway.workspace('ws').session()).stop());
    await clock.play(gateway.stop());
    const next = new Gateway({
      store,
      providers: [scriptedProvider({ world })],
      workspaces: staticWorkspaces([
        { workspace_id: 'ws', provider_type: 'scripted', sessions: ['main'] },
        { workspace_id: 'other', provider_type: 'scripted', sessions: ['other_main'] },
      ]),
      clock,
      instanceId: 'test',
    });
    await next.start();
    await clock.advance(1_000);
    expect(world.account('ws', 'main').connections).toBe(0);
    expect(world.account('other', 'other_main').online).toBe(true);
    await clock.play(next.stop());
  });

  it('brings up at most so many at once', async () => {
    const { clock, world } = harness({ world: { startMs: 1_000 } });
    const ids = Array.from({ length: 7 }, (_, i) => `s${i}`);
    for (const id of ids) world.account('many', id).link();
    const gateway = new Gateway({
      store: new MemoryStore(),
      providers: [scriptedProvider({ world })],
      workspaces: staticWorkspaces([
        { workspace_id: 'many', provider_type: 'scripted', sessions: ids },
      ]),
      clock,
      maxStartsAtOnce: 2,
    });
    await gateway.start();
    const online = () => ids.filter((id) => world.account('many', id).online).length;
    const seen: number[] = [];
    for (let second = 0; second < 4; second++) {
      await clock.advance(1_001);
      seen.push(online());
    }
    expect(seen).toEqual([2, 4, 6, 7]);
    await clock.play(gateway.stop());
  });
});
