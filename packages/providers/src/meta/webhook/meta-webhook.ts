import { createHash, timingSafeEqual } from 'node:crypto';
import type { HeaderOf, PlatformWebhook } from '@blazz/core';
import { hubSignature, parseAppSecret, verifyHubSignature } from '@blazz/core/signing';
import { decodePayload } from '../decode/decode-payload';
import { splitPayload } from '../decode/envelope';
import type { MetaSettings } from '../settings';

const signatureHeader = 'x-hub-signature-256';

/** What a challenge may be: it is sent back as it came. */
const challengePattern = /^[\w-]{1,256}$/;

/** What Meta posts to us: its question for the address, its signature, and whom a payload is about. */
export function metaWebhook(): PlatformWebhook<MetaSettings> {
  // Many sessions share an app: its secret is tried once for each body, or a forged one would cost
  // a digest of up to 4 MB for every session.
  const tried = new WeakMap<Uint8Array, Map<string, boolean>>();
  const proves = (secret: string, header: HeaderOf, body: Uint8Array): boolean => {
    const known = tried.get(body) ?? new Map<string, boolean>();
    tried.set(body, known);
    const before = known.get(secret);
    if (before !== undefined) return before;
    const holds = verifyHubSignature(body, header(signatureHeader), [parseAppSecret(secret)]);
    known.set(secret, holds);
    return holds;
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
    verify: ({ app_secrets }, header, body) =>
      app_secrets.some((secret) => proves(secret, header, body)),
    split: splitPayload,
    accounts: ({ phone_number_id, waba_id }) => [
      phone_number_id,
      ...(waba_id === undefined ? [] : [waba_id]),
    ],
    sign: ({ app_secrets }, header, body, part) => {
      const secret = app_secrets.find((each) => proves(each, header, body));
      if (secret === undefined) return undefined;
      return { [signatureHeader]: hubSignature(Buffer.from(part.body), parseAppSecret(secret)) };
    },
    decode: ({ include_raw }, body) => decodePayload(body, { includeRaw: include_raw }),
  };
}

/** Equal in a time that tells nothing, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
