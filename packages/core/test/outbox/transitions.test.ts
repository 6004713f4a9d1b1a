import {
  type AttemptResult,
  isSettled,
  type MessageRecord,
  mergeReceipts,
  type Receipt,
  receiptStatuses,
  type Transition,
} from '@blazz/core';
import {
  applyReceipt,
  beginAttempt,
  cutOff,
  dueAt,
  expire,
  finishAttempt,
  holdsUp,
  isCutOff,
} from '@blazz/core/adapters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, error, queued } from './support/record';

/** A report that is about the message. */
function report(record: MessageRecord, id: string, receipt: Receipt, now: number): Transition {
  const merged = applyReceipt(record, id, receipt, now);
  if (merged === undefined) throw new Error(`${id} is none of the message's ids`);
  return merged;
}

/** A field that is added to the record is missing here, and does not compile. */
const full: Required<MessageRecord> = {
  message_id: 'msg_a',
  workspace_id: 'ws',
  session_id: 'main',
  position: 1,
  recipient: { kind: 'phone', phone: '4915550001111', key: '4915550001111' },
  content: { type: 'text', text: { body: 'hello' } },
  reply_to: 'msg_0',
  lane: 'bulk',
  on_ambiguous: 'retry',
  idempotency_key: 'key',
  created_at: 1_000,
  updated_at: 1_000,
  send_at: 1_000,
  expires_at: 9_000,
  retry_at: 1_500,
  status: 'queued',
  provider_message_id: 'wa-1',
  provider: 'scripted',
  attempts: [],
  error,
  pricing: { billable: true, model: 'PMP' },
  decided: { decision: 'retry', by: 'somebody', at: 1_000 },
};

describe('a change', () => {
  it('leaves every field that it is not about', () => {
    const { retry_at: _, error: __, ...rest } = full;
    const begun = beginAttempt(full, { provider: 'scripted', epoch: 3, now: 2_000 });
    const attempt = { number: 1, provider: 'scripted', epoch: 3, started_at: 2_000 };
    const sending = { ...rest, status: 'sending', updated_at: 2_000, attempts: [attempt] };
    expect(begun).toStrictEqual(sending);
    const { record } = finishAttempt(
      begun,
      { outcome: 'sent', provider_message_id: 'wa-2' },
      3_000,
    );
    const end = { finished_at: 3_000, outcome: 'sent', provider_message_id: 'wa-2' };
    expect(record).toStrictEqual({
      ...sending,
      status: 'sent',
      provider_message_id: 'wa-2',
      updated_at: 3_000,
      attempts: [{ ...attempt, ...end }],
    });
  });

  it('leaves the record that it was made of as it was', () => {
    const record = Object.freeze({ ...full, attempts: Object.freeze([]) as never });
    const begun = beginAttempt(record, { provider: 'scripted', epoch: 3, now: 2_000 });
    for (const each of begun.attempts) Object.freeze(each);
    Object.freeze(begun.attempts);
    const result = { outcome: 'not_sent', error, retry_at: 4_000 } as const;
    finishAttempt(Object.freeze(begun), result, 3_000);
    expect(record.status).toBe('queued');
    expect(begun.attempts[0]).not.toHaveProperty('outcome');
  });
});

describe('the life of a message', () => {
  it('numbers attempts and clears what kept it waiting', () => {
    const first = begin(queued());
    const back = finishAttempt(first, { outcome: 'not_sent', error, retry_at: 5_000 }, 3_000);
    expect(back.record).toMatchObject({ status: 'queued', retry_at: 5_000, error });
    const second = begin(back.record, 5_000);
    expect(second.attempts.map(({ number }) => number)).toEqual([1, 2]);
    expect(second).not.toHaveProperty('retry_at');
    expect(second).not.toHaveProperty('error');
  });

  it('keeps the id of every attempt that got one', () => {
    const first = begin(queued({ on_ambiguous: 'retry' }));
    const lost: AttemptResult = {
      outcome: 'unknown',
      error,
      provider_message_id: 'wa-1',
      retry_at: 3_000,
    };
    const second = begin(finishAttempt(first, lost, 2_500).record);
    const sent = finishAttempt(second, { outcome: 'sent', provider_message_id: 'wa-2' }, 4_000);
    expect(sent.record.attempts.map((attempt) => attempt.provider_message_id)).toEqual([
      'wa-1',
      'wa-2',
    ]);
    expect(sent.record.provider_message_id).toBe('wa-2');
  });

  it('is not taken back into the queue by a retry that a receipt has overtaken', () => {
    const lost: AttemptResult = {
      outcome: 'unknown',
      error,
      provider_message_id: 'wa-1',
      retry_at: 2_500,
    };
    const second = begin(finishAttempt(begin(queued()), lost, 2_500).record);
    const overtaken = report(second, 'wa-1', { status: 'delivered' }, 2_600).record;
    for (const result of [
      { outcome: 'not_sent', error, retry_at: 9_000 },
      { outcome: 'not_sent', error, retry_at: undefined },
      { outcome: 'unknown', error },
      { outcome: 'rejected', error },
    ] as const) {
      const { record, changed } = finishAttempt(overtaken, result, 3_000);
      expect([record.status, changed]).toEqual(['delivered', false]);
      expect(record).not.toHaveProperty('error');
      expect(record.attempts.at(-1)?.outcome).toBe(result.outcome);
    }
  });

  it('is not failed by a refusal of an earlier attempt while a later one is under way', () => {
    const lost: AttemptResult = {
      outcome: 'unknown',
      error,
      provider_message_id: 'wa-1',
      retry_at: 2_500,
    };
    const second = begin(finishAttempt(begin(queued()), lost, 2_500).record);
    const refused = report(second, 'wa-1', { status: 'failed', error }, 2_600);
    expect(refused).toEqual({ record: second, changed: false });
    const sent = finishAttempt(second, { outcome: 'sent', provider_message_id: 'wa-2' }, 3_000);
    expect(sent).toMatchObject({ changed: true, record: { status: 'sent' } });
  });

  it('stays sent by an earlier attempt when a later one is refused', () => {
    const lost: AttemptResult = {
      outcome: 'unknown',
      error,
      provider_message_id: 'wa-1',
      retry_at: 2_500,
    };
    const second = begin(finishAttempt(begin(queued()), lost, 2_500).record);
    const proven = report(second, 'wa-1', { status: 'sent' }, 2_600).record;
    const refused = finishAttempt(proven, { outcome: 'rejected', error }, 3_000);
    expect(refused).toMatchObject({ changed: false, record: { status: 'sent' } });
    expect(refused.record).not.toHaveProperty('error');
  });

  it('goes back from unknown into the queue, told, when somebody finds that nothing left', () => {
    const unknown = finishAttempt(begin(queued()), { outcome: 'unknown', error }, 3_000).record;
    const back = finishAttempt(unknown, { outcome: 'not_sent', error, retry_at: 4_000 }, 3_500);
    expect(back).toMatchObject({ changed: true, record: { status: 'queued', retry_at: 4_000 } });
  });

  it('is cut off only while an attempt is open', () => {
    expect(isCutOff(queued())).toBe(false);
    const open = begin(queued());
    expect(isCutOff(open)).toBe(true);
    expect(isCutOff(cutOff(open, 3_000).record)).toBe(false);
    expect(cutOff(open, 3_000).record.status).toBe('unknown');
    expect(cutOff(begin(queued({ on_ambiguous: 'retry' })), 3_000).record.status).toBe('queued');
  });

  it('expires only in the queue', () => {
    expect(expire(queued(), 3_000)).toMatchObject({ changed: true, record: { status: 'expired' } });
    const sending = begin(queued());
    expect(expire(sending, 3_000)).toEqual({ record: sending, changed: false });
  });
});

