import {
  type AttemptResult,
  type ErrorBody,
  type MessageRecord,
  mergeReceipts,
  type Receipt,
} from '@blazz/core';
import {
  applyReceipt,
  cutOff,
  finishAttempt,
  isCutOff,
  mergeHeld,
  statusEvent,
} from '@blazz/core/adapters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, error, queued } from './support/record';

const refusal: ErrorBody = { code: 'rejected', message: 'Not to this number.', retryable: false };

const finish = (record: MessageRecord, result: AttemptResult): MessageRecord =>
  finishAttempt(record, result, 3_000).record;

const about = (attempt: number, status: Receipt['status'], why?: ErrorBody): Receipt => ({
  status,
  tracker: { message_id: 'msg_a', attempt },
  ...(why === undefined ? {} : { error: why }),
});

const lost: AttemptResult = { outcome: 'unknown', error };
const again: AttemptResult = { outcome: 'unknown', error, retry_at: 3_000 };

describe('a tracked receipt', () => {
  it.each<[string, MessageRecord]>([
    ['in flight', begin(queued())],
    ['cut off', cutOff(begin(queued()), 2_500).record],
    ['unknown', finish(begin(queued()), lost)],
    ['unknown, and to be tried again', finish(begin(queued()), again)],
    [
      'queued, since nothing seemed to have left',
      finish(begin(queued()), { outcome: 'not_sent', error, retry_at: 9_000 }),
    ],
    [
      'given up, since nothing seemed to have left',
      finish(begin(queued()), { outcome: 'not_sent', error, retry_at: undefined }),
    ],
    ['refused, as it seemed', finish(begin(queued()), { outcome: 'rejected', error })],
  ])('proves that an attempt was sent which was %s', (_, record) => {
    const proven = applyReceipt(record, 'wa-1', about(1, 'sent'), 4_000);
    expect(proven).toMatchObject({
      changed: true,
      record: {
        status: 'sent',
        provider_message_id: 'wa-1',
        updated_at: 4_000,
        attempts: [{ number: 1, outcome: 'sent', provider_message_id: 'wa-1', finished_at: 4_000 }],
      },
    });
    expect(proven?.record).not.toHaveProperty('error');
    expect(proven?.record).not.toHaveProperty('retry_at');
    expect(proven?.record.attempts[0]).not.toHaveProperty('error');
  });

  it('of a refusal fails the message with its reason, and takes it out of the queue', () => {
    for (const record of [
      begin(queued()),
      finish(begin(queued()), lost),
      finish(begin(queued()), again),
    ]) {
      const failed = applyReceipt(record, 'wa-1', about(1, 'failed', refusal), 4_000);
      expect(failed).toMatchObject({
        changed: true,
        record: { status: 'failed', error: refusal, provider_message_id: 'wa-1' },
      });
      expect(failed?.record).not.toHaveProperty('retry_at');
    }
  });

  it('of a refusal that was known already gives the id and the reason, and is not told again', () => {
    const refused = finish(begin(queued()), { outcome: 'rejected', error });
    const failed = applyReceipt(refused, 'wa-1', about(1, 'failed', refusal), 4_000);
    expect(failed).toMatchObject({
      changed: false,
      record: { status: 'failed', error: refusal, provider_message_id: 'wa-1' },
    });
  });

  it('is not undone, nor told again, by the attempt that ends after it', () => {
    const proven = applyReceipt(begin(queued()), 'wa-1', about(1, 'delivered'), 2_500);
    const { record } = proven ?? { record: queued() };
    for (const result of [
      { outcome: 'sent', provider_message_id: 'wa-1' },
      { outcome: 'rejected', error },
      { outcome: 'not_sent', error, retry_at: 9_000 },
      lost,
      again,
    ] as const) {
      expect(finishAttempt(record, result, 3_000)).toEqual({ record, changed: false });
    }
    expect(isCutOff(record)).toBe(false);
  });

  it('of an earlier attempt keeps the id of the later one, and both find the message', () => {
    const second = begin(finish(begin(queued()), again));
    const sent = finish(second, { outcome: 'sent', provider_message_id: 'wa-2' });
    const both = applyReceipt(sent, 'wa-1', about(1, 'sent'), 4_000);
    expect(both).toMatchObject({ changed: false, record: { provider_message_id: 'wa-2' } });
    expect(both?.record.attempts).toMatchObject([
      { outcome: 'sent', provider_message_id: 'wa-1' },
      { outcome: 'sent', provider_message_id: 'wa-2' },
    ]);
    const delivered = applyReceipt(both?.record ?? sent, 'wa-1', { status: 'delivered' }, 5_000);
    expect(delivered?.record.status).toBe('delivered');
    const read = applyReceipt(delivered?.record ?? sent, 'wa-2', { status: 'read' }, 6_000);
    expect(read?.record.status).toBe('read');
  });

  it('settles a message while a later attempt of it is under way', () => {
    const second = begin(finish(begin(queued()), again));
    const proven = applyReceipt(second, 'wa-1', about(1, 'sent'), 4_000);
    expect(proven).toMatchObject({
      changed: true,
      record: { status: 'sent', provider_message_id: 'wa-1' },
    });
    const ended = finish(proven?.record ?? second, {
      outcome: 'not_sent',
      error,
      retry_at: 9_000,
    });
    expect(ended.status).toBe('sent');
    const refused = applyReceipt(second, 'wa-1', about(1, 'failed', refusal), 4_000);
    expect(refused).toMatchObject({ changed: false, record: { status: 'sending' } });
  });

  it('says nothing about a message or an attempt that it does not name', () => {
    const record = finish(begin(queued()), lost);
    const foreign = { status: 'sent', tracker: { message_id: 'msg_b', attempt: 1 } } as const;
    expect(applyReceipt(record, 'wa-1', foreign, 4_000)).toBeUndefined();
    for (const attempt of [0, 2, -1, Number.NaN]) {
      expect(applyReceipt(record, 'wa-1', about(attempt, 'sent'), 4_000)).toBeUndefined();
    }
    expect(applyReceipt(record, 'wa-1', { status: 'sent' }, 4_000)).toBeUndefined();
    const sent = finish(record, { outcome: 'sent', provider_message_id: 'wa-1' });
    expect(applyReceipt(sent, 'wa-other', about(1, 'read'), 4_000)).toBeUndefined();
  });
});

