/** How good WhatsApp finds what a number sends. */
export type Quality = 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';

/** Messages per second: coexistence, the default, upgraded. */
export type ThroughputTier = 20 | 80 | 1000;

/** What a business says about itself; names as on the wire. */
export interface BusinessProfile {
  /** The line under the name. */
  about?: string;
  /** The street address. */
  address?: string;
  /** A longer text. */
  description?: string;
  /** The e-mail address. */
  email?: string;
  /** Where the picture is. */
  profile_picture_url?: string;
  /** Up to two. */
  websites?: readonly string[];
  /** The trade, such as `RETAIL`. */
  vertical?: string;
}

/** A business's phone number. */
export interface BusinessNumber {
  /** Its id in the Graph API. */
  readonly id: string;
  /** The account that it belongs to. */
  readonly wabaId: string;
  /** Its digits, without a plus. */
  readonly number: string;
  /** The name that customers see. */
  verifiedName: string;
  /** Whether it is registered: only then it sends. */
  registered: boolean;
  /** The six digits of its two-step verification; undefined when it has none yet. */
  pin: string | undefined;
  /** Wrong pins in a row. */
  wrongPins: number;
  /** While it has too many of them: until when it is locked, in milliseconds since 1970. */
  lockedUntil: number;
  /** When it was last deregistered, in milliseconds since 1970. */
  deregisteredAt: number | undefined;
  /** When registrations were tried, in milliseconds since 1970, the newest last. */
  readonly registrations: number[];
  /** Whether its ownership was proven with a code. */
  verified: boolean;
  /** The code that was sent and not typed yet. */
  code: string | undefined;
  /** When it was sent, in milliseconds since 1970. */
  codeSentAt: number;
  /** Wrong codes in a row. */
  wrongCodes: number;
  /** While it has too many of them: until when no code is looked at, in milliseconds since 1970. */
  codesLockedUntil: number;
  /** Messages per second. */
  tier: ThroughputTier;
  /** How good WhatsApp finds it. */
  quality: Quality;
  /** How many customers it may address in 24 hours, as Meta names it. */
  messagingLimit: string;
  /** An error of every send, such as 131031 (locked) or 131042 (billing); undefined is healthy. */
  trouble: number | undefined;
  /** What it says about itself. */
  profile: BusinessProfile;
  /** The contacts that it blocked, by wa_id. */
  readonly blocked: Set<string>;
}

/** How a number is described when it is added. */
export interface BusinessNumberSource {
  /** The account that it belongs to. */
  readonly wabaId: string;
  /** Its digits. Default: a new number of the range 1555. */
  readonly number?: string;
  /** Its id. Default: a new one. */
  readonly id?: string;
  /** The name that customers see. Default: Test Business. */
  readonly name?: string;
  /** Whether it is registered, and its ownership proven. Default true. */
  readonly registered?: boolean;
  /** Its pin. Default: none. */
  readonly pin?: string;
  /** Messages per second. Default 80. */
  readonly tier?: ThroughputTier;
  /** How good WhatsApp finds it. Default `GREEN`. */
  readonly quality?: Quality;
}

/** What can be changed about a number from outside the Graph API. */
export interface BusinessNumberChange {
  /** Whether it is registered. */
  readonly registered?: boolean;
  /** Its pin; null takes it away. */
  readonly pin?: string | null;
  /** Messages per second. */
  readonly tier?: ThroughputTier;
  /** How good WhatsApp finds it. Tells no webhook: see `webhooks.qualityUpdate`. */
  readonly quality?: Quality;
  /** Whether its ownership was proven; false asks for `request_code` and `verify_code`. */
  readonly verified?: boolean;
  /** An error of every send from now on; null ends it. */
  readonly trouble?: number | null;
}
