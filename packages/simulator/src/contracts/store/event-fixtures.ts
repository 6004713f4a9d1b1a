import { type EventDraft, type GatewayEvent, newId, type SessionFence } from '@blazz/core';

/** An event that says nothing but that it happened. */
export function aDraft(facts: Partial<Omit<EventDraft, 'type' | 'data'>> = {}): EventDraft {
  return {
    id: newId('evt', Date.UTC(2026, 0, 1)),
    session_id: 'main',
    time: '2026-01-01T00:00:00.000Z',
    type: 'message.revoked',
    data: { provider_message_id: 'wa-1', chat_id: '4915550001111@c.us' },
    ...facts,
  };
}

/** The owner of a session that nobody else ever owned. */
export function anOwner(workspaceId: string = 'ws', sessionId: string = 'main'): SessionFence {
  return { workspaceId, sessionId, epoch: 1 };
}

/** The places of events in the log. */
export function seqsOf(events: readonly GatewayEvent[]): readonly number[] {
  return events.map(({ seq }) => seq);
}
