import { GatewayError } from '../errors/gateway-error';
import { type EventType, eventTypes } from '../events/event';
import { isId } from '../ids';
import { isObject } from '../is-object';

/** An endpoint as it is asked for. */
export interface EndpointRequest {
  /** Where to, `https:`. */
  readonly url: string;
  /** Only these types. Default: all. */
  readonly types?: readonly EventType[];
  /** Only of these sessions. Default: all. */
  readonly sessions?: readonly string[];
  /** Whether an event waits until those before it, of the same session, have been delivered. Default: false. */
  readonly ordered?: boolean;
}

/**
 * Checks what is asked for. The address itself is the transport's to check.
 * @throws GatewayError `bad_request`, naming the field
 */
export function parseEndpointRequest(value: unknown): EndpointRequest {
  if (!isObject(value)) throw wrong('url', 'is missing: an endpoint is an object with a `url`');
  const { url, types, sessions, ordered } = value;
  if (typeof url !== 'string' || url.length > 2_048) {
    throw wrong('url', 'must be an address of at most 2048 characters');
  }
  const isType = (each: unknown): boolean => eventTypes.some((known) => known === each);
  if (types !== undefined && !isListOf(types, isType)) {
    throw wrong('types', `must be a list of ${eventTypes.join(', ')}`);
  }
  if (sessions !== undefined && !isListOf(sessions, isId)) {
    throw wrong('sessions', 'must be a list of session ids');
  }
  if (ordered !== undefined && typeof ordered !== 'boolean') {
    throw wrong('ordered', 'must be true or false');
  }
  return {
    url,
    ordered: ordered === true,
    ...(types === undefined ? {} : { types: types as readonly EventType[] }),
    ...(sessions === undefined ? {} : { sessions: sessions as readonly string[] }),
  };
}

function isListOf(value: unknown, isFine: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every(isFine);
}

function wrong(path: string, rule: string): GatewayError {
  return new GatewayError('bad_request', `\`${path}\` ${rule}.`, { details: { path } });
}
