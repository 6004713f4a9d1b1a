/** A page's WebSocket: what the simulator needs of one, so that its types name no library. */
export interface PageSocket {
  /** Where it stands in its life. */
  readonly readyState: number;
  /** The value of `readyState` while it is open. */
  readonly OPEN: number;
  /** Sends one text frame. */
  send(text: string): void;
  /** Cuts it. */
  terminate(): void;
  /** Listens: `message` gets the frame, `error` what went wrong. */
  on(event: 'message' | 'close' | 'error', listener: (data: unknown) => void): unknown;
  /** The same, for one time. */
  once(event: 'close', listener: () => void): unknown;
}
