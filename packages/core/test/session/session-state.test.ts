import { canMove, isRunning, type SessionState, sessionStates } from '@blazz/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('the session state table', () => {
  it('is exactly this', () => {
    const table = Object.fromEntries(
      sessionStates.map((from) => [
        from,
        sessionStates.filter((to) => canMove(from, to)).join(' '),
      ]),
    );
    expect(table).toMatchInlineSnapshot(`
      {
        "action_required": "stopped starting pairing syncing ready reconnecting logged_out",
        "failed": "stopped starting logged_out",
        "logged_out": "stopped starting",
        "pairing": "stopped syncing ready reconnecting logged_out action_required failed",
        "ready": "stopped reconnecting logged_out action_required failed",
        "reconnecting": "stopped starting pairing syncing ready logged_out action_required failed",
        "starting": "stopped pairing syncing ready reconnecting logged_out action_required failed",
        "stopped": "starting logged_out",
        "syncing": "stopped pairing ready reconnecting logged_out action_required failed",
      }
    `);
  });

  it('lets every walk come back to ready, and stops from wherever it is', () => {
    const walk = fc.array(fc.constantFrom<SessionState>(...sessionStates), { maxLength: 30 });
    fc.assert(
      fc.property(walk, (wishes) => {
        let state: SessionState = 'stopped';
        for (const wish of wishes) if (canMove(state, wish)) state = wish;
        if (isRunning(state)) expect(canMove(state, 'stopped')).toBe(true);
        else expect(canMove(state, 'starting')).toBe(true);
      }),
    );
  });
});
