import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload } from '../../../src/meta/decode/decode-payload';
import { splitPayload } from '../../../src/meta/decode/envelope';
import { bodies, changes } from './fuzz';
import { message, messages, metadata, payload, statuses } from './payloads';

const decode = (body: string) => decodePayload(body, { includeRaw: false });

describe('statuses', () => {
  const status = {
    id: 'wamid.1',
    status: 'delivered',
    timestamp: '1749416383',
    recipient_id: '1650',
  };

  it('are receipts, with what the send carried along and what it costs', () => {
    const body = statuses([
      {
        ...status,
        biz_opaque_callback_data: 'b1.msg_7.3',
        pricing: { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' },
        conversation: { id: 'c' },
      },
    ]);
    expect(decode(body)).toEqual([
      {
        type: 'message.receipt',
        provider_message_id: 'wamid.1',
        status: 'delivered',
        at: 1_749_416_383_000,
        tracker: { message_id: 'msg_7', attempt: 3 },
        pricing: { billable: true, model: 'PMP', category: 'utility', type: 'regular' },
      },
    ]);
  });

  it('that failed say why, by the table', () => {
    const errors = [{ code: 131047, title: 'x', message: 'x', error_data: { details: '+1650' } }];
    expect(decode(statuses([{ ...status, status: 'failed', errors }]))).toMatchObject([
      {
        status: 'failed',
        error: { code: 'rejected', details: { graph_code: 131047, class: 'window' } },
      },
    ]);
    expect(decode(statuses([{ ...status, status: 'failed' }]))).toMatchObject([
      { status: 'failed', error: { details: { class: 'transient' } } },
    ]);
  });

  it('that are not known, and data of others, are passed on or left', () => {
    const events = decode(
      statuses([
        { ...status, status: 'warning' },
        { ...status, biz_opaque_callback_data: '{"order":7}' },
      ]),
    );
    expect(events.map(({ type }) => type)).toEqual(['provider.notice', 'message.receipt']);
    expect(events[1]).not.toHaveProperty('tracker');
  });
});

describe('templates', () => {
  const template = {
    message_template_id: 1_192_339_204_654_487,
    message_template_name: 'hello',
    message_template_language: 'en_US',
  };
  const about = { template_id: '1192339204654487', name: 'hello', language: 'en_US' };

  it.each([
    [
      'message_template_status_update',
      { event: 'APPROVED', reason: 'NONE' },
      { change: 'status', value: 'APPROVED' },
    ],
    [
      'message_template_status_update',
      { event: 'REJECTED', reason: 'SCAM' },
      { change: 'status', value: 'REJECTED', reason: 'SCAM' },
    ],
    [
      'message_template_quality_update',
      { previous_quality_score: 'GREEN', new_quality_score: 'RED' },
      { change: 'quality', value: 'RED', previous: 'GREEN' },
    ],
    [
      'template_category_update',
      { previous_category: 'UTILITY', new_category: 'MARKETING' },
      { change: 'category', value: 'MARKETING', previous: 'UTILITY' },
    ],
    [
      'message_template_components_update',
      { message_template_element: 'x' },
      { change: 'components', value: 'UPDATED' },
    ],
  ])('tell %s', (field, value, expected) => {
    const [event] = decode(payload(field, { ...template, ...value }));
    expect(event).toMatchObject({ type: 'template.status', template: { ...about, ...expected } });
  });

  it('keep every digit of an id that JSON numbers cannot hold', () => {
    const body = payload('message_template_status_update', {
      ...template,
      event: 'PAUSED',
    }).replace('1192339204654487', '92233720368547758');
    expect(decode(body)).toMatchObject([{ template: { template_id: '92233720368547758' } }]);
  });
});

describe('the account', () => {
  it.each([
    ['account_update', { event: 'DISABLED_UPDATE' }, 'critical', 'DISABLED_UPDATE'],
    ['account_update', { event: 'VERIFIED_ACCOUNT' }, 'info', 'VERIFIED_ACCOUNT'],
    ['account_review_update', { decision: 'REJECTED' }, 'warning', 'REJECTED'],
    [
      'account_alerts',
      { alert_info: { alert_severity: 'CRITICAL', alert_type: 'OBA' } },
      'critical',
      'OBA',
    ],
    ['phone_number_quality_update', { event: 'FLAGGED' }, 'warning', 'FLAGGED'],
    ['phone_number_name_update', { decision: 'APPROVED' }, 'info', 'APPROVED'],
    [
      'business_capability_update',
      { max_daily_conversation_per_phone: 10 },
      'info',
      'LIMITS_CHANGED',
    ],
    ['security', { event: 'PIN_CHANGED' }, 'warning', 'PIN_CHANGED'],
  ])('tells %s %j as %s', (field, value, severity, event) => {
    expect(decode(payload(field, value))).toMatchObject([
      { type: 'account.alert', alert: { topic: field, event, severity, raw: value } },
    ]);
  });

  it('tells errors of its own', () => {
    expect(decode(payload('messages', { metadata, errors: [{ code: 130429 }] }))).toMatchObject([
      { type: 'account.alert', alert: { topic: 'errors', event: 'GRAPH_130429' } },
    ]);
  });

  it('tells what people want', () => {
    const entry = {
      wa_id: '16505551234',
      detail: 'd',
      category: 'marketing_messages',
      value: 'stop',
      timestamp: 1_749_416_383,
    };
    expect(decode(payload('user_preferences', { user_preferences: [entry] }))).toMatchObject([
      {
        type: 'contact.updated',
        contact: { change: 'preference', value: 'stop', timestamp: '2025-06-08T20:59:43.000Z' },
      },
    ]);
  });

  it.each(['group_lifecycle_update', 'smb_app_state_sync', 'flows', 'constructor', 'tomorrow'])(
    'passes on what is not known: %s',
    (field) => {
      const value = { metadata, a: 1 };
      const [event, ...rest] = decode(payload(field, value));
      expect(event).toMatchObject({ type: 'provider.notice', topic: field, raw: { field, value } });
      expect(rest).toEqual([]);
    },
  );
});

describe('keys', () => {
  const alert = (time?: number) => {
    const [event] = decode(payload('phone_number_quality_update', { event: 'FLAGGED' }, time));
    return event?.type === 'account.alert' ? event.key : '';
  };
  it('are the same for a repeated report, and another when it comes true again', () => {
    expect(alert()).toBe(alert());
    expect(alert()).not.toBe(alert(1_760_000_000));
  });
});

describe('payloads', () => {
  it('are cut by number, or by account, in their order, and lose nothing', () => {
    const change = (number: string, id: string) => ({
      field: 'messages',
      value: {
        metadata: { ...metadata, phone_number_id: number },
        messages: [message('text', { id, text: { body: id } })],
      },
    });
    const account = { field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } };
    const entry = [
      {
        id: 'w1',
        time: 1,
        changes: [change('1', 'a'), change('2', 'b'), account, change('1', 'c')],
      },
      { id: 'w2', time: 2, changes: [change('1', 'd')] },
    ];
    const parts = splitPayload(
      Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry })),
    );
    expect(parts.map(({ account: name }) => name)).toEqual(['1', '2', 'w1']);
    const ids = parts.map(({ body }) =>
      decode(body).map((event) =>
        event.type === 'message.received' ? event.message.provider_message_id : event.type,
      ),
    );
    expect(ids).toEqual([['a', 'c', 'd'], ['b'], ['account.alert']]);
  });

  it.each(['', 'x', '7', 'null', '[]', '{}', '{"entry":7}'])(
    'are refused when they are none: %s',
    (body) => {
      expect(() => decode(body)).toThrow(expect.objectContaining({ code: 'bad_request' }));
      expect(() => splitPayload(Buffer.from(body))).toThrow(
        expect.objectContaining({ code: 'bad_request' }),
      );
    },
  );

  it('make at least one event per change, and never throw, whatever they say', () => {
    void fc.assert(
      fc.property(changes, (list) => {
        const body = JSON.stringify({ entry: [{ id: 'w', changes: list }] });
        expect(decode(body).length).toBeGreaterThanOrEqual(list.length);
        const parts = splitPayload(Buffer.from(body));
        const events = parts.flatMap((part) => decode(part.body));
        expect(events).toHaveLength(decode(body).length);
      }),
      { numRuns: 300 },
    );
  });

  it('never throw on JSON of any shape but for bad_request', () => {
    void fc.assert(
      fc.property(bodies, (body) => {
        try {
          decode(body);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad_request' });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of odd values, where texts and times are expected, are read', () => {
    const odd = { toString: 1, valueOf: 2 };
    const body = JSON.stringify({
      entry: [
        {
          id: odd,
          time: 1e300,
          changes: [
            {
              field: 'messages',
              value: { statuses: [{ id: 'a', status: 'read', timestamp: odd }] },
            },
            { field: 'messages', value: { messages: [message('text', { timestamp: odd })] } },
            { field: odd, value: odd },
          ],
        },
      ],
    });
    expect(decode(body)).toHaveLength(3);
  });

  it('nested out of all reason are read or refused', () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const body = messages([]).replace('"messages":[]', `"messages":[${deep}]`);
    expect(() => splitPayload(Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
    expect(decode(body)).toHaveLength(1);
  });

  it('of 3 MB are cut in good time', () => {
    const list = Array.from({ length: 1_000 }, (_, index) =>
      message('text', { id: `wamid.${index}`, text: { body: 'x'.repeat(2_800) } }),
    );
    const body = Buffer.from(messages(list));
    const before = performance.now();
    const [part] = splitPayload(body);
    expect(decode(part?.body ?? '')).toHaveLength(1_000);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
