import { GatewayError } from '../errors/gateway-error';

/** One covered component: its identifier as it stands between the quotes, and its value. */
export type SignatureComponent = readonly [identifier: string, value: string];

/**
 * Builds the text that an HTTP message signature is made over (RFC 9421, 2.5): a line per
 * component, then the parameters. It serves any profile; `blazz-v1` is one caller.
 * @param components in the order of the component list, each identifier once, lower-case
 * @param parameters the inner list with its parameters, as it stands in `Signature-Input`
 * @throws GatewayError `bad_request` for a repeated identifier or a line break, with which one
 * component could pass for two
 */
export function signatureBase(
  components: readonly SignatureComponent[],
  parameters: string,
): string {
  let base = '';
  for (const [identifier, value] of components) base += `"${identifier}": ${value}\n`;
  base += `"@signature-params": ${parameters}`;
  if (base.includes('\r') || countOf('\n', base) !== components.length) {
    throw malformed('has a line break');
  }
  if (repeats(components)) throw malformed('names a component twice');
  return base;
}

/** Both checks look at every request that is signed or verified, so they allocate nothing. */
function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

function repeats(components: readonly SignatureComponent[]): boolean {
  for (let i = 1; i < components.length; i++) {
    for (let j = 0; j < i; j++) {
      if (components[i]?.[0] === components[j]?.[0]) return true;
    }
  }
  return false;
}

function malformed(what: string): GatewayError {
  return new GatewayError('bad_request', `The request cannot be signed: it ${what}. Correct it.`);
}
