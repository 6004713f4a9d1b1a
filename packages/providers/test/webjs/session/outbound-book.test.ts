import type { InboundMessage, ProviderEvent } from '@blazz/core';
import { ManualClock } from '@blazz/simulator/clock';
import { beforeEach, describe, expect, it } from 'vitest';
import { OutboundBook } from '../../../src/webjs/session/outbound-book';

const echo = (key: string, body = 'x'): InboundMessage => ({
  provider_message_id: key,
  from: {},
  chat_id: '62822@c.us',
  is_group: false,
  timestamp: '2026-01-01T00:00:00.000Z',
  type: 'text',
  text: { body },
});

describe('OutboundBook', () => {
  let events: ProviderEvent[];
  let clock: ManualClock;
  let book: OutboundBook;
  beforeEach(() => {
    events = [];
    clock = new ManualClock();
    book = new OutboundBook({ clock, emit: (event) => events.push(event) });
  });
  const told = (): string[] =>
    events.map((event) =>
      event.type === 'message.echo'
        ? `echo ${event.message.provider_message_id}`
        : event.type === 'message.receipt'
          ? `${event.status} ${event.provider_message_id}`
          : event.type,
    );

  it('reports what is nobody’s of ours at once', () => {
    book.onEcho(echo('true_1'));
    book.onReceipt('true_1', 'delivered');
    expect(told()).toEqual(['echo true_1', 'delivered true_1']);
  });

  it('holds echoes while a send is under way, and keeps its own', () => {
    const flight = book.open('msg_1');
    book.onEcho(echo('true_ours'));
    book.onEcho(echo('true_phone'));
    expect(told()).toEqual([]);
    flight.claim('true_ours');
    expect(told()).toEqual(['echo true_phone']);
    flight.close('sent');
    book.onEcho(echo('true_ours'));
    expect(told()).toEqual(['echo true_phone']);
  });

  it('gives everything away when a send ends without a key', () => {
    const flight = book.open('msg_1');
    book.onEcho(echo('true_1'));
    flight.close();
    expect(told()).toEqual(['echo true_1']);
  });

  it('knows a receipt that came before the key', async () => {
    const flight = book.open('msg_1');
    book.onReceipt('true_ours', 'sent');
    flight.claim('true_ours');
    expect(await book.acknowledged('true_ours')).toBe('sent');
  });

  it('tells receipts after the outcome, and not what that said already', async () => {
    const flight = book.open('msg_1');
    flight.claim('true_ours');
    const first = book.acknowledged('true_ours');
    book.onReceipt('true_ours', 'sent');
    book.onReceipt('true_ours', 'delivered');
    expect(await first).toBe('sent');
    flight.close('sent');
    expect(told()).toEqual([]);
    await clock.advance(1);
    expect(told()).toEqual(['delivered true_ours']);
    book.onReceipt('true_ours', 'read');
    expect(told()).toEqual(['delivered true_ours', 'read true_ours']);
  });

  it('does not hold receipts of other messages for longer than it takes to know the key', async () => {
    const flight = book.open('msg_1');
    book.onReceipt('true_earlier', 'read');
    expect(told()).toEqual([]);
    flight.claim('true_ours');
    expect(told()).toEqual(['read true_earlier']);
    flight.close();
    await clock.advance(1);
  });

  it('finds what the library forgot to return by its looks, unless two look alike', () => {
    const one = book.open('msg_1');
    book.onEcho(echo('true_a', 'hello'));
    book.onEcho(echo('true_b', 'else'));
    const hello = (message: InboundMessage): boolean => message.text?.body === 'hello';
    expect(one.candidate(hello)).toBe('true_a');
    book.onEcho(echo('true_c', 'hello'));
    expect(one.candidate(hello)).toBeUndefined();
  });

  it('says why a message failed', () => {
    book.onReceipt('true_1', 'failed');
    expect(events[0]).toMatchObject({ status: 'failed', error: { code: 'rejected' } });
  });
});
