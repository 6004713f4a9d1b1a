import { type EventDraft, type GatewayEvent, newId, type SessionFence } from '@blazz/core';

/** When events happen that say nothing else, in milliseconds since 1970. */
export const draftTime: number = Date.UTC(2026, 0, 1);

/** An event that says nothing but that it happened. */
export function aDraft(facts: Partial<Omit<EventDraft, 'type' | 'data'>> = {}): EventDraft {
  return {
    id: newId('evt', draftTime),
    session_id: 'main',
    time: new Date(draftTime).toISOString(),
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
