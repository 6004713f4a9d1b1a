import ipaddr from 'ipaddr.js';
import { GatewayError } from '../errors/gateway-error';

const hostName = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** Hosts and networks that are let through although they are not public. */
export class AllowList {
  readonly #hosts = new Set<string>();
  readonly #networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];

  /**
   * @param entries host names, IP addresses and networks, such as `media.internal`, `10.0.0.7` and `10.1.0.0/16`
   * @throws GatewayError `invalid_config`, naming the entry
   */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const text = entry.trim().toLowerCase();
      if (ipaddr.isValidCIDR(text)) this.#networks.push(ipaddr.parseCIDR(text));
      else if (isAddress(text)) this.#networks.push([ipaddr.parse(text), widthOf(text)]);
      else if (hostName.test(text)) this.#hosts.add(text);
      else {
        throw new GatewayError(
          'invalid_config',
          `"${entry.slice(0, 64)}" is no host name, IP address or network such as 10.0.0.0/8.`,
        );
      }
    }
  }

  /** Whether a host is named. */
  hasHost(host: string): boolean {
    return this.#hosts.has(host);
  }

  /** Whether an address is within a network. */
  hasAddress(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    return this.#networks.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
  }
}

function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function widthOf(text: string): number {
  return ipaddr.parse(text).kind() === 'ipv4' ? 32 : 128;
}
