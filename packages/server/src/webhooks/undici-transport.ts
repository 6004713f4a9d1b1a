import {
  AddressGuard,
  guardedConnect,
  type WebhookAnswer,
  type WebhookRequest,
  type WebhookTransport,
} from '@blazz/core';
import { Agent, buildConnector, request } from 'undici';

/** How {@link undiciTransport} reaches endpoints. */
export interface UndiciTransportOptions {
  /**
   * Hosts, IP addresses and networks that endpoints may have although they are not public; `http:`
   * is taken for them too. Default: none.
   */
  readonly allow?: readonly string[] | undefined;
  /** Finds the addresses of a host name. Default: the system's resolver. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
  /** Makes connections. Default: undici's connector. */
  readonly connect?: buildConnector.connector | undefined;
}

/**
 * Brings webhooks to public addresses over https. Each host is resolved once, and the connection
 * goes to the address that was checked; redirects are not followed; answers are not read.
 * @throws GatewayError `invalid_config` when `allow` is malformed
 */
export function undiciTransport(options: UndiciTransportOptions = {}): WebhookTransport {
  const guard = new AddressGuard({ allow: options.allow, resolve: options.resolve });
  const connect = guardedConnect(options.connect ?? buildConnector({ timeout: 10_000 }), guard);
  // Eight tries of one endpoint may be in flight, each over a connection of its own.
  const dispatcher = new Agent({ connect, connections: 8, keepAliveTimeout: 10_000 });
  const check = (url: string): URL => guard.checkUrl(url, ['https:']);
  return {
    check: (url) => void check(url),
    post: async ({ url, headers, body }: WebhookRequest, signal): Promise<WebhookAnswer> => {
      const answer = await request(check(url), {
        method: 'POST',
        headers: { 'user-agent': 'blazz-webhooks', ...headers },
        body,
        signal,
        dispatcher,
      });
      // A short answer is read to the end, so that the connection can be used again.
      await answer.body.dump({ limit: 65_536 }).catch(() => undefined);
      return {
        status: answer.statusCode,
        retryAfterMs: retryAfterOf(answer.headers['retry-after']),
      };
    },
  };
}

function retryAfterOf(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
