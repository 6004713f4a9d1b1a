import type { PageState } from '../../page-state';

import type { Page, SessionParts } from '../page';

/**
 * The life of a page: it comes up, connects, shows QR codes or restores its session, synchronises,
 * and logs out. Served to the browser as source: refers to nothing outside itself.
 */
export function session(page: Page): SessionParts {
  const { browser, link, socket, conn, cmd } = page;
  let timeout: ReturnType<typeof setTimeout> | undefined;

  function enter(state: PageState): void {
    clearTimeout(timeout);
    socket.set({ state });
    if (state === 'OPENING') {
      timeout = setTimeout(() => enter('TIMEOUT'), page.settings.socketTimeoutMs);
    }
    const line = browser.document.getElementById('state');
    if (line) line.textContent = state;
  }

  async function sayHello(): Promise<void> {
    const device = await page.vault.deviceKeys();
    await link.request('hello', { device, credentials: await page.vault.credentials() });
  }

  async function leave(unpairFirst: boolean): Promise<void> {
    link.stop();
    if (unpairFirst) enter('UNPAIRED');
    cmd.trigger('logout');
    await page.vault.wipe();
    browser.location.replace('https://web.whatsapp.com/?post_logout=1&logout_reason=0');
  }

  link.onSocket('open', () => void sayHello());
  link.onSocket('closed', () => {
    if (socket.state === 'CONNECTED') enter('OPENING');
  });
  link.on('ref', ({ ref }) => {
    // The first QR is read from `Conn.ref`, so it must stand before the state changes.
    conn.set({ ref });
    if (socket.state !== 'UNPAIRED') enter('UNPAIRED');
  });
  link.on('idle', () => enter('UNPAIRED_IDLE'));
  link.on('pairing', () => enter('PAIRING'));
  link.on('paired', (credentials) => {
    void page.vault.keep(credentials).then(() => link.request('linked', null));
  });
  link.on('welcome', (welcome) => {
    page.moveIn(welcome);
    // Every connection synchronises anew. Said silently: whatsapp-web.js takes any change for "done".
    socket.hasSynced = false;
    // Expires in a year: tells the server whose page it serves, so that faults can be per account.
    browser.document.cookie = `account=${welcome.me.number}; max-age=31536000; secure; path=/`;
    enter('CONNECTED');
    link.resend();
  });
  link.on('progress', ({ percent }) => {
    page.offline.percent = percent;
    cmd.trigger('offline_progress_update_from_bridge');
  });
  link.on('synced', () => {
    socket.set({ hasSynced: true });
  });
  link.on('state', ({ state }) => enter(state));
  link.on('battery', (level) => conn.set(level));
  link.on('logout', ({ unpair_first }) => void leave(unpair_first));
  link.on('reload', () => browser.location.reload());
  link.on('away', () => browser.location.replace('https://www.whatsapp.com/'));
  link.on('spin', ({ ms }) => {
    const until = performance.now() + ms;
    while (performance.now() < until);
  });
  return {
    session: {
      start() {
        enter('OPENING');
        link.connect();
      },
      leave,
    },
  };
}
