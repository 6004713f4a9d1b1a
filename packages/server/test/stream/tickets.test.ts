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
  for (let i = 0; i < 10_000; i++) tickets.issue({ ...caller, id: `key_${i}` });
  expect(() => tickets.issue(caller)).toThrow('Too many tickets');
  await clock.advance(30_001);
  expect(tickets.issue(caller).ticket).toHaveLength(43);
});

it('leaves room for other keys', async () => {
  const clock = new ManualClock();
  const tickets = new StreamTickets(clock);
  const own = Array.from({ length: 1_000 }, () => tickets.issue(caller).ticket);
  expect(() => tickets.issue(caller)).toThrow('Too many tickets');
  expect(tickets.issue({ ...caller, id: 'other' }).ticket).toHaveLength(43);
  tickets.redeem(own[0] ?? '');
  expect(tickets.issue(caller).ticket).toHaveLength(43);
  await clock.advance(30_001);
  for (let i = 0; i < 1_000; i++) tickets.issue(caller);
});

it('is of no use once its key is not', () => {
  const tickets = new StreamTickets(new ManualClock());
  let validity: 'valid' | 'expired' = 'valid';
  const { ticket } = tickets.issue({ ...caller, validity: () => validity });
  validity = 'expired';
  expect(tickets.redeem(ticket)).toBeUndefined();
});
