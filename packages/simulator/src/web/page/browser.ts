/**
 * The parts of a browser that the simulated page uses. Written down here, because the rest of this
 * project is Node code and must not see the DOM's global types.
 */

/** `localStorage`. */
interface BrowserStorage {
  /** The value under `key`. */
  getItem(key: string): string | null;
  /** Stores `value` under `key`. */
  setItem(key: string, value: string): void;
  /** Forgets everything. */
  clear(): void;
}

/** One request to IndexedDB. */
export interface BrowserDatabaseRequest<T> {
  /** What came of it. */
  readonly result: T;
  /** Why it failed. */
  readonly error: Error | null;
  /** Called on success. */
  onsuccess: (() => void) | null;
  /** Called on failure. */
  onerror: (() => void) | null;
  /** Called when the database is new. */
  onupgradeneeded?: (() => void) | null;
  /** Called when another connection keeps the database open. */
  onblocked?: (() => void) | null;
}

/** One IndexedDB database. */
export interface BrowserDatabase {
  /** Makes a key-value store. */
  createObjectStore(name: string): unknown;
  /** Opens a transaction. */
  transaction(
    name: string,
    mode: 'readonly' | 'readwrite',
    options?: { readonly durability: 'strict' },
  ): {
    oncomplete: (() => void) | null;
    onerror: (() => void) | null;
    readonly error: Error | null;
    objectStore(name: string): {
      get(key: string): BrowserDatabaseRequest<unknown>;
      put(value: unknown, key: string): BrowserDatabaseRequest<unknown>;
    };
  };
  /** Closes this connection. */
  close(): void;
}

/** A WebSocket. */
export interface BrowserSocket {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Sends one text frame. */
  send(text: string): void;
  /** Closes the connection. */
  close(): void;
  /** Called when it stands. */
  onopen: (() => void) | null;
  /** Called when it is gone. */
  onclose: (() => void) | null;
  /** Called per frame. */
  onmessage: ((event: { readonly data: string }) => void) | null;
}

/** An element of the page. */
interface BrowserElement {
  /** The text inside. */
  textContent: string | null;
  /** Adds children. */
  append(...children: BrowserElement[]): void;
  /** Replaces all children. */
  replaceChildren(...children: BrowserElement[]): void;
  /** Sets an attribute. */
  setAttribute(name: string, value: string): void;
  /** Listens. */
  addEventListener(name: 'click', listener: () => void): void;
}

/** `window`, as far as the page needs it. */
export interface BrowserWindow {
  /** What whatsapp-web.js polls to learn that the application runs. */
  Debug?: { readonly VERSION: string };
  /** WhatsApp Web's module loader. */
  require?: (name: string) => object;
  /** Survives restarts; written to disk only every few seconds. */
  readonly localStorage: BrowserStorage;
  /** Survives restarts. */
  readonly indexedDB: {
    open(name: string, version: number): BrowserDatabaseRequest<BrowserDatabase>;
    deleteDatabase(name: string): BrowserDatabaseRequest<unknown>;
  };
  /** The address bar. */
  readonly location: {
    /** Replaces the page by another. */
    replace(url: string): void;
    /** Loads the page again. */
    reload(): void;
  };
  /** The page's document. */
  readonly document: {
    /** Its cookies. */
    cookie: string;
    /** One element. */
    getElementById(id: string): BrowserElement | null;
    /** Makes an element. */
    createElement(name: string): BrowserElement;
  };
  /** The browser itself. */
  readonly navigator: {
    /** Passkeys; absent where the page is not served securely. */
    readonly credentials?: {
      get(question: {
        readonly publicKey: { readonly challenge: Uint8Array; readonly rpId: string };
        readonly signal: AbortSignal;
      }): Promise<unknown>;
    };
  };
  /** Opens a WebSocket. */
  readonly WebSocket: new (
    url: string,
  ) => BrowserSocket;
}
