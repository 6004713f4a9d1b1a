import type { ErrorCode } from './errors/error-codes';
import type { MessageType } from './messages/content';
import type { SendOutcome } from './provider/send-outcome';
import type { SessionState } from './session/session-state';

/** Hears what a gateway does, for metrics. Every method is optional, is called at once, and must not throw. */
export interface Observer {
  /** A message was accepted. */
  messageAccepted?(fact: { readonly type: MessageType; readonly provider: string }): void;
  /** An attempt ended. */
  attemptFinished?(fact: {
    /** The provider that was called. */
    readonly provider: string;
    /** How it ended. */
    readonly outcome: SendOutcome['status'];
    /** The error's code, when there was one. */
    readonly code: ErrorCode | undefined;
    /** From the call to the outcome, in milliseconds. */
    readonly durationMs: number;
  }): void;
  /** A message went on from one member of a provider to the next. Both are words of a short list. */
  hopped?(fact: { readonly from: string; readonly to: string; readonly code: ErrorCode }): void;
  /** A session changed its state. */
  sessionMoved?(fact: {
    /** The provider that it runs on. */
    readonly provider: string;
    /** The state before. */
    readonly from: SessionState;
    /** The state now. */
    readonly to: SessionState;
  }): void;
  /** A webhook delivery was tried: it was taken, failed for now, or was given up. */
  webhookTried?(fact: { readonly outcome: 'delivered' | 'failed' | 'dead' }): void;
  /** A platform posted something genuine. */
  webhookReceived?(fact: {
    /** The provider whose platform it is. */
    readonly provider: string;
    /** How many accounts it is about. */
    readonly parts: number;
  }): void;
  /** Something that came in was set aside: it cannot be read, or belongs to nobody. */
  intakeQuarantined?(fact: {
    /** The provider whose platform it came from, or `forwarded`. */
    readonly provider: string;
    /** Why. */
    readonly code: ErrorCode;
  }): void;
  /** A platform refused a call for its pace, and its limits were tightened. */
  limitChanged?(fact: {
    /** The provider whose platform it is. */
    readonly provider: string;
    /** Which limit: of the number, of one recipient, or of the whole app or account. */
    readonly limit: 'number' | 'pair' | 'app';
    /** How many messages per second the number is held to now. */
    readonly rate: number;
    /** How long whoever was refused has to wait, in milliseconds. */
    readonly waitMs: number;
  }): void;
  /**
   * A send went on, or will go on, that one of the platform's limits held when it was its turn. What
   * waits behind it does not count: the sum is the time in which a limit kept something back.
   */
  sendHeld?(fact: {
    /** The provider whose platform it is. */
    readonly provider: string;
    /** Which limit: of the number, of one recipient, or of the whole app or account. */
    readonly limit: 'number' | 'pair' | 'app';
    /** Whether it was the limit's ordinary pace, or a refusal that tightened it. */
    readonly cause: 'rate' | 'refusal';
    /** How long, in milliseconds. */
    readonly heldMs: number;
  }): void;
  /** A platform said no: to a call, or later, in the report on a message. */
  platformRefused?(fact: {
    /** The provider whose platform it is. */
    readonly provider: string;
    /** What kind of trouble it is, in the provider's own fixed list of classes. */
    readonly class: string;
    /** The code that it becomes. */
    readonly code: ErrorCode;
    /** Whether it was the answer to a call or a report. */
    readonly source: 'answer' | 'report';
  }): void;
  /** A provider died and will be restarted. */
  providerDown?(fact: { readonly provider: string; readonly code: ErrorCode }): void;
}
