import { type Clock, systemClock } from '@blazz/core';
import type { ScriptedCall, ScriptedEffect, ScriptedGesture, ScriptedOverlap } from './ledger';
import type { ScriptedAccount } from './scripted-account';
import type { ReceiptTimes, ScriptedSend, SendScript } from './send-script';
import { Stage } from './stage';

/** How a {@link ScriptedWhatsApp} behaves. */
export interface ScriptedWhatsAppOptions {
  /** Time, for everything that takes time here. Default: the machine's own. */
  readonly clock?: Clock;
  /** What happens to sends. Default: every send is `sent` at once. */
  readonly script?: SendScript;
  /** When recipients acknowledge. Default: delivered after 5 ms, read after 10 ms. `{}` is never. */
  readonly receipts?: ReceiptTimes;
  /**
   * Whether a device sees its own texts as echoes, before the answer to the send: WhatsApp Web
   * does so, the Cloud API does not. Default: true.
   */
  readonly echoes?: boolean;
  /** How long a start takes, in milliseconds. Default: 0. */
  readonly startMs?: number;
  /** How long loading chats takes after a link or start, in milliseconds. Default: 0. */
  readonly syncMs?: number;
  /** How long a QR works before the next is shown, in milliseconds. Default: 20 000. */
  readonly qrMs?: number;
  /** What WhatsApp's ids begin with: two worlds that one test uses need two. Default: `3EB0`. */
  readonly idPrefix?: string;
  /** Told of every effect at once, such as to write it where a killed process leaves it. */
  readonly onEffect?: (effect: ScriptedEffect) => void;
}

/**
 * A WhatsApp in memory, with one account per session: what scripted providers connect to, what a
 * test controls, and what it asks afterwards which messages really left, and how often.
 */
export class ScriptedWhatsApp {
  /** @internal What providers see of this world. */
  readonly stage: Stage;

  /** @param options how the world behaves */
  constructor(options: ScriptedWhatsAppOptions = {}) {
    const { receipts = { deliveredMs: 5, readMs: 10 }, echoes = true } = options;
    const { startMs = 0, syncMs = 0, qrMs = 20_000, clock = systemClock } = options;
    const { idPrefix = '3EB0' } = options;
    const { script = () => ({ outcome: 'sent' }), onEffect = () => undefined } = options;
    const times = { startMs, syncMs, qrMs };
    this.stage = new Stage({ clock, script, receipts, echoes, ...times, idPrefix, onEffect });
  }

  /** Everything that WhatsApp took, in order. Two effects of one message are a double. */
  get effects(): readonly ScriptedEffect[] {
    return this.stage.effects;
  }

  /** Every call of `send`, in order, with its beginning and end. */
  get calls(): readonly ScriptedCall[] {
    return this.stage.calls;
  }

  /** Typing marks and blue ticks, in order. */
  get gestures(): readonly ScriptedGesture[] {
    return this.stage.gestures;
  }

  /** Every time that a second provider connected for a session. Should stay empty. */
  get overlaps(): readonly ScriptedOverlap[] {
    return this.stage.overlaps;
  }

  /** The account of a session, made when it is first asked for. */
  account(workspaceId: string, sessionId: string): ScriptedAccount {
    return this.stage.seat({ workspaceId, sessionId }).account;
  }

  /** Says what happens to all sends from now on. */
  script(script: SendScript): void {
    this.stage.script = script;
  }

  /** Says what happens to the next sends of whatever session, one step each, before the script. */
  nextSends(...steps: readonly ScriptedSend[]): void {
    this.stage.next.push(...steps);
  }

  /** Empties the ledgers of effects, calls and gestures, as before a long measurement. */
  forget(): void {
    for (const ledger of [this.stage.effects, this.stage.calls, this.stage.gestures]) {
      ledger.length = 0;
    }
  }
}
