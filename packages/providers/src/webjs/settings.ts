import { GatewayError } from '@blazz/core';

/** What one workspace may set for its `web_js` sessions. Wire shape; everything is optional. */
export interface WebjsSettings {
  /** Whether a send marks the chat as read first. Default: the provider's option. */
  readonly send_seen?: boolean;
  /** Whether to take the account back when WhatsApp Web is opened elsewhere. Default: the provider's option. */
  readonly takeover_on_conflict?: boolean;
  /** Whether announcements of WhatsApp Web are dismissed. Default: the provider's option. */
  readonly dismiss_announcements?: boolean;
  /** Whether inbound messages carry the page's own model. Default: the provider's option. */
  readonly include_raw?: boolean;
  /** The name shown in the phone's list of linked devices, 1 to 50 characters. Default: the system's. */
  readonly device_name?: string;
  /** The browser's name shown there, 1 to 50 characters. Default: the browser's. */
  readonly browser_name?: string;
  /** The mean pause between two sends, in milliseconds, 0 to 3 600 000. Default: the provider's option. */
  readonly interval_ms?: number;
}

const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isName = (value: unknown): boolean =>
  typeof value === 'string' && value.length >= 1 && value.length <= 50;
const isInterval = (value: unknown): boolean =>
  typeof value === 'number' && value >= 0 && value <= 3_600_000;

const rules: Readonly<Record<keyof WebjsSettings, readonly [(value: unknown) => boolean, string]>> =
  {
    send_seen: [isFlag, 'must be true or false'],
    takeover_on_conflict: [isFlag, 'must be true or false'],
    dismiss_announcements: [isFlag, 'must be true or false'],
    include_raw: [isFlag, 'must be true or false'],
    device_name: [isName, 'must be a text of 1 to 50 characters'],
    browser_name: [isName, 'must be a text of 1 to 50 characters'],
    interval_ms: [isInterval, 'must be a number of milliseconds from 0 to 3600000'],
  };

/**
 * Checks a workspace's settings.
 * @throws GatewayError `invalid_config`, naming the setting and the fix
 */
export function parseSettings(settings: unknown): WebjsSettings {
  if (settings === undefined || settings === null) return {};
  if (typeof settings !== 'object' || Array.isArray(settings)) {
    throw wrong('settings', 'must be an object; leave it out for the defaults');
  }
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(rules, name)) {
      throw wrong(
        name,
        `is not known; the settings of web_js are ${Object.keys(rules).join(', ')}`,
      );
    }
    const [holds, rule] = rules[name as keyof WebjsSettings];
    if (!holds(value)) throw wrong(name, rule);
  }
  return settings as WebjsSettings;
}

function wrong(field: string, rule: string): GatewayError {
  return new GatewayError('invalid_config', `${field} ${rule}.`, { details: { field } });
}
