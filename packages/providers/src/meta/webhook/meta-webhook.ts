import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { PlatformWebhook } from '@blazz/core';
import { parseAppSecret, verifyHubSignature } from '@blazz/core/signing';
import { decodePayload } from '../decode/decode-payload';
import { splitPayload } from '../decode/envelope';
import type { MetaSettings } from '../settings';

/** What a challenge may be: it is sent back as it came. */
const challengePattern = /^[\w-]{1,256}$/;

/** What Meta posts to us: its question for the address, its signature, and whom a payload is about. */
export function metaWebhook(): PlatformWebhook<MetaSettings> {
  const keys = new WeakMap<MetaSettings, readonly KeyObject[]>();
  const keysOf = (settings: MetaSettings): readonly KeyObject[] => {
    const known = keys.get(settings) ?? settings.app_secrets.map(parseAppSecret);
    keys.set(settings, known);
    return known;
  };
  return {
    handshake: (settings, query) => {
      const challenge = query['hub.challenge'] ?? '';
      const isGenuine =
        query['hub.mode'] === 'subscribe' &&
        settings.verify_token !== undefined &&
        isSame(query['hub.verify_token'] ?? '', settings.verify_token);
      return isGenuine && challengePattern.test(challenge) ? challenge : undefined;
    },
    verify: (settings, header, body) =>
      verifyHubSignature(body, header('x-hub-signature-256'), keysOf(settings)),
    split: splitPayload,
    isFor: ({ phone_number_id, waba_id }, { account }) =>
      account !== '' && (account === phone_number_id || account === waba_id),
    decode: ({ include_raw }, body) => decodePayload(body, { includeRaw: include_raw }),
  };
}

/** Equal in a time that tells nothing, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
