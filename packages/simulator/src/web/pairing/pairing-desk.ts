import { randomBytes } from 'node:crypto';
import { GatewayError } from '@blazz/core';
import type { Timers } from '../../timers';
import type { Publish } from '../events';
import type { Timings } from '../options';
import type { DeviceKeys, PageEvents } from '../wire';

/** A page that waits to be linked. */
export interface UnpairedPage {
  /** The page's name at the simulator. */
  readonly id: string;
  /** The public keys that its QR carries. */
  readonly device: DeviceKeys | undefined;
  /** Tells the page something. */
  tell<Name extends keyof PageEvents>(event: Name, payload: PageEvents[Name]): void;
}

/** A QR that can be scanned now. */
export interface WaitingQr {
  /** The text of the QR. */
  readonly text: string;
  /** The page that shows it. */
  readonly page: string;
}

/** A pairing code that can be entered now. */
export interface WaitingCode {
  /** The code. */
  readonly code: string;
  /** The number that it was made for. */
  readonly number: string;
  /** The page that shows it. */
  readonly page: string;
}

interface Round {
  readonly page: UnpairedPage;
  ref: string;
  cancel: () => void;
}

/** The alphabet of pairing codes: nothing that could be mistaken for something else. */
const codeAlphabet = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';

/** Hands out QR codes and pairing codes, and knows whose they are. */
export class PairingDesk<P extends UnpairedPage> {
  readonly #timings: Timings;
  readonly #timers: Timers;
  readonly #publish: Publish;
  readonly #rounds = new Map<P, Round>();
  readonly #codes = new Map<string, { page: P; number: string }>();

  /**
   * @param timings how long QR codes live
   * @param timers delayed work
   * @param publish tells the simulator's listeners
   */
  constructor(timings: Timings, timers: Timers, publish: Publish) {
    this.#timings = timings;
    this.#timers = timers;
    this.#publish = publish;
  }

  /** Every QR that can be scanned now. */
  get waiting(): readonly WaitingQr[] {
    return [...this.#rounds.values()].map(({ page, ref }) => ({
      text: qrText(page, ref),
      page: page.id,
    }));
  }

  /** Every pairing code that can be entered now. */
  get codes(): readonly WaitingCode[] {
    return [...this.#codes].map(([code, { page, number }]) => ({ code, number, page: page.id }));
  }

  /** Begins a round of QR codes for a page. */
  begin(page: P): void {
    this.leave(page);
    this.#show(page, this.#timings.qrCount);
  }

  /** Ends whatever the page waited for. */
  leave(page: P): void {
    this.#rounds.get(page)?.cancel();
    this.#rounds.delete(page);
    for (const [code, entry] of this.#codes) if (entry.page === page) this.#codes.delete(code);
    this.#publish('changed');
  }

  /** Makes a pairing code for a page. An earlier one of the same page is void. */
  makeCode(page: P, number: string): string {
    for (const [code, entry] of this.#codes) if (entry.page === page) this.#codes.delete(code);
    const code = [...randomBytes(8)]
      .map((byte) => codeAlphabet[byte % codeAlphabet.length])
      .join('');
    this.#codes.set(code, { page, number });
    this.#publish('code', { code, number, page: page.id });
    this.#publish('changed');
    return code;
  }

  /**
   * The page that shows this QR.
   * @throws GatewayError `not_found` when no page shows it (any more)
   */
  scanned(text: string): P {
    for (const [page, round] of this.#rounds) if (qrText(page, round.ref) === text) return page;
    throw new GatewayError(
      'not_found',
      'No page shows this QR (any more): scan the one that is shown now.',
    );
  }

  /**
   * The page that showed this pairing code to this number.
   * @throws GatewayError `not_found` when the code is wrong, used, or another number's
   */
  entered(code: string, number: string): P {
    const entry = this.#codes.get(code.replace('-', '').toUpperCase());
    if (entry && entry.number === number) return entry.page;
    throw new GatewayError(
      'not_found',
      'No page waits for this code and number: ask for a new code.',
    );
  }

  #show(page: P, left: number): void {
    if (left === 0) {
      this.#rounds.delete(page);
      page.tell('idle', null);
      this.#publish('qr_expired', { page: page.id });
      this.#publish('changed');
      return;
    }
    const ref = `2@${randomBytes(48).toString('base64')}`;
    const first = left === this.#timings.qrCount;
    const life = first ? this.#timings.firstQrMs : this.#timings.nextQrMs;
    const cancel = this.#timers.after(life, () => this.#show(page, left - 1));
    this.#rounds.set(page, { page, ref, cancel });
    page.tell('ref', { ref });
    this.#publish('qr', { text: qrText(page, ref), page: page.id });
    this.#publish('changed');
  }
}

function qrText(page: UnpairedPage, ref: string): string {
  return [ref, page.device?.noise, page.device?.identity, page.device?.adv, '1'].join(',');
}
