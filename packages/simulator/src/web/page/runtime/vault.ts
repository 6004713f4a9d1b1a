import type { Credentials, DeviceKeys } from '../../wire';
import type { BrowserDatabase, BrowserDatabaseRequest } from '../browser';
import type { Page, VaultParts } from '../page';

/**
 * What the browser profile keeps: the device's keys and its credentials, so that a restart needs no
 * QR. Served to the browser as source: refers to nothing outside itself.
 */
export function vault(page: Page): VaultParts {
  const { indexedDB, localStorage } = page.browser;
  const inLocalStorage = page.settings.credentialStorage === 'localstorage';
  const database = 'wawc';
  const store = 'keyval';
  let opening: Promise<BrowserDatabase> | undefined;
  let keys: Promise<DeviceKeys> | undefined;

  function settled<T>(request: BrowserDatabaseRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('The database is in use.'));
    });
  }

  function open(): Promise<BrowserDatabase> {
    opening ??= (() => {
      const request = indexedDB.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store);
      return settled(request);
    })();
    return opening;
  }

  async function read(key: string): Promise<unknown> {
    if (inLocalStorage) return JSON.parse(localStorage.getItem(key) ?? 'null');
    return settled((await open()).transaction(store, 'readonly').objectStore(store).get(key));
  }

  async function write(key: string, value: unknown): Promise<void> {
    if (inLocalStorage) return localStorage.setItem(key, JSON.stringify(value));
    // Strict: the promise resolves when the bytes are on the disk, as a pairing must be.
    const transaction = (await open()).transaction(store, 'readwrite', { durability: 'strict' });
    transaction.objectStore(store).put(value, key);
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
    });
  }

  function newKey(): string {
    return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
  }

  async function loadKeys(): Promise<DeviceKeys> {
    const known = (await read('device')) as DeviceKeys | undefined;
    if (known) return known;
    const made: DeviceKeys = { noise: newKey(), identity: newKey(), adv: newKey() };
    await write('device', made);
    return made;
  }

  return {
    vault: {
      deviceKeys() {
        keys ??= loadKeys();
        return keys;
      },
      async credentials() {
        return ((await read('credentials')) as Credentials | undefined) ?? null;
      },
      async keep(credentials: Credentials) {
        localStorage.setItem('last-wid-md', JSON.stringify(`${credentials.number}@c.us`));
        await write('credentials', credentials);
      },
      async wipe() {
        localStorage.clear();
        (await opening)?.close();
        opening = undefined;
        await settled(indexedDB.deleteDatabase(database)).catch(() => undefined);
      },
    },
  };
}
