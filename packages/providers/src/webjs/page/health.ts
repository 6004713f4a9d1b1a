import type { Attention, AttentionWatch } from './attention';
import type { WhatsAppPage } from './whatsapp-page';

/** What one look at the page shows. */
export interface PageSample {
  /** The connection's state, such as `CONNECTED`; `null` while the application is not up. */
  readonly state: string | null;
  /** Whether WhatsApp Web says that it is synchronised. */
  readonly synced: boolean;
  /** How far its chats have loaded, in percent, where it tells; `null` where it does not. */
  readonly percent: number | null;
  /** Whether the library's code stands in the page: it does from `ready` on. */
  readonly injected: boolean;
  /** What it waits for that only a person gives; `null` when it waits for nobody. */
  readonly attention: Attention | null;
}

/**
 * Page function: looks at the connection, and at what lies over the page.
 * @param key under which name the watch stands there
 */
export function samplePage(key: string): PageSample {
  const page = globalThis as unknown as WhatsAppPage & Record<symbol, AttentionWatch | undefined>;
  let attention: Attention | null = null;
  let percent: number | null = null;
  try {
    // The library hears of progress, but of none that was made before it listened.
    percent = page.AuthStore?.OfflineMessageHandler?.getOfflineDeliveryProgress() ?? null;
  } catch {
    // WhatsApp Web counts elsewhere now: nobody is told how far it is.
  }
  try {
    attention = page[Symbol.for(key)]?.look() ?? null;
    const { state, hasSynced } = page.require?.('WAWebSocketModel').Socket ?? {};
    return {
      state: state ?? null,
      synced: hasSynced === true,
      percent,
      injected: page.WWebJS !== undefined,
      attention,
    };
  } catch {
    // The application is loading: its modules are not there yet.
    return { state: null, synced: false, percent, injected: false, attention };
  }
}

/**
 * Page function: presses the one button of an announcement.
 * @param key under which name the watch stands there
 */
export function dismissAnnouncement(key: string): boolean {
  const page = globalThis as unknown as Record<symbol, AttentionWatch | undefined>;
  return page[Symbol.for(key)]?.dismiss() ?? false;
}

/**
 * Page function: tells the library that the page is synchronised. It listens only some round trips
 * after the connection stands; a page that was faster is never heard, and `ready` never comes.
 */
export function kickReady(): void {
  const page = globalThis as unknown as WhatsAppPage;
  page.onAppStateHasSyncedEvent?.();
}

/** Page function: asks for new QR codes. The library's own attempt runs in Node, where it fails. */
export function refreshQr(): void {
  const page = globalThis as unknown as WhatsAppPage;
  page.require?.('WAWebCmd').Cmd.refreshQR();
}

/** Page function: takes the account back from wherever it was opened. */
export function takeOver(): void {
  const page = globalThis as unknown as WhatsAppPage;
  page.require?.('WAWebSocketModel').Socket.takeover();
}

/**
 * Page function: ends the link.
 * @returns whether WhatsApp was told; it can be told only over a connection that stands
 */
export async function endLink(): Promise<boolean> {
  const page = globalThis as unknown as WhatsAppPage;
  const socket = page.require?.('WAWebSocketModel').Socket;
  if (socket?.state !== 'CONNECTED') return false;
  await socket.logout();
  return true;
}

/** Page function: the account's own ids, its number's and its LID. */
export function ownIds(): readonly string[] {
  const page = globalThis as unknown as WhatsAppPage;
  const me = page.require?.('WAWebUserPrefsMeUser');
  return [me?.getMaybeMePnUser(), me?.getMaybeMeLidUser()]
    .map((id) => id?._serialized ?? id?.$1)
    .filter((id) => id !== undefined);
}
