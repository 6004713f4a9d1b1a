import { GatewayError } from '@blazz/core';

/**
 * The one answer to whatever is missing. It says the same whether the thing does not exist or
 * belongs to a workspace that the key does not cover, so that nobody learns which ids exist.
 */
export function notFound(): GatewayError {
  return new GatewayError(
    'not_found',
    'There is no such thing, or your key does not cover its workspace. Check the id and the key.',
  );
}
