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
  const seen = new Set<string>();
  for (const [identifier, value] of components) {
    if (seen.has(identifier)) throw malformed('names a component twice');
    seen.add(identifier);
    if (breaksLine(value) || breaksLine(identifier)) throw malformed('has a line break');
    base += `"${identifier}": ${value}\n`;
  }
  if (breaksLine(parameters)) throw malformed('has a line break');
  return `${base}"@signature-params": ${parameters}`;
}

function breaksLine(text: string): boolean {
  return text.includes('\n') || text.includes('\r');
}

function malformed(what: string): GatewayError {
  return new GatewayError('bad_request', `The request cannot be signed: it ${what}. Correct it.`);
}
