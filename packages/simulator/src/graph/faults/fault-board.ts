import type { MessageStatus, SentMessage } from '../messages/sent-message';
import type { FaultMatch, FaultRule, GraphFault, RequestFault } from './fault';

/** A fault in force. */
export interface ActiveFault {
  /** What it was made of. */
  readonly rule: FaultRule;
  /** How many times it met something. */
  readonly hits: number;
  /** Ends it. */
  remove(): void;
}

/** What is known of a request when a fault is looked for. */
export type FaultSubject = { readonly [Name in keyof FaultMatch]?: string | undefined };

class Entry implements ActiveFault {
  readonly rule: FaultRule;
  readonly #board: Set<Entry>;
  hits = 0;
  seen = 0;

  constructor(rule: FaultRule, board: Set<Entry>) {
    this.rule = rule;
    this.#board = board;
  }

  remove(): void {
    this.#board.delete(this);
  }
}

/** The faults in force. The first that fits a request meets it, in the order in which they were added. */
export class FaultBoard {
  readonly #random: () => number;
  readonly #entries = new Set<Entry>();

  /** @param random chance, from 0 up to 1 */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Every fault in force. */
  get all(): readonly ActiveFault[] {
    return [...this.#entries];
  }

  /** Makes something go wrong from now on. */
  add(rule: FaultRule): ActiveFault {
    const entry = new Entry(rule, this.#entries);
    this.#entries.add(entry);
    return entry;
  }

  /** Ends every fault. */
  clear(): void {
    this.#entries.clear();
  }

  /** Whether the connection that was just made is refused. */
  refuses(): boolean {
    return this.#take({}, ({ kind }) => kind === 'refuse') !== undefined;
  }

  /** How many bytes of a request are read before it is cut; undefined lets it through. */
  cut(subject: FaultSubject): number | undefined {
    const fault = this.#take(subject, ({ kind }) => kind === 'cut_request');
    return fault?.kind === 'cut_request' ? fault.bytes : undefined;
  }

  /** What goes wrong with a request that was read. */
  meet(subject: FaultSubject): Exclude<RequestFault, { kind: 'cut_request' }> | undefined {
    const fault = this.#take(
      subject,
      ({ kind }) => kind !== 'refuse' && kind !== 'cut_request' && !kind.startsWith('status_'),
    );
    return fault as Exclude<RequestFault, { kind: 'cut_request' }> | undefined;
  }

  /** What becomes of a status webhook: `lost`, or how many milliseconds it is late. */
  statusFate(message: SentMessage, status: MessageStatus): 'lost' | number {
    const subject = {
      phoneNumberId: message.from.id,
      to: message.to.number,
      type: message.message.type,
      callbackData: message.message.callbackData,
    };
    const fault = this.#take(subject, (one) => {
      if (one.kind !== 'status_lost' && one.kind !== 'status_delayed') return false;
      return one.statuses?.includes(status) ?? true;
    });
    if (fault?.kind === 'status_lost') return 'lost';
    return fault?.kind === 'status_delayed' ? (fault.ms ?? 0) : 0;
  }

  #take(subject: FaultSubject, wanted: (fault: GraphFault) => boolean): GraphFault | undefined {
    for (const entry of this.#entries) {
      const { fault, match = {}, skip = 0, times, chance = 1 } = entry.rule;
      if (!wanted(fault) || !fits(match, subject)) continue;
      entry.seen += 1;
      if (entry.seen <= skip) continue;
      if (chance < 1 && this.#random() >= chance) continue;
      entry.hits += 1;
      if (times !== undefined && entry.hits >= times) entry.remove();
      return fault;
    }
    return undefined;
  }
}

function fits(match: FaultMatch, subject: FaultSubject): boolean {
  return (Object.keys(match) as (keyof FaultMatch)[]).every(
    (name) => match[name] === undefined || match[name] === subject[name],
  );
}
