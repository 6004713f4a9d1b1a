import ipaddr from 'ipaddr.js';

/** The part of IPv6 that is handed out: nothing outside of it is anybody's public address. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Addresses that look public and are a cloud's own: Azure's platform service. */
const cloudAddresses: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an IP address is public: somebody's on the internet, and not loopback, private,
 * link-local, carrier-grade NAT, multicast, documentation, a tunnel or a translation into any of
 * them, or a cloud's metadata service. What is no IP address at all is not public.
 * @param text an IPv4 address of four decimal parts, or an IPv6 address
 */
export function isPublicAddress(text: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return isPublicV4(ipaddr.IPv4.parse(text));
  if (!ipaddr.IPv6.isValid(text)) return false;
  const address = ipaddr.IPv6.parse(text);
  if (address.isIPv4MappedAddress()) return isPublicV4(address.toIPv4Address());
  return address.match(globalUnicast) && address.range() === 'unicast';
}

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !cloudAddresses.has(address.toString());
}
