/** What a token can allow. */
export const permissions = [
  'whatsapp_business_messaging',
  'whatsapp_business_management',
  'business_management',
] as const;

/** One thing that a token can allow. */
export type Permission = (typeof permissions)[number];

/** A token that callers of the Graph API prove themselves with. */
export interface AccessToken {
  /** The token itself. */
  readonly token: string;
  /** The app that it was made for. */
  readonly appId: string;
  /** The accounts that it reaches; undefined is all of them. */
  readonly wabaIds: ReadonlySet<string> | undefined;
  /** What it allows. */
  permissions: ReadonlySet<Permission>;
  /** When it expires, in milliseconds since 1970; undefined is never. */
  expiresAt: number | undefined;
  /** Whether it was taken back. */
  revoked: boolean;
}

/** How a token is described when it is added. */
export interface AccessTokenSource {
  /** The app that it is made for. */
  readonly appId: string;
  /** The token itself. Default: a new one. */
  readonly token?: string;
  /** The accounts that it reaches. Default: all. */
  readonly wabaIds?: readonly string[];
  /** What it allows. Default: everything. */
  readonly permissions?: readonly Permission[];
  /** When it expires, in milliseconds since 1970. Default: never. */
  readonly expiresAt?: number;
}
