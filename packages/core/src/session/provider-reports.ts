import type { Identity } from '../messages/identity';
import type { InboundMessage } from '../messages/inbound-message';
import type { MessageRecord } from '../outbox/message-record';
import type { ProviderEvent } from '../provider/provider-event';
import type { OutboxStore } from '../store/outbox-store';
import type { Inbox, OnLost } from './inbox';
import type { SessionJournal } from './session-journal';

/** What a report is written with. */
export interface ReportContext {
  /** The session's log. */
  readonly journal: SessionJournal;
  /** Writes in order. */
  readonly inbox: Inbox;
  /** Where our own messages are. */
  readonly outbox: OutboxStore;
  /** Resolves when the sends that are in flight now are over. */
  readonly sendsInFlight: () => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of every message of ours that a report changed. */
  readonly onMessage: (message: MessageRecord) => void;
  /** Told when the store does not take what a report says. Default: nobody, beside the log. */
  readonly onLost?: OnLost;
}

/** A report that is written down, as opposed to one about the connection, which moves the session. */
export type Report = Extract<ProviderEvent, { type: `${string}.${string}` }>;

/** Whether an event is one to write down. */
export function isReport(event: ProviderEvent): event is Report {
  return event.type.includes('.');
}

/**
 * Writes down what a provider reports about messages, contacts and the account. Whatever WhatsApp may
 * tell twice carries a dedupe key made of its native id.
 * @returns resolves once the write has its place in the inbox; `undefined` when it has it already
 */
export function record(event: Report, context: ReportContext): Promise<void> | undefined {
  const { journal, inbox, outbox, now, onMessage, sendsInFlight, onLost } = context;
  const session = journal.fence.sessionId;
  switch (event.type) {
    case 'message.received': {
      const key = `received/${session}/${event.message.provider_message_id}`;
      journal.publish('message.received', event.message, key, onLost);
      return;
    }
    case 'message.echo':
      // WhatsApp Web shows an own message before it answers the send: until the sends in flight
      // have their ids, nobody can tell ours from one that was written on the phone.
      return sendsInFlight().then(() =>
        inbox.run(() => settleEcho(event.message, context), onLost),
      );
    case 'message.receipt':
      inbox.join(async () => {
        const { provider_message_id, status, error, tracker, pricing } = event;
        const receipt = {
          status,
          ...(error === undefined ? {} : { error: error.toJSON() }),
          ...(tracker === undefined ? {} : { tracker }),
          ...(pricing === undefined ? {} : { pricing }),
        };
        const ours = await outbox.applyReceipt(journal.fence, provider_message_id, receipt, now());
        if (ours !== undefined) onMessage(ours);
      }, onLost);
      return;
    case 'message.reaction': {
      const { type, ...data } = event;
      const key = `reaction/${session}/${data.provider_message_id}/${nameOf(event.from)}/${data.timestamp}/${data.emoji}`;
      journal.publish(type, data, key, onLost);
      return;
    }
    case 'message.poll_vote': {
      const { type, ...data } = event;
      const key = `vote/${session}/${data.provider_message_id}/${nameOf(event.from)}/${data.timestamp}/${JSON.stringify(data.options)}`;
      journal.publish(type, data, key, onLost);
      return;
    }
    case 'message.edited': {
      const { type, key, ...data } = event;
      const id = key === undefined ? undefined : `${data.provider_message_id}/${key}`;
      journal.publish(type, data, id && `edited/${session}/${id}`, onLost);
      return;
    }
    case 'message.revoked': {
      const { type, ...data } = event;
      journal.publish(type, data, `revoked/${session}/${data.provider_message_id}`, onLost);
      return;
    }
    case 'template.status':
      journal.publish(event.type, event.template, `template/${session}/${event.key}`, onLost);
      return;
    case 'account.alert':
      journal.publish(event.type, event.alert, `alert/${session}/${event.key}`, onLost);
      return;
    case 'contact.updated':
      journal.publish(event.type, event.contact, `contact/${session}/${event.key}`, onLost);
      return;
    case 'provider.notice': {
      const { topic, raw } = event;
      journal.publish(event.type, { topic, raw }, `notice/${session}/${event.key}`, onLost);
      return;
    }
  }
}

/** What tells one person from another. */
function nameOf({ lid, phone, bsuid }: Identity): string {
  return lid ?? phone ?? bsuid ?? '';
}

/** An echo of a message of ours proves that it was sent; any other came from elsewhere. */
async function settleEcho(message: InboundMessage, context: ReportContext): Promise<void> {
  const { journal, outbox, now, onMessage } = context;
  const id = message.provider_message_id;
  const ours = await outbox.applyReceipt(journal.fence, id, { status: 'sent' }, now());
  if (ours === undefined) {
    await journal.append('message.echo', message, `echo/${journal.fence.sessionId}/${id}`);
  } else {
    onMessage(ours);
  }
}
