import type { EventType, GatewayEvent } from '@blazz/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventFilter } from '../../src/stream/event-filter';
import { FramePage } from '../../src/stream/frame-page';

const types: readonly EventType[] = ['message.edited', 'message.received', 'message.status'];
const sessions = ['a', 'b', ''];

/** Reads a server's frames back, by the letter of RFC 6455. */
function payloads(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x81);
    const short = bytes.readUInt8(at + 1);
    const [head, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))];
    texts.push(bytes.toString('utf8', at + head, at + head + length));
    at += head + length;
  }
  return texts;
}

it('cuts a page into whole frames of what passes, in order, and says how far each stretch goes', () => {
  const event = fc.record({
    type: fc.constantFrom(...types),
    session_id: fc.constantFrom(...sessions),
    text: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('x'.repeat(70_000), 'ü'.repeat(40_000)),
    ),
  });
  const filter = fc.record({
    types: fc.option(fc.subarray([...types]), { nil: undefined }),
    sessions: fc.option(fc.subarray(sessions), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), filter, (facts, query) => {
      const events = facts.map(({ type, session_id, text }, i) => {
        const seq = 7 + i;
        return { id: `e${seq}`, seq, type, session_id, data: { text } } as never as GatewayEvent;
      });
      const page = new FramePage({ events, next: 6 + events.length, oldestSeq: 1, headSeq: 99 });
      const stretches = page.stretches(new EventFilter(query));
      const wanted = events.filter(
        ({ type, session_id }) =>
          (query.types?.includes(type) ?? true) && (query.sessions?.includes(session_id) ?? true),
      );
      const seen = stretches.map(({ bytes, lastSeq, count }) => {
        const read = payloads(bytes).map((text) => JSON.parse(text).event as GatewayEvent);
        expect(read).toHaveLength(count);
        expect(read.at(-1)?.seq).toBe(lastSeq);
        if (count > 1) expect(bytes.length).toBeLessThanOrEqual(64 * 1024);
        return read;
      });
      expect(seen.flat()).toEqual(JSON.parse(JSON.stringify(wanted)));
    }),
  );
});
