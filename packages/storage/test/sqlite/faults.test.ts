import { open, stat, truncate } from 'node:fs/promises';
import { type EventDraft, newId, type WebhookEndpoint } from '@blazz/core';
import { describe, expect, it } from 'vitest';
import { aMessage, openStore, somePath } from './folder';

const fence = { workspaceId: 'ws', sessionId: 'main', epoch: 0 };

function aDraft(facts: Partial<EventDraft> = {}): EventDraft {
  const data = { provider_message_id: 'wa-1', chat_id: 'chat@g.us' };
  const time = '2026-01-01T00:00:00.000Z';
  const id = newId('evt', 0);
  return { id, session_id: 'main', time, type: 'message.revoked', data, ...facts } as EventDraft;
}

describe('a write that no database would take', () => {
  it('fails alone, for good, and takes nothing along that shares its commit', async () => {
    const { outbox, events } = await openStore(await somePath());
    const endless: Record<string, unknown> = {};
    endless.itself = endless;
    const [before, faulty, after, event] = await Promise.allSettled([
      outbox.accept(aMessage('msg_1'), 'd', 60_000),
      events.append(fence, [aDraft({ data: endless } as unknown as EventDraft)]),
      outbox.accept(aMessage('msg_2'), 'd', 60_000),
      events.append(fence, [aDraft()]),
    ]);
    expect(faulty).toMatchObject({ reason: { code: 'internal', retryable: false } });
    expect([before.status, after.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(event).toMatchObject({ value: [{ seq: 1 }] });
    expect(await events.bounds('ws')).toEqual({ oldestSeq: 1, headSeq: 1 });
    expect(await outbox.list('ws', { limit: 10 })).toHaveLength(2);
  });

  it('takes along the change that it tells of', async () => {
    const { workspaces, deliveries } = await openStore(await somePath());
    const endless: Record<string, unknown> = {};
    endless.itself = endless;
    const event = aDraft({ data: endless } as unknown as EventDraft);
    const choice = { workspace_id: 'ws', provider_type: 'other', by: 'key', at: 1 };
    const endpoint: WebhookEndpoint = {
      endpoint_id: 'whe_a',
      workspace_id: 'ws',
      url: 'https://app.test/hooks',
      secrets: [],
      ordered: false,
      status: 'disabled',
      created_at: 1,
    };
    const faulty = { code: 'internal', retryable: false };
    const config = { workspace_id: 'ws', provider_type: 'own', sessions: [] };
    await expect(workspaces.choose(choice, event, config)).rejects.toMatchObject(faulty);
    await expect(deliveries.saveEndpoint(endpoint, event)).rejects.toMatchObject(faulty);
    expect(await workspaces.choices()).toEqual([]);
    expect(await workspaces.list()).toEqual([]);
    expect(await deliveries.endpoints()).toEqual([]);
  });

  it('is no key with half a character in it', async () => {
    const { events } = await openStore(await somePath());
    const halves = ['x\ud83d', 'x\ud83e'].map((dedupe_key) => aDraft({ dedupe_key }));
    expect(await events.append(fence, halves)).toHaveLength(1);
    expect(await events.append(fence, halves)).toHaveLength(0);
  });
});

it('answers everybody when the disk goes bad under it, and can be stopped', async () => {
  const path = await somePath();
  const store = await openStore(path);
  for (let i = 0; i < 5; i++)
    await store.events.append({ ...fence, workspaceId: `ws${i}` }, [aDraft()]);
  // More than is held in memory, so that the file has to be read again.
  for (let i = 0; i < 60; i++) {
    const ids = Array.from({ length: 100 }, (_, n) => `msg_${i}_${n}`);
    const text = 'x'.repeat(8_000);
    await Promise.all(ids.map((id) => store.outbox.accept(aMessage(id, text), 'd', 60_000)));
  }
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(size - 4_096, 0xa5), 0, size - 4_096, 4_096);
  await file.close();
  await truncate(`${path}-wal`, 0);
  const answers = await Promise.allSettled([
    store.outbox.accept({ ...aMessage('msg_x'), workspace_id: 'other' }, 'd', 60_000),
    store.events.append(fence, [aDraft()]),
    store.events.bounds('ws1'),
  ]);
  const refused = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  expect(refused.length).toBeGreaterThan(0);
  for (const reason of refused) {
    expect(reason).toMatchObject({ code: 'store_unavailable', message: /damaged/ });
  }
  await store.stop();
}, 60_000);