describe('who carried a message', () => {
  const hop = { from: 'meta_api', to: 'web_js', code: 'not_ready', reason: 'Logged out.' } as const;
  const carriage = { via: 'web_js', hops: [hop] };

  it('is told by the end of an attempt that was proven before', () => {
    const proven = applyReceipt(begin(queued()), 'wa-1', about(1, 'delivered'), 2_500)?.record;
    expect(proven?.provider).toBe('scripted');
    const sent = { outcome: 'sent', provider_message_id: 'wa-1', ...carriage } as const;
    const ended = finishAttempt(proven ?? queued(), sent, 3_000);
    expect(ended).toMatchObject({
      changed: false,
      record: { status: 'delivered', provider: 'web_js', attempts: [carriage] },
    });
    expect(finishAttempt(ended.record, { ...sent, via: 'other' }, 4_000)).toEqual(ended);
    const other = { ...sent, provider_message_id: 'wa-2' };
    expect(finishAttempt(proven ?? queued(), other, 3_000).record).toBe(proven);
  });

  it('is the attempt whose id the message has, and so is what its event tells', () => {
    const first = finish(begin(queued()), { ...again, ...carriage });
    expect(first).toMatchObject({ status: 'queued', provider: 'web_js' });
    const second = begin(first);
    expect(second.provider).toBe('scripted');
    const proven = applyReceipt(second, 'wa-1', about(1, 'sent'), 4_000)?.record ?? second;
    expect(proven.provider).toBe('web_js');
    expect(statusEvent(proven, 5_000).data).toEqual({
      message_id: 'msg_a',
      status: 'sent',
      provider_message_id: 'wa-1',
      provider: 'web_js',
      attempt: 1,
      hops: [hop],
    });
    const refused = finish(proven, { outcome: 'rejected', error, via: 'meta_api' });
    expect(refused).toMatchObject({ status: 'sent', provider: 'web_js' });
    const sent = { outcome: 'sent', provider_message_id: 'wa-2', via: 'meta_api' } as const;
    expect(statusEvent(finish(proven, sent), 5_000).data).toMatchObject({
      provider_message_id: 'wa-2',
      provider: 'meta_api',
      attempt: 2,
    });
  });
});

