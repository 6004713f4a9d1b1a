import type { ActionReason, GatewayError, ProviderEvent } from '@blazz/core';

/** How the next start of a provider goes. */
export type StartStep =
  | {
      /** It throws. */
      readonly outcome: 'fail';
      /** What it throws. Default: `start_failed`. */
      readonly error?: GatewayError;
    }
  | {
      /** It never ends by itself, as a page that does not load. */
      readonly outcome: 'hang';
    }
  | {
      /** It ends in a state that only a person can end. */
      readonly outcome: 'action_required';
      /** What for. */
      readonly reason: ActionReason;
    };

/** What the simulated WhatsApp can do to a provider that is connected to it. */
export interface Connection {
  /** Whether the provider is ready to send. */
  readonly isReady: boolean;
  /** The QR that it shows now. */
  readonly qr: string | undefined;
  /** The pairing code that it shows now. */
  readonly pairingCode: string | undefined;
  /** Something happens in the account. */
  tell(event: ProviderEvent): void;
  /** The QR was scanned, or the code typed. */
  paired(): void;
  /** Its chats have loaded so far, in percent. */
  loading(percent: number): void;
  /** The link is ended from the other side. */
  unlinked(reason: string): void;
  /** The process dies. */
  crashed(error: GatewayError): void;
  /** The network goes away. */
  interrupted(reason: string): void;
  /** The network comes back. */
  restored(): void;
  /** Only a person can go on; whether it stays up meanwhile. */
  needsPerson(reason: ActionReason, waiting: boolean): void;
}
