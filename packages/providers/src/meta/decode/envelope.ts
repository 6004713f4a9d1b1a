import { GatewayError, type WebhookPart } from '@blazz/core';
import { asList, asNumber, asRaw, asText, type Raw } from '../../json/raw';

/** One change of a payload, with what its entry says. */
export interface Change {
  /** What it is about, such as `messages`. */
  readonly field: string;
  /** The facts. */
  readonly value: Raw;
  /** The WhatsApp Business account. */
  readonly waba: string;
  /** When Meta sent it, seconds since 1970, where the entry says it. */
  readonly time: number | undefined;
  /** The change as it came. */
  readonly raw: unknown;
}

/** The longest integer that JSON numbers carry exactly has 15 digits and a bit. */
const longInteger = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![.\deE+-])(-?\d{16,})(?![.\deE])/g;

/**
 * Parses a payload. Ids that Meta writes as long numbers become text, so that no digit is lost.
 * @throws GatewayError `bad_request`
 */
export function parsePayload(text: string): Raw {
  let json: unknown;
  try {
    json = JSON.parse(
      text.replace(longInteger, (all, digits?: string) =>
        digits === undefined ? all : `"${digits}"`,
      ),
    );
  } catch {
    // The parser's error would quote the payload.
    throw unreadable('it is not JSON');
  }
  if (!Array.isArray(asRaw(json).entry)) throw unreadable('it has no list called entry');
  return asRaw(json);
}

/** The changes of a payload, in its order. */
export function changesOf(payload: Raw): readonly Change[] {
  return asList(payload.entry).flatMap((entry) => {
    const { id, time, changes } = asRaw(entry);
    return asList(changes).map((raw) => {
      const { field, value } = asRaw(raw);
      return {
        field: asText(field) ?? 'unknown',
        value: asRaw(value),
        waba: idText(id),
        time: asNumber(time),
        raw,
      };
    });
  });
}

/**
 * Cuts a payload by the number that each change is about, or by the account where none is named.
 * @throws GatewayError `bad_request`
 */
export function splitPayload(body: Uint8Array): readonly WebhookPart[] {
  const payload = parsePayload(Buffer.from(body).toString('utf8'));
  const parts = new Map<string, unknown[]>();
  for (const entry of asList(payload.entry)) {
    const { changes, ...rest } = asRaw(entry);
    const byAccount = new Map<string, unknown[]>();
    for (const change of asList(changes)) {
      const account = accountOf(asRaw(asRaw(change).value), rest.id);
      byAccount.set(account, [...(byAccount.get(account) ?? []), change]);
    }
    for (const [account, own] of byAccount) {
      parts.set(account, [...(parts.get(account) ?? []), { ...rest, changes: own }]);
    }
  }
  return [...parts].map(([account, entry]) => ({ account, body: written({ ...payload, entry }) }));
}

function accountOf(value: Raw, waba: unknown): string {
  const number = idText(asRaw(value.metadata).phone_number_id);
  return number === '' ? idText(waba) : number;
}

/** An id as text; Meta writes some as numbers. */
export function idText(value: unknown): string {
  return typeof value === 'number' ? String(value) : (asText(value) ?? '');
}

function written(payload: unknown): string {
  try {
    return JSON.stringify(payload);
  } catch {
    throw unreadable('it is nested too deep');
  }
}

function unreadable(why: string): GatewayError {
  return new GatewayError(
    'bad_request',
    `The payload is not one of Meta's webhooks: ${why}. Check what is posted to this address.`,
  );
}
