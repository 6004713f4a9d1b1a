import { GatewayError } from '@blazz/core';
import { defaultGraphVersion } from './graph/graph-versions';

/** How many messages a second Meta takes from a number. */
export type Throughput = 20 | 80 | 1000;

/** What a workspace sets for its `meta_api` sessions, checked and with every default filled in. */
export interface MetaSettings {
  /** The id of the number at Meta, as digits. Not the number itself. */
  readonly phone_number_id: string;
  /** The id of the WhatsApp Business account, as digits. Without it: no templates, no account alerts. */
  readonly waba_id?: string;
  /** A system user's access token. Secret. */
  readonly access_token: string;
  /** The app's secrets, newest first: each signs webhooks. Empty: no webhook is accepted. Secret. */
  readonly app_secrets: readonly string[];
  /** What Meta shows when it asks whether a webhook address is ours. Secret. */
  readonly verify_token?: string;
  /** The Graph version. Default: `v25.0`. */
  readonly graph_version: string;
  /** Where the Graph API is. Default: `https://graph.facebook.com`. `http:` only for loopback. */
  readonly graph_url: string;
  /** Messages per second: 20 beside the Business app, 80, or 1000 once Meta raised it. Default: 80. */
  readonly throughput: Throughput;
  /** Whether to speak a version that Meta no longer supports. Default: false. */
  readonly allow_expired_version: boolean;
  /** The name to show for the account, when Meta tells none. */
  readonly display_name?: string;
  /** Whether messages carry Meta's own payload. Default: false. */
  readonly include_raw: boolean;
}

const digits = /^[0-9]{1,32}$/;
const isDigits = (value: unknown): boolean => typeof value === 'string' && digits.test(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';

type Rule = readonly [holds: (value: unknown) => boolean, shape: string, isNeeded?: true];

/** Every setting: whether a value holds, and what to say when it does not. */
const rules: Readonly<Record<keyof MetaSettings | 'app_secret', Rule>> = {
  phone_number_id: [
    isDigits,
    "must be the number's id as a text of digits; copy it from WhatsApp > API Setup in the app",
    true,
  ],
  waba_id: [isDigits, "must be the WhatsApp Business account's id as a text of digits"],
  access_token: [
    (value) => isText(value) && !/\s/.test(value as string),
    'must be an access token without spaces; make one for a system user in the business settings',
    true,
  ],
  app_secrets: [
    (value) => Array.isArray(value) && value.every(isText),
    "must be a list of app secrets, newest first; copy them from the app's basic settings",
  ],
  app_secret: [isText, "must be the app secret; copy it from the app's basic settings"],
  verify_token: [isText, 'must be the text that you entered as verify token for the webhook'],
  graph_version: [
    (value) => typeof value === 'string' && /^v\d{1,3}\.\d{1,2}$/.test(value),
    `must be a Graph version such as "${defaultGraphVersion}"`,
  ],
  graph_url: [
    isGraphUrl,
    'must be an https: address without path, such as "https://graph.facebook.com"; http: is for loopback only',
  ],
  throughput: [
    (value) => value === 20 || value === 80 || value === 1000,
    'must be 20, 80 or 1000: what Meta allows the number in a second',
  ],
  allow_expired_version: [isFlag, 'must be true or false'],
  display_name: [
    (value) => isText(value) && (value as string).length <= 128,
    'must be a text of 1 to 128 characters',
  ],
  include_raw: [isFlag, 'must be true or false'],
};

/**
 * Checks a workspace's settings. Whether their Graph version still answers is no matter of their shape: a
 * session is refused that starts with one that has expired, and hears webhooks all the same.
 * @param graphVersion the version of settings that name none
 * @throws GatewayError `invalid_config`, naming the setting, its shape and the fix; never its value
 */
export function parseSettings(
  settings: unknown,
  graphVersion: string = defaultGraphVersion,
): MetaSettings {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw wrong('settings', 'must be an object with phone_number_id and access_token');
  }
  for (const [name, value] of Object.entries(settings)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof typeof rules] : undefined;
    if (rule === undefined) {
      throw wrong(
        name,
        `is not known; the settings of meta_api are ${Object.keys(rules).join(', ')}`,
      );
    }
    if (!rule[0](value)) throw wrong(name, rule[1]);
  }
  for (const [name, [, shape, isNeeded]] of Object.entries(rules)) {
    if (isNeeded && !Object.hasOwn(settings, name)) throw wrong(name, `is missing; it ${shape}`);
  }
  const given = settings as Partial<MetaSettings> & { readonly app_secret?: string };
  const { app_secret, app_secrets, ...rest } = given;
  const parsed: MetaSettings = {
    graph_version: graphVersion,
    graph_url: 'https://graph.facebook.com',
    throughput: 80,
    allow_expired_version: false,
    include_raw: false,
    ...(rest as Pick<MetaSettings, 'phone_number_id' | 'access_token'>),
    app_secrets: [...(app_secrets ?? []), ...(app_secret === undefined ? [] : [app_secret])],
  };
  return { ...parsed, graph_url: new URL(parsed.graph_url).origin };
}

function isGraphUrl(value: unknown): boolean {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return false;
  }
  if (url.username !== '' || url.password !== '') return false;
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback);
}

function wrong(field: string, rule: string): GatewayError {
  return new GatewayError('invalid_config', `${field} ${rule}.`, { details: { field } });
}
