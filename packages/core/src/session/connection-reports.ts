import { GatewayError } from '../errors/gateway-error';
import type { ProviderEvent } from '../provider/provider-event';
import type { PairingWindow } from './pairing-window';
import type { Report } from './provider-reports';
import { isoTime, type SessionJournal } from './session-journal';
import type { SessionState } from './session-state';

/** A report about the connection, as opposed to messages. */
export type ConnectionReport = Exclude<ProviderEvent, Report>;

/** What a report about the connection moves. */
export interface ConnectionContext {
  /** Where the session stands. */
  readonly journal: SessionJournal;
  /** The wait for somebody to scan. */
  readonly pairing: PairingWindow;
  /** Sends may go out. */
  readonly open: () => void;
  /** Sends must wait. */
  readonly close: () => void;
  /** The provider is of no more use. */
  readonly down: (error: GatewayError) => void;
  /** The provider is to be stopped, and nothing started in its place. */
  readonly rest: (to: SessionState, reason: string) => void;
}

/** What keeps a session from going on whose provider waits for a person. */
export function personNeeded(event: ConnectionReport): GatewayError | undefined {
  if (event.type !== 'action_required' || event.waiting !== true) return undefined;
  const why = `WhatsApp waits for a person (${event.reason}); act, or reconnect the session.`;
  return new GatewayError('not_ready', why);
}

/** Moves a session as its provider reports. */
export function follow(event: ConnectionReport, context: ConnectionContext): void {
  const { journal, pairing } = context;
  switch (event.type) {
    case 'qr': {
      const { text, expiresAt } = event;
      if (event.aside === true) pairing.show({ text, expiresAt });
      else {
        pairing.open({ text, expiresAt });
        journal.move('pairing');
      }
      journal.publish('session.qr', { qr: text, expires_at: isoTime(expiresAt), ...by(event) });
      return journal.touch();
    }
    case 'pairing_code': {
      const { code, expiresAt } = event;
      if (event.aside !== true) {
        pairing.open();
        journal.move('pairing');
      }
      const facts = { code, expires_at: isoTime(expiresAt), ...by(event) };
      return journal.publish('session.pairing_code', facts);
    }
    case 'syncing':
      pairing.close();
      return journal.move('syncing', { percent: event.percent });
    case 'ready':
      pairing.close();
      journal.move('ready', { account: event.account });
      return context.open();
    case 'interrupted':
      context.close();
      return journal.move('reconnecting', { reason: event.reason });
    case 'down':
      return context.down(event.error);
    case 'action_required':
      if (event.waiting !== true) return context.rest(event.type, event.reason);
      pairing.close();
      context.close();
      return journal.move(event.type, { reason: event.reason });
    case 'logged_out':
      return context.rest(event.type, event.reason);
  }
}

function by({ member }: { readonly member?: string }): { readonly member?: string } {
  return member === undefined ? {} : { member };
}