describe('when a message is due', () => {
  it.each([
    ['at once', {}, 0, false],
    ['at its time', { send_at: 5_000 }, 5_000, false],
    ['after its back-off', { send_at: 1_500, retry_at: 5_000 }, 5_000, true],
    ['when it is over, if that is earlier', { send_at: 5_000, expires_at: 3_000 }, 3_000, false],
    ['when it is over while it backs off', { retry_at: 5_000, expires_at: 3_000 }, 3_000, true],
    ['at once, though it ends later', { expires_at: 3_000 }, 0, false],
  ] as const)('%s', (_, facts, due, holds) => {
    const record = queued(facts);
    expect(dueAt(record)).toBe(due);
    expect(holdsUp(record, 2_000)).toBe(holds);
    expect(holdsUp(record, 5_000)).toBe(false);
  });
});

describe('receipts and outcomes', () => {
  it('form a lattice: associative, commutative, idempotent, with a lowest status', () => {
    const status = fc.constantFrom(...receiptStatuses);
    fc.assert(
      fc.property(status, status, status, (a, b, c) => {
        const one = mergeReceipts(mergeReceipts(a, b), c);
        expect(mergeReceipts(a, mergeReceipts(b, c))).toBe(one);
        expect(mergeReceipts(b, a)).toBe(mergeReceipts(a, b));
        expect(mergeReceipts(a, a)).toBe(a);
        expect(mergeReceipts('queued', a)).toBe(a);
      }),
    );
  });

  it('never take a settled message back into the queue or lower, whatever comes', () => {
    const receipt = fc
      .record({
        id: fc.constantFrom('wa-1', 'wa-2'),
        status: fc.constantFrom<Receipt['status'][]>(
          'sent',
          'delivered',
          'read',
          'played',
          'failed',
        ),
      })
      .map(({ id, status }) => (record: MessageRecord, now: number) => {
        const isKnown = record.attempts.some((attempt) => attempt.provider_message_id === id);
        return isKnown ? report(record, id, { status }, now) : { record, changed: false };
      });
    const results: AttemptResult[] = [
      { outcome: 'sent', provider_message_id: 'wa-1' },
      { outcome: 'sent', provider_message_id: 'wa-2' },
      { outcome: 'rejected', error },
      { outcome: 'not_sent', error, retry_at: 1 },
      { outcome: 'unknown', error },
      { outcome: 'unknown', error, provider_message_id: 'wa-1', retry_at: 1 },
    ];
    const attempt = fc
      .constantFrom(...results)
      .map((result) => (record: MessageRecord, now: number) => {
        const open = record.status === 'queued' ? begin(record, now) : record;
        return finishAttempt(open, result, now);
      });
    fc.assert(
      fc.property(fc.array(fc.oneof(receipt, attempt), { maxLength: 12 }), (steps) => {
        let record = queued();
        let now = 2_000;
        for (const step of steps) {
          const before = record;
          const { record: after, changed } = step(before, ++now);
          if (changed) expect(after.status).not.toBe('sending');
          if (['sent', 'delivered', 'read', 'played'].includes(before.status)) {
            expect(isSettled(after.status)).toBe(true);
            const lowered = mergeReceipts(before.status, after.status) !== after.status;
            expect(lowered).toBe(false);
          }
          record = after;
        }
      }),
    );
  });
});
