import type { EventDraft } from '@blazz/core';
import { dedupeKeyMs } from '@blazz/core/adapters';
import { describe, expect, it } from 'vitest';
import { harness } from '../harness';

describe('retention', () => {
  it('forgets old settled messages and the oldest events, and keeps what is still owed', async () => {
    const { gateway, clock, world, text, store } = harness({
      provider: { abilities: [] },
      gateway: { retention: { messagesMs: 80 * 3_600_000, eventsPerWorkspace: 10 } },
    });
    world.nextSends({ outcome: 'sent' }, { outcome: 'unknown', effect: false });
    await gateway.start();
    const ws = gateway.workspace('ws');
    const sent = await ws.send(text(1));
    await clock.advance(10);
    const unknown = await ws.send(text(2));
    const later = await ws.send({
      ...text(3),
      send_at: new Date(clock.now() + 90 * 3_600_000).toISOString(),
    });
    for (let i = 0; i < 30; i++) world.account('ws', 'main').deliverText('6281111111', `${i}`);
    await clock.advance(600_000);
    expect((await store.events.bounds('ws')).oldestSeq).toBeGreaterThan(1);
    const page = await ws.events({ after: 0, limit: 100 });
    expect(page.events).toHaveLength(10);
    expect((await ws.message(sent.message.message_id)).status).toBe('sent');
    // Days pass on the calendar; hours of lease renewals in between would prove nothing more.
    clock.jump(80 * 3_600_000);
    await clock.advance(600_000);
    await expect(ws.message(sent.message.message_id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await ws.message(unknown.message.message_id)).status).toBe('unknown');
    expect((await ws.message(later.message.message_id)).status).toBe('queued');
    await clock.play(gateway.stop());
    expect(clock.pending).toBe(0);
  });

  it('knows for 8 days what WhatsApp may tell again, though the event is trimmed', async () => {
    const { gateway, clock, world, store } = harness({
      gateway: { retention: { eventsPerWorkspace: 2 } },
    });
    await gateway.start();
    await clock.advance(10);
    const known = async (key: string) => {
      const draft: EventDraft = {
        id: `evt_${key}`,
        session_id: 'other',
        time: new Date(clock.now()).toISOString(),
        type: 'message.revoked',
        data: { provider_message_id: key, chat_id: '6281111111@c.us' },
        dedupe_key: key,
      };
      const fence = { workspaceId: 'ws', sessionId: 'other', epoch: 0 };
      return (await store.events.append(fence, [draft])).length === 0;
    };
    expect(await known('wa-1')).toBe(false);
    for (let i = 0; i < 5; i++) world.account('ws', 'main').deliverText('6281111111', `${i}`);
    await clock.advance(600_000);
    expect((await store.events.bounds('ws')).oldestSeq).toBeGreaterThan(5);
    clock.jump(dedupeKeyMs - 1_300_000);
    await clock.advance(600_000);
    expect(await known('wa-1')).toBe(true);
    await clock.advance(600_000);
    expect(await known('wa-1')).toBe(false);
    await clock.play(gateway.stop());
  });

  it('forgets the past of a workspace that was removed', async () => {
    const { gateway, clock, world, store } = harness({
      gateway: { retention: { eventsMs: 3_600_000 } },
    });
    world.account('gone', 'gone_main').link();
    await gateway.start();
    await gateway.configure({
      workspace_id: 'gone',
      provider_type: 'scripted',
      sessions: ['gone_main'],
    });
    await clock.advance(10);
    world.account('gone', 'gone_main').deliverText('6281111111', 'hello');
    await clock.advance(10);
    await clock.play(gateway.remove('gone'));
    const { headSeq } = await store.events.bounds('gone');
    expect(headSeq).toBeGreaterThan(1);
    clock.jump(3_600_000);
    await clock.advance(600_000);
    expect(await store.events.bounds('gone')).toEqual({ oldestSeq: headSeq + 1, headSeq });
    await clock.play(gateway.stop());
  });

  it('forgets consumers that are gone, and what was given up, a page at a time', async () => {
    const { gateway, clock, store } = harness({
      gateway: { retention: { consumersMs: 48 * 3_600_000 } },
    });
    await gateway.start();
    await clock.advance(10);
    const { events, deliveries, intake } = store;
    const then = clock.now();
    for (let i = 0; i < 1_500; i++) await events.saveCursor('ws', `gone_${i}`, 0, then);
    await events.saveCursor('ws', 'webhook_whe_a', 0, then);
    await events.saveCursor('ws', 'busy', 0, then + 3_600_000);
    const limits: number[] = [];
    const asked = <R>(call: (before: number, limit: number) => Promise<R>) => {
      return (before: number, limit: number) => {
        limits.push(limit);
        return call(before, limit);
      };
    };
    deliveries.pruneDead = asked(deliveries.pruneDead.bind(deliveries));
    intake.pruneQuarantined = asked(intake.pruneQuarantined.bind(intake));
    events.forgetCursors = asked(events.forgetCursors.bind(events));
    clock.jump(48 * 3_600_000 - 600_000);
    await clock.advance(600_000);
    expect(await events.cursor('ws', 'gone_1499')).toBe(0);
    clock.jump(600_000);
    limits.length = 0;
    await clock.advance(600_000);
    expect(await events.cursor('ws', 'gone_0')).toBeUndefined();
    expect(await events.cursor('ws', 'gone_1499')).toBeUndefined();
    expect(await events.cursor('ws', 'webhook_whe_a')).toBe(0);
    expect(await events.cursor('ws', 'busy')).toBe(0);
    expect(limits.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...limits)).toBeLessThanOrEqual(1_000);
    await clock.play(gateway.stop());
  });

  it('forgets events by their age too, and no others', async () => {
    const { gateway, clock, world, store } = harness({
      gateway: { retention: { eventsMs: 48 * 3_600_000 } },
    });
    await gateway.start();
    await clock.advance(10);
    const deliver = async (count: number) => {
      for (let i = 0; i < count; i++) world.account('ws', 'main').deliverText('6281111111', `${i}`);
      await clock.advance(10);
      return (await store.events.bounds('ws')).headSeq;
    };
    const old = await deliver(1_200);
    clock.jump(47 * 3_600_000);
    await deliver(3);
    expect((await store.events.bounds('ws')).oldestSeq).toBe(1);
    clock.jump(2 * 3_600_000);
    await clock.advance(600_000);
    const { oldestSeq } = await store.events.bounds('ws');
    const { events } = await store.events.read('ws', { after: 0, limit: 1 });
    expect(oldestSeq).toBeGreaterThan(old - 3);
    expect(Date.parse(events[0]?.time ?? '')).toBeGreaterThan(clock.now() - 48 * 3_600_000);
    await clock.play(gateway.stop());
  });
});
