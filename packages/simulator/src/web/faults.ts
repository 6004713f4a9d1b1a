/** What can go wrong, one value each. The first value of every list is the healthy one. */
export const faultModes = {
  /** How the page itself answers. */
  page: ['ok', 'hang', 'reset', 'status_503', 'blank', 'never_boot', 'subresource_hang'],
  /** What becomes of the page's WebSocket. */
  socket: ['ok', 'refuse', 'hang'],
  /** What WhatsApp wants before it links a page. */
  linking: ['ok', 'passkey'],
  /** What follows CONNECTED. */
  sync: ['ok', 'race', 'never'],
  /** What becomes of a send. */
  send: ['ok', 'reject', 'drop', 'lost_ack', 'disconnect'],
  /** What becomes of a number lookup. */
  lookup: ['ok', 'error', 'hang'],
  /** What becomes of a media upload. */
  upload: ['ok', 'error', 'hang'],
  /** What becomes of a media download. */
  download: ['ok', 'missing', 'error', 'hang'],
  /** How a log-out by the library ends. */
  logout: ['resolve_first', 'navigate_first'],
  /** How a log-out by the phone begins. */
  unlink: ['navigate', 'unpaired_first'],
} as const;

/** What goes wrong, for one account or for all. */
export interface Faults {
  /**
   * How `https://web.whatsapp.com/` answers: `hang` accepts and never answers, `reset` cuts the
   * connection, `status_503`, `blank` is an empty page, `never_boot` a page whose application never
   * comes up, `subresource_hang` a page with an image that never arrives (no `load` event).
   */
  readonly page: (typeof faultModes.page)[number];
  /** The page's WebSocket: `refuse` closes it at once, `hang` never completes it; both end in TIMEOUT. */
  readonly socket: (typeof faultModes.socket)[number];
  /**
   * After a scan, or an entered code: `passkey` has the page ask the browser for a passkey, and links
   * it only once `Phone.answerPasskey` said that it was given.
   */
  readonly linking: (typeof faultModes.linking)[number];
  /**
   * After CONNECTED: `race` says "synchronised" at once, before whatsapp-web.js listens; `never`
   * says it never (stuck loading), unless `Phone.load` does: loading as slow as you like.
   */
  readonly sync: (typeof faultModes.sync)[number];
  /**
   * A send: `reject` is refused (ack -1), `drop` never arrives (ack stays
   * 0, no effect; the page sends it again when its socket has been cut and is back), `lost_ack`
   * is accepted and delivered, but the page never hears of it (ack stays 0, one effect),
   * `disconnect` is accepted, then the page's socket breaks before the answer.
   */
  readonly send: (typeof faultModes.send)[number];
  /** A number lookup: `error` throws ServerStatusCodeError 429, `hang` never answers. */
  readonly lookup: (typeof faultModes.lookup)[number];
  /** A media upload: `error` answers 500, `hang` never answers. */
  readonly upload: (typeof faultModes.upload)[number];
  /** A media download: `missing` answers 404, `error` 500, `hang` never answers. */
  readonly download: (typeof faultModes.download)[number];
  /** A log-out by the library: whether its call resolves before the page navigates away, or never. */
  readonly logout: (typeof faultModes.logout)[number];
  /** A log-out by the phone: whether the page says UNPAIRED before it navigates away. */
  readonly unlink: (typeof faultModes.unlink)[number];
  /** A slow network: added to every frame in both directions, in milliseconds. Default 0. */
  readonly latencyMs: number;
}

/** Nothing goes wrong. */
export const noFaults: Faults = {
  page: 'ok',
  socket: 'ok',
  linking: 'ok',
  sync: 'ok',
  send: 'ok',
  lookup: 'ok',
  upload: 'ok',
  download: 'ok',
  logout: 'resolve_first',
  unlink: 'navigate',
  latencyMs: 0,
};

/** The faults in force: some for everybody, some for one account, which count more. */
export class FaultBoard {
  #everybody: Faults;
  readonly #byNumber = new Map<string, Partial<Faults>>();

  /** @param initial faults for everybody from the start */
  constructor(initial: Partial<Faults>) {
    this.#everybody = { ...noFaults, ...initial };
  }

  /** The faults for an account; without a number, those for everybody. */
  of(number?: string | null): Faults {
    const own = number ? this.#byNumber.get(number) : undefined;
    return { ...this.#everybody, ...own };
  }

  /** Changes faults for everybody, or for one account. */
  set(faults: Partial<Faults>, number?: string): void {
    if (number === undefined) this.#everybody = { ...this.#everybody, ...faults };
    else this.#byNumber.set(number, { ...this.#byNumber.get(number), ...faults });
  }

  /** Takes the faults of one account away, or every fault there is. */
  clear(number?: string): void {
    if (number !== undefined) {
      this.#byNumber.delete(number);
      return;
    }
    this.#everybody = noFaults;
    this.#byNumber.clear();
  }
}
