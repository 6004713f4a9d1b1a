/** Where a session stands. */
export type SessionState =
  | 'stopped'
  | 'starting'
  | 'pairing'
  | 'syncing'
  | 'ready'
  | 'reconnecting'
  | 'logged_out'
  | 'action_required'
  | 'failed';

/** The ends that every running state can come to. */
const ends = ['logged_out', 'action_required', 'failed', 'stopped'] as const;

/**
 * The only legal moves. A resting state leaves by a start or, from whatever state, by a stop or a
 * logout; `action_required` also by its provider, when that stayed up and the person acted.
 */
const moves: Readonly<Record<SessionState, readonly SessionState[]>> = {
  stopped: ['starting', 'logged_out'],
  starting: ['pairing', 'syncing', 'ready', 'reconnecting', ...ends],
  pairing: ['syncing', 'ready', 'reconnecting', ...ends],
  syncing: ['ready', 'pairing', 'reconnecting', ...ends],
  ready: ['reconnecting', ...ends],
  reconnecting: ['starting', 'pairing', 'syncing', 'ready', ...ends],
  logged_out: ['starting', 'stopped'],
  action_required: [
    'starting',
    'pairing',
    'syncing',
    'ready',
    'reconnecting',
    'logged_out',
    'stopped',
  ],
  failed: ['starting', 'logged_out', 'stopped'],
};

/** Every state, in the order of the documentation. */
export const sessionStates: readonly SessionState[] = Object.keys(moves) as SessionState[];

/** Whether a session may go from one state to another. */
export function canMove(from: SessionState, to: SessionState): boolean {
  return moves[from].includes(to);
}

/** Whether a provider runs, or is being brought up, in this state. */
export function isRunning(state: SessionState): boolean {
  return moves[state].includes('failed');
}
