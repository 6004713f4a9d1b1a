import type { World } from './world';

/** How a business is described when it is added; everything has a default. */
export interface BusinessSource {
  /** The name that customers see. */
  readonly name?: string;
  /** The digits of its number. */
  readonly number?: string;
  /** The number's id. */
  readonly phoneNumberId?: string;
  /** The account's id. */
  readonly wabaId?: string;
  /** The app's id. */
  readonly appId?: string;
  /** The app's secret. */
  readonly appSecret?: string;
  /** What the callback must know in the handshake. */
  readonly verifyToken?: string;
  /** The access token. */
  readonly accessToken?: string;
  /** Where webhooks go, taken without a handshake. See `webhooks.subscribe` for one with it. */
  readonly callbackUrl?: string;
}

/** A business, with all that a client of the Graph API needs to know of it. */
export interface Business {
  /** The digits of its number. */
  readonly number: string;
  /** The number's id. */
  readonly phoneNumberId: string;
  /** The account's id. */
  readonly wabaId: string;
  /** The app's id. */
  readonly appId: string;
  /** The app's secret. */
  readonly appSecret: string;
  /** What the callback must know in the handshake. */
  readonly verifyToken: string;
  /** A token that may do everything with this account. */
  readonly accessToken: string;
}

/** Adds an app, an account that it is subscribed to, a registered number and a token. */
export function addBusiness(world: World, source: BusinessSource): Business {
  const { appId, appSecret, verifyToken, wabaId, phoneNumberId, accessToken } = source;
  const { name, number, callbackUrl } = source;
  const app = world.addApp({
    ...(appId === undefined ? {} : { id: appId }),
    ...(appSecret === undefined ? {} : { secret: appSecret }),
    ...(verifyToken === undefined ? {} : { verifyToken }),
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
  });
  const account = world.addAccount({
    apps: [app.id],
    ...(wabaId === undefined ? {} : { id: wabaId }),
    ...(name === undefined ? {} : { name }),
  });
  const added = world.addNumber({
    wabaId: account.id,
    ...(phoneNumberId === undefined ? {} : { id: phoneNumberId }),
    ...(number === undefined ? {} : { number }),
    ...(name === undefined ? {} : { name }),
  });
  const token = world.addToken({
    appId: app.id,
    wabaIds: [account.id],
    ...(accessToken === undefined ? {} : { token: accessToken }),
  });
  return {
    number: added.number,
    phoneNumberId: added.id,
    wabaId: account.id,
    appId: app.id,
    appSecret: app.secret,
    verifyToken: app.verifyToken,
    accessToken: token.token,
  };
}
