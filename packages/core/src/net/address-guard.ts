import { lookup } from 'node:dns/promises';
import { GatewayError } from '../errors/gateway-error';
import { AllowList } from './allow-list';
import { isPublicAddress } from './public-address';

/** What an {@link AddressGuard} lets through. */
export interface AddressGuardOptions {
  /**
   * Host names, IP addresses and networks that may be reached although they are not public, such
   * as `media.internal` and `10.1.0.0/16`. Default: none.
   */
  readonly allow?: readonly string[] | undefined;
  /** Finds the addresses of a host name. Default: the system's resolver. */
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined;
}

/**
 * Keeps requests whose target somebody else names away from private addresses: webhooks, media
 * links. A name is resolved once, each of its addresses is checked, and the connection goes to the
 * address that was checked, so that a name server cannot change its mind in between. Use it with
 * {@link guardedConnect}.
 */
export class AddressGuard {
  readonly #allowed: AllowList;
  readonly #resolve: (host: string) => Promise<readonly string[]>;

  /**
   * @param options what is let through
   * @throws GatewayError `invalid_config` when `allow` has an entry that is nothing of it
   */
  constructor(options: AddressGuardOptions = {}) {
    this.#allowed = new AllowList(options.allow ?? []);
    this.#resolve = options.resolve ?? systemAddresses;
  }

  /**
   * Checks what an address says by itself, before anything is resolved.
   * @param text a URL
   * @param protocols the schemes that are taken, such as `['https:']`; an allowed host may use `http:` too
   * @returns the parsed URL
   * @throws GatewayError `address_refused`
   */
  checkUrl(text: string, protocols: readonly string[]): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined) throw refused('It is not a URL.');
    const host = hostOf(url.hostname);
    const isAllowed = this.#isAllowed(host);
    if (!protocols.includes(url.protocol) && !(isAllowed && url.protocol === 'http:')) {
      throw refused(`It must begin with ${protocols.join(' or ')}//.`);
    }
    if (url.username !== '' || url.password !== '') throw refused('It must hold no credentials.');
    if (host === '') throw refused('It names no host.');
    if (isLiteral(host) && !isAllowed && !isPublicAddress(host)) throw refused();
    return url;
  }

  /**
   * The address to connect to for a host.
   * @param hostname a name, or an IP address, with or without brackets
   * @throws GatewayError `address_refused` when one of its addresses is not public
   */
  async addressOf(hostname: string): Promise<string> {
    const host = hostOf(hostname);
    const addresses = isLiteral(host) ? [host] : await this.#resolve(host);
    const isNamed = this.#allowed.hasHost(host);
    // One private address among public ones is refused too: nobody can say which would be taken.
    const isFine = addresses.every(
      (address) => isNamed || this.#allowed.hasAddress(address) || isPublicAddress(address),
    );
    const [first] = addresses;
    if (first === undefined) throw refused('Its host has no address.');
    if (!isFine) throw refused();
    return first;
  }

  #isAllowed(host: string): boolean {
    return this.#allowed.hasHost(host) || this.#allowed.hasAddress(host);
  }
}

/** What a connector is asked to connect to, as far as it matters here. */
export interface ConnectTarget {
  /** The name or address of the URL. */
  readonly hostname: string;
}

/** Makes connections, as undici's `buildConnector({})` does. */
export type Connector<Options, Socket> = (
  options: Options,
  done: (...args: [error: null, socket: Socket] | [error: Error, socket: null]) => void,
) => void;

/**
 * Puts a guard in front of an undici `connect` function. TLS still checks the certificate against
 * the name.
 * @param connect what makes the connection, such as undici's `buildConnector({})`
 */
export function guardedConnect<Options extends ConnectTarget, Socket>(
  connect: Connector<Options, Socket>,
  guard: AddressGuard,
): Connector<Options, Socket> {
  return (options, done) => {
    guard.addressOf(options.hostname).then(
      (hostname) => connect({ ...options, hostname }, done),
      (error: Error) => done(error, null),
    );
  };
}

async function systemAddresses(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/** Without the brackets of IPv6, the dot that ends an absolute name, and capitals. */
function hostOf(hostname: string): string {
  return hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isLiteral(host: string): boolean {
  // The URL parser has turned every other spelling of an IPv4 address into four decimal parts.
  return host.includes(':') || /^\d+(\.\d+){3}$/.test(host);
}

function refused(why: string = 'Its host is not on the public internet.'): GatewayError {
  const advice = 'Name a public address, or have the operator allow this one.';
  return new GatewayError('address_refused', `The address is refused. ${why} ${advice}`);
}
