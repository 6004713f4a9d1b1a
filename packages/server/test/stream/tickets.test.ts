import { ManualClock } from '@blazz/simulator/clock';
import { expect, it } from 'vitest';
import type { Caller } from '../../src/http/caller';
import { StreamTickets } from '../../src/stream/tickets';

const caller: Caller = {
  id: 'app',
  workspaces: '*',
  hasScope: () => true,
  covers: () => true,
  validity: () => 'valid',
};

it('is good once, and for 30 seconds', async () => {
  const clock = new ManualClock();
  const tickets = new StreamTickets(clock);
  const { ticket, expiresAt } = tickets.issue(caller);
  expect(expiresAt).toBe(clock.now() + 30_000);
  expect(tickets.redeem(ticket)).toBe(caller);
  expect(tickets.redeem(ticket)).toBeUndefined();
  const late = tickets.issue(caller);
  await clock.advance(30_000);
  expect(tickets.redeem(late.ticket)).toBeUndefined();
});

it('waits in bounded numbers, and room comes back with time', async () => {
  const clock = new ManualClock();
  const tickets = new StreamTickets(clock);
  for (let i = 0; i < 10_000; i++) tickets.issue(caller);
  expect(() => tickets.issue(caller)).toThrow('Too many tickets');
  await clock.advance(30_001);
  expect(tickets.issue(caller).ticket).toHaveLength(43);
});
