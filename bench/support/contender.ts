/** What both sides of a comparison can do; each lives in a process of its own, see `rivals.ts`. */
export interface Contender {
  /** Starts a session, and resolves when it shows a QR or is ready, whichever comes first. */
  start(name: string): Promise<Started>;
  /** Resolves when a started session is ready. */
  ready(name: string): Promise<void>;
  /** Sends a text, and resolves when WhatsApp's server has acknowledged it. */
  send(name: string, to: string, text: string): Promise<void>;
  /** Closes a session's browser. Its credentials stay. */
  stop(name: string): Promise<void>;
}

/** How a session came up. */
export interface Started {
  /** The text of the QR; without one, the session was linked and is ready. */
  readonly qr?: string;
}

/** What a contender is told. It crosses a process line as JSON. */
export interface ContenderOptions {
  /** Where its browser profiles live. */
  readonly dir: string;
  /** Arguments that lead the browser to the simulator. */
  readonly browserArgs: readonly string[];
  /** The browser's path; `ours` looks for one itself when there is none. */
  readonly browserPath?: string | undefined;
  /** Options that the bare `client.sendMessage` gets. Default: none. */
  readonly sendOptions?: Readonly<Record<string, unknown>> | undefined;
}