describe('what WhatsApp charges', () => {
  const service = { billable: false, model: 'PMP', category: 'service', type: 'regular' };
  const marketing = { billable: true, model: 'PMP', category: 'marketing' };
  const sent = finish(begin(queued()), { outcome: 'sent', provider_message_id: 'wa-1' });
  const told = (record: MessageRecord, receipt: Receipt): MessageRecord =>
    applyReceipt(record, 'wa-1', receipt, 4_000)?.record ?? record;

  it('is what the furthest report told; a late one only fills a gap', () => {
    const reports: Receipt[] = [
      { status: 'sent', pricing: service },
      { status: 'delivered', pricing: marketing },
      { status: 'read' },
    ];
    for (const order of [
      reports,
      [...reports].reverse(),
      [1, 0, 2].flatMap((i) => reports[i] ?? []),
    ]) {
      const end = order.reduce(told, sent);
      expect(end).toMatchObject({ status: 'read', pricing: marketing });
    }
    const early = reports
      .map((each) => [each])
      .reduce(([held], [next]) => {
        return held === undefined || next === undefined ? [] : [mergeHeld(held, next)];
      });
    expect(early).toEqual([{ status: 'read', pricing: marketing }]);
  });

  it('is no event of its own: the next status tells it', () => {
    expect(applyReceipt(sent, 'wa-1', { status: 'sent', pricing: service }, 4_000)).toMatchObject({
      changed: false,
      record: { pricing: service, updated_at: 4_000 },
    });
    const delivered = told(told(sent, { status: 'sent', pricing: service }), {
      status: 'delivered',
    });
    expect(statusEvent(delivered, 5_000).data).toMatchObject({
      status: 'delivered',
      pricing: service,
    });
  });

  it('comes along with the proof of an attempt', () => {
    const lostOne = finish(begin(queued()), lost);
    expect(told(lostOne, { ...about(1, 'sent'), pricing: service })).toMatchObject({
      status: 'sent',
      pricing: service,
    });
  });
});

type Step = (record: MessageRecord) => MessageRecord;

const statuses: Receipt['status'][] = ['sent', 'delivered', 'read', 'played', 'failed'];
const outcomes: AttemptResult[] = [
  { outcome: 'sent', provider_message_id: 'wa-1' },
  { outcome: 'rejected', error },
  { outcome: 'not_sent', error, retry_at: 9_000 },
  { outcome: 'not_sent', error, retry_at: undefined },
  lost,
  again,
];

const reported = (id: string, receipt: Receipt): Step => {
  return (record) => applyReceipt(record, id, receipt, 4_000)?.record ?? record;
};
const crash: Step = (record) => (isCutOff(record) ? cutOff(record, 3_500).record : record);

describe('whatever the order of outcome, tracked receipts, repeats and a crash', () => {
  const receipts = fc.array(fc.constantFrom(...statuses), { minLength: 1, maxLength: 6 });
  const order = fc.infiniteStream(fc.nat());
  const shuffled = <T>(list: readonly T[], dice: Iterator<number>): readonly T[] =>
    list
      .map((item) => ({ item, at: dice.next().value ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);

  it('one attempt ends in the same status, and a proof is never taken back', () => {
    const on_ambiguous = fc.constantFrom('hold' as const, 'retry' as const);
    const story = fc.record({ receipts, outcome: fc.constantFrom(...outcomes), on_ambiguous });
    fc.assert(
      fc.property(story, order, fc.boolean(), (told, dice, crashes) => {
        const steps: Step[] = [
          ...told.receipts.map((status) => reported('wa-1', about(1, status))),
          (record) => finish(record, told.outcome),
          ...(crashes ? [crash] : []),
        ];
        const ends = new Set<string>();
        for (const play of [steps, [...steps].reverse(), shuffled(steps, dice)]) {
          let record = begin(queued({ on_ambiguous: told.on_ambiguous }));
          for (const step of play) {
            const before = record;
            record = step(record);
            // Until there is a proof, `failed` is a belief.
            if (before.provider_message_id === undefined) continue;
            expect(mergeReceipts(before.status, record.status)).toBe(record.status);
          }
          ends.add(record.status);
          expect(record.attempts).toMatchObject([{ outcome: 'sent', provider_message_id: 'wa-1' }]);
        }
        expect(ends.size).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it('two attempts do too', () => {
    const story = fc.record({
      first: receipts,
      second: fc.array(fc.constantFrom(...statuses), { maxLength: 4 }),
      outcome: fc.constantFrom<AttemptResult>(
        { outcome: 'sent', provider_message_id: 'wa-2' },
        { outcome: 'rejected', error },
        { outcome: 'not_sent', error, retry_at: undefined },
        lost,
      ),
    });
    fc.assert(
      fc.property(story, order, (told, dice) => {
        const steps: Step[] = [
          ...told.first.map((status) => reported('wa-1', about(1, status))),
          ...told.second.map((status) => reported('wa-2', about(2, status))),
          (record) => finish(record, told.outcome),
        ];
        const ends = new Set<string>();
        for (const play of [steps, [...steps].reverse(), shuffled(steps, dice)]) {
          let record = begin(finish(begin(queued()), again));
          for (const step of play) record = step(record);
          ends.add(record.status);
        }
        expect([...ends]).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });
});
