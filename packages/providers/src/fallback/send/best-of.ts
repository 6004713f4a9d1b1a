import type { Visit } from './relay';

/**
 * The outcome of a message that nobody carried. As long as one member may carry it later, it waits
 * in the outbox; it fails only when every way that could carry it is closed for certain.
 */
export function bestOf(visits: readonly Visit[]): Visit {
  const [first, ...rest] = visits;
  if (first === undefined) throw new Error('A message passes at least one member.');
  return rest.reduce((best, visit) => (hope(visit) >= hope(best) ? visit : best), first);
}

function hope({ finding, outcome }: Visit): number {
  if (outcome.status === 'not_sent') return 2;
  return finding === 'cannot_carry' ? 0 : 1;
}
