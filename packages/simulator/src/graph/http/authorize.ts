import { GraphError } from '../errors/graph-error';
import { graphSubcodes } from '../errors/graph-error-table';
import { type AccessToken, type Permission, permissions } from '../world/access-token';
import type { World } from '../world/world';

/**
 * Whose token a request carries: in `Authorization`, or as `access_token` in the query.
 * @throws GraphError 0 or 190
 */
export function tokenOf(
  world: World,
  authorization: string | undefined,
  query: URLSearchParams,
  now: number,
): AccessToken {
  const text = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  const given = text ?? query.get('access_token');
  if (!given) {
    throw new GraphError(190, {
      message: 'An access token is required to request this resource.',
    });
  }
  const token = world.tokens.get(given) ?? appToken(world, given);
  if (!token || token.revoked) {
    throw new GraphError(190, {
      message: 'Invalid OAuth access token - Cannot parse access token',
      ...(token ? { subcode: graphSubcodes.invalidToken } : {}),
    });
  }
  if (token.expiresAt !== undefined && token.expiresAt <= now) {
    throw new GraphError(190, {
      subcode: graphSubcodes.expiredToken,
      message: `Error validating access token: Session has expired on ${new Date(token.expiresAt).toUTCString()}.`,
    });
  }
  return token;
}

/** Holds a token to what an endpoint needs. @throws GraphError 10 or 200 */
export function assertAllowed(
  token: AccessToken,
  permission: Permission,
  wabaId: string | undefined,
): void {
  if (!token.permissions.has(permission)) {
    throw new GraphError(10, {
      message: '(#10) Application does not have permission for this action',
      details: `The token lacks ${permission}.`,
    });
  }
  if (wabaId === undefined || (token.wabaIds?.has(wabaId) ?? true)) return;
  throw new GraphError(200, {
    message: '(#200) You do not have permission to access this WhatsApp Business Account',
  });
}

/** An app's own token, `<id>|<secret>`: it may do everything with that app. */
function appToken(world: World, given: string): AccessToken | undefined {
  const [id = '', secret] = given.split('|');
  if (secret === undefined || world.apps.get(id)?.secret !== secret) return undefined;
  return {
    token: given,
    appId: id,
    wabaIds: undefined,
    permissions: new Set(permissions),
    expiresAt: undefined,
    revoked: false,
  };
}
