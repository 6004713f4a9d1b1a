import type { Page } from '../page';

/**
 * WhatsApp Web's modules about the connection: state, pairing, log-out, who is logged in.
 * Served to the browser as source: refers to nothing outside itself.
 */
export function connectionModules(page: Page): Record<string, object> {
  const { link, socket, conn, cmd } = page;
  const bytesOf = (base64: string): Uint8Array =>
    Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const nothing = async (): Promise<void> => undefined;
  let advSecret = '';
  const keys = page.vault.deviceKeys();
  void keys.then((device) => {
    advSecret = device.adv;
  });

  Object.assign(socket, {
    async logout() {
      const { order } = await link.request('logout', null);
      if (order === 'navigate_first') {
        await page.session.leave(false);
        // The navigation ends this script: the caller never hears.
        await new Promise(() => undefined);
      }
      setTimeout(() => void page.session.leave(false), 0);
    },
    async takeover() {
      await link.request('takeover', null);
    },
    async reconnect() {
      link.reconnect();
    },
  });
  const refreshQR = (): Promise<null> => link.request('refresh_qr', null);
  Object.assign(cmd, { refreshQR });
  Object.assign(conn, { canSetMyPushname: () => true });

  return {
    WAWebSocketModel: { Socket: socket },
    WAWebConnModel: { Conn: conn },
    WAWebCmd: { Cmd: cmd },
    WAWebLaunchSocketUtils: { refreshQR },
    WAWebOfflineHandler: {
      OfflineMessageHandler: { getOfflineDeliveryProgress: () => page.offline.percent },
    },
    WAWebAltDeviceLinkingApi: {
      setPairingType: () => undefined,
      initializeAltDeviceLinking: nothing,
      initializeQRLinking: nothing,
      startAltLinkingFlow: async (number: string) =>
        (await link.request('pairing_code', { number })).code,
    },
    WABase64: {
      encodeB64: (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)),
    },
    WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1' },
    WAWebAdvSignatureApi: {},
    WAWebUserPrefsInfoStore: {
      waNoiseInfo: {
        get: async () => ({ staticKeyPair: { pubKey: bytesOf((await keys).noise) } }),
      },
    },
    WAWebSignalStoreApi: {
      waSignalStore: {
        getRegistrationInfo: async () => ({
          identityKeyPair: { pubKey: bytesOf((await keys).identity) },
        }),
      },
    },
    WAWebUserPrefsMultiDevice: { getADVSecretKey: () => advSecret },
    WAWebUserPrefsMeUser: {
      getMaybeMePnUser: () => page.me.pn,
      getMaybeMeLidUser: () => page.me.lid,
    },
    WAWebMiscBrowserUtils: { info: () => ({ os: 'Mac OS', name: 'Chrome' }) },
    WAWebStreamModel: {
      Stream: { markAvailable: () => undefined, markUnavailable: () => undefined },
    },
    WAWebPresenceChatAction: { sendPresenceAvailable: nothing, sendPresenceUnavailable: nothing },
    WAWebSyncGatingUtils: { isPlaceholderMessageResendEnabled: () => false },
    WAWebNonMessageDataRequestPlaceholderMessageResendUtils: {
      handlePlaceholderMsgsSeen: nothing,
    },
    WAWebSetPushnameConnAction: {
      async setPushname(name: string) {
        conn.set({ pushname: name });
      },
    },
  };
}
