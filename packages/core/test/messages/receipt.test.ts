import { isSettled, mergeReceipts, receiptStatuses } from '@blazz/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const status = fc.constantFrom(...receiptStatuses);

describe('the receipt lattice', () => {
  it('is a join: commutative, associative, idempotent', () => {
    fc.assert(
      fc.property(status, status, status, (a, b, c) => {
        expect(mergeReceipts(a, b)).toBe(mergeReceipts(b, a));
        expect(mergeReceipts(mergeReceipts(a, b), c)).toBe(mergeReceipts(a, mergeReceipts(b, c)));
        expect(mergeReceipts(a, a)).toBe(a);
      }),
    );
  });

  it('gives the same end whatever the order of reports', () => {
    fc.assert(
      fc.property(fc.array(status, { minLength: 1 }), fc.infiniteStream(fc.nat()), (all, order) => {
        const shuffled = [...all].sort(() => ((order.next().value ?? 0) % 2 === 0 ? 1 : -1));
        const join = (list: typeof all) => list.reduce((a, b) => mergeReceipts(a, b));
        expect(join(shuffled)).toBe(join(all));
      }),
    );
  });

  it('lets a delivery disprove a failure, and any proof settle the unknown', () => {
    expect(mergeReceipts('failed', 'delivered')).toBe('delivered');
    expect(mergeReceipts('sent', 'failed')).toBe('failed');
    expect(mergeReceipts('unknown', 'sent')).toBe('sent');
    expect(mergeReceipts('read', 'sent')).toBe('read');
  });

  it('knows which statuses end a send', () => {
    expect(receiptStatuses.filter((each) => !isSettled(each))).toEqual(['queued', 'sending']);
  });
});
