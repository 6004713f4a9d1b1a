import type { Attempt, Clock, OutgoingMessage } from '@blazz/core';
import type { ScriptedCall, ScriptedEffect, ScriptedGesture, ScriptedOverlap } from './ledger';
import { Line } from './line';
import { Mailbox } from './mailbox';
import { ScriptedAccount } from './scripted-account';
import type { ReceiptTimes, ScriptedSend, SendScript } from './send-script';
import type { SessionName } from './session-name';

/** How a world behaves, with every default filled in. */
export interface StageOptions {
  /** Time. */
  readonly clock: Clock;
  /** What happens to sends. */
  readonly script: SendScript;
  /** When recipients acknowledge. */
  readonly receipts: ReceiptTimes;
  /** Whether devices see their own texts as echoes. */
  readonly echoes: boolean;
  /** How long a start takes, in milliseconds. */
  readonly startMs: number;
  /** How long loading chats takes, in milliseconds. */
  readonly syncMs: number;
  /** How long a QR works, in milliseconds. */
  readonly qrMs: number;
  /** What ids begin with. */
  readonly idPrefix: string;
  /** Told of every effect. */
  readonly onEffect: (effect: ScriptedEffect) => void;
}

/** One account of a world, from both of its sides. */
export interface Seat {
  /** Which session it belongs to. */
  readonly name: SessionName;
  /** The account. */
  readonly account: ScriptedAccount;
  /** What stands between it and its providers. */
  readonly line: Line;
  /** Its messages. */
  readonly mailbox: Mailbox;
}

/** The side of a world that providers see: accounts, scripts, and ledgers to write into. */
export class Stage {
  /** How the world behaves. */
  readonly options: StageOptions;
  /** What happens to all sends. */
  script: SendScript;
  /** What happens to the next sends, before the script. */
  readonly next: ScriptedSend[] = [];
  /** What WhatsApp took. */
  readonly effects: ScriptedEffect[] = [];
  /** Calls of `send`. */
  readonly calls: ScriptedCall[] = [];
  /** Typing marks and blue ticks. */
  readonly gestures: ScriptedGesture[] = [];
  /** Second providers for one session. */
  readonly overlaps: ScriptedOverlap[] = [];
  readonly #seats = new Map<string, Seat>();
  #lastId = 0;

  /** @param options how the world behaves */
  constructor(options: StageOptions) {
    this.options = options;
    this.script = options.script;
  }

  /** The account of a session, made when it is first asked for. */
  seat(name: SessionName): Seat {
    const key = `${name.workspaceId}/${name.sessionId}`;
    const seat = this.#seats.get(key) ?? this.#newSeat(name);
    this.#seats.set(key, seat);
    return seat;
  }

  /** What happens to a send. */
  plan(message: OutgoingMessage, attempt: Attempt, name: SessionName): ScriptedSend {
    return this.next.shift() ?? this.script(message, attempt, name);
  }

  /** Writes a call down. @returns writes down its end */
  called(
    message: OutgoingMessage,
    attempt: Attempt,
    name: SessionName,
  ): (outcome: ScriptedCall['outcome']) => void {
    const { clock } = this.options;
    const startedAt = clock.now();
    const call = { ...name, message, attempt, startedAt, endedAt: undefined, outcome: undefined };
    this.calls.push(call);
    return (outcome) => void Object.assign(call, { endedAt: clock.now(), outcome });
  }

  /** An id such as WhatsApp Web makes them, new in this world. */
  newId(): string {
    return `${this.options.idPrefix}${String(++this.#lastId).padStart(16, '0')}`;
  }

  #newSeat(name: SessionName): Seat {
    const { clock, onEffect } = this.options;
    const phone = String(15_550_000_001 + this.#seats.size);
    const identity = { phone, name: name.sessionId, platform: 'scripted' };
    const line = new Line(() => this.overlaps.push({ ...name, at: clock.now() }));
    const mailbox = new Mailbox({
      name,
      identity,
      clock,
      newId: () => this.newId(),
      onEffect: (effect) => {
        this.effects.push(effect);
        onEffect(effect);
      },
      tell: (event) => line.tell(event),
    });
    return { name, line, mailbox, account: new ScriptedAccount(line, mailbox) };
  }
}
