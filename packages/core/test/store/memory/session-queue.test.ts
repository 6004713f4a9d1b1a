import { MemoryStore, type NewMessage } from '@blazz/core';
import { describe, expect, it } from 'vitest';

/** A set that counts how often it is asked: a claim asks once for each message that it looks at. */
class CountingSet extends Set<string> {
  asked = 0;
  override has(key: string): boolean {
    this.asked++;
    return super.has(key);
  }
}

const message = (i: number, recipient: number, facts: Partial<NewMessage> = {}): NewMessage => ({
  message_id: `msg_${i}`,
  workspace_id: 'ws',
  session_id: 'main',
  recipient: { kind: 'phone', phone: `${recipient}`, key: `${recipient}` },
  content: { type: 'text', text: { body: 'campaign' } },
  lane: i % 2 === 0 ? 'interactive' : 'bulk',
  on_ambiguous: 'hold',
  idempotency_key: `key-${i}`,
  created_at: 1_000,
  ...facts,
});

describe('claiming out of very many queued messages', () => {
  it('looks at what it gives and at what is busy, and at nothing else', async () => {
    const { outbox } = new MemoryStore();
    const recipients = 12_000;
    for (let i = 0; i < 30_000; i++) {
      await outbox.accept(message(i, 4_915_550_000_000 + (i % recipients)), 'digest', 60_000);
    }
    const busy = new CountingSet(['4915550000000', '4915550000002', '4915550000004']);
    const claim = () =>
      outbox.claim({ workspaceId: 'ws', sessionId: 'main', now: 2_000, limit: 32, busy });
    const { messages, nextAt } = await claim();
    expect(messages.map(({ message_id }) => message_id).slice(0, 2)).toEqual(['msg_6', 'msg_8']);
    expect([messages.length, nextAt]).toEqual([32, undefined]);
    expect(busy.asked).toBe(35);
    await claim();
    expect(busy.asked).toBe(70);
  });

  it('pays for scheduled messages when they are accepted, not with each claim', async () => {
    const { outbox } = new MemoryStore();
    for (let i = 0; i < 5_000; i++) {
      const facts = { send_at: 10_000 + i, lane: 'interactive' } as const;
      await outbox.accept(message(i, 4_915_550_000_000 + i, facts), 'digest', 60_000);
    }
    const busy = new CountingSet();
    const at = (now: number) =>
      outbox.claim({ workspaceId: 'ws', sessionId: 'main', now, limit: 10, busy });
    expect(await at(2_000)).toEqual({ messages: [], nextAt: 10_000 });
    expect(busy.asked).toBe(0);
    expect((await at(10_004)).messages).toHaveLength(5);
    expect((await at(10_004)).nextAt).toBe(10_005);
  });

  it('offers nothing early after the clock was set back', async () => {
    const { outbox } = new MemoryStore();
    await outbox.accept(message(0, 4_915_550_000_000, { send_at: 10_000 }), 'digest', 60_000);
    const at = async (now: number) => {
      const request = { workspaceId: 'ws', sessionId: 'main', now, limit: 10, busy: new Set('') };
      const { messages, nextAt } = await outbox.claim(request);
      return [messages.length, nextAt];
    };
    expect(await at(10_000)).toEqual([1, undefined]);
    expect(await at(9_000)).toEqual([0, 10_000]);
    expect(await at(10_000)).toEqual([1, undefined]);
  });
});
