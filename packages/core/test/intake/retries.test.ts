import { GatewayError, type LogFields, staticWorkspaces, type WorkspaceSource } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import type { Harness } from '../harness';
import { ids, post, posting, workspaces } from './posting';
import { received } from './posting-provider';

const gone = () => new GatewayError('store_unavailable', 'The store is away.');
const part = (id: string) => [{ account: '1', events: [received(id)] }];

/** A gateway whose lines are kept. */
function logged(source: WorkspaceSource = staticWorkspaces(workspaces)) {
  const lines: LogFields[] = [];
  const write = (message: string, fields?: LogFields) => {
    if (message === 'what came in is read later') lines.push(fields ?? {});
  };
  const logger = { debug: write, info: write, warn: write, error: write };
  return { ...posting(false, { logger, workspaces: source }), lines };
}

/** Takes away what the store knows of sessions, so that none can be made. */
function takeSessions({ store }: Harness) {
  const get = store.sessions.get.bind(store.sessions);
  const state = { isAway: true, looks: 0 };
  store.sessions.get = async (...args) => {
    state.looks += 1;
    if (state.isAway) throw gone();
    return get(...args);
  };
  return state;
}

describe('a session that cannot be had when something came in for it', () => {
  it('reads it as soon as it can be had, and nobody has to post or to restart', async () => {
    const under = logged();
    const { gateway, clock, store, lines } = under;
    await gateway.start();
    const sessions = takeSessions(under);
    expect(await post(gateway, 'main', part('a'))).toBe(1);
    await clock.advance(60_000);
    expect((await store.intake.depth()).waiting).toBe(1);
    expect(lines.map(({ attempt, duration_ms }) => [attempt, duration_ms])).toEqual([
      [1, 750],
      [2, 1_500],
      [3, 3_000],
      [4, 6_000],
      [5, 12_000],
      [6, 24_000],
      [7, 48_000],
    ]);
    expect(lines[0]).toMatchObject({ workspace_id: 'ws', session_id: 'main', error: gone() });
    sessions.isAway = false;
    await clock.advance(60_000);
    expect(await ids(under)).toEqual(['main:a']);
    expect((await store.intake.depth()).waiting).toBe(0);
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });

  it('is asked for once at a time, however much comes in, and no more after the end', async () => {
    const under = logged();
    const { gateway, clock, lines } = under;
    await gateway.start();
    const before = clock.pending;
    const sessions = takeSessions(under);
    for (let i = 0; i < 20; i++) await post(gateway, 'main', part(`a${i}`));
    await clock.advance(0);
    expect(clock.pending).toBe(before + 1);
    expect(lines).toHaveLength(1);
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
    const { looks } = sessions;
    await clock.advance(600_000);
    expect(sessions.looks).toBe(looks);
  });

  it('is known again though its source did not know it for a while, and loses nothing by that', async () => {
    const source = staticWorkspaces(workspaces);
    let isKnown = true;
    const under = logged({
      ...source,
      get: async (id) => (isKnown || id === 'other' ? source.get(id) : undefined),
    });
    const { gateway, clock, store } = under;
    await gateway.start();
    isKnown = false;
    // Posted at the address of another tenant of the same app.
    expect(await post(gateway, 'other', part('a'))).toBe(1);
    await clock.advance(30_000);
    expect(await store.intake.depth()).toEqual({ waiting: 1, quarantined: 0 });
    isKnown = true;
    await clock.advance(60_000);
    expect(await ids(under)).toEqual(['main:a']);
    isKnown = false;
    expect(await post(gateway, 'other', part('b'))).toBe(1);
    await clock.advance(600_000);
    expect(await store.intake.depth()).toEqual({ waiting: 0, quarantined: 1 });
    await clock.play(gateway.stop());
  });

  it('is looked for again after a start that could not see what waits', async () => {
    const under = logged();
    const { gateway, clock, store } = under;
    const waitingSessions = store.intake.waitingSessions.bind(store.intake);
    store.intake.waitingSessions = async () => {
      throw gone();
    };
    const body = JSON.stringify(part('a')[0]);
    const names = { entry_id: 'in_a', workspace_id: 'ws', session_id: 'main', source: 'scripted' };
    await store.intake.put([{ ...names, body, received_at: 1 }]);
    await gateway.start();
    store.intake.waitingSessions = waitingSessions;
    await clock.advance(1_000);
    expect(await ids(under)).toEqual(['main:a']);
    await clock.play(gateway.stop());
  });
});
