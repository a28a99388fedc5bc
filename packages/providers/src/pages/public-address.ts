import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

// Only this part of IPv6 is handed out for the internet; the old form ::a.b.c.d, for instance, counts as unicast but is not in it.
const globalUnicast = ipaddr.IPv6.parse('2000::');
const nat64 = ipaddr.IPv6.parse('64:ff9b::');
// Public by its number, but answers virtual machines of Azure with what is theirs alone.
const azureHost = '168.63.129.16';

/**
 * Whether an address is one of the public internet, so that reading a page from it reveals nothing of this machine and its networks.
 * An IPv4 address that is wrapped in an IPv6 one counts as what it is.
 *
 * @param address in the form that a resolver gives; any other text is not public
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  return isPublic(ipaddr.parse(address));
}

function isPublic(address: Address): boolean {
  if (address instanceof ipaddr.IPv4)
    return address.range() === 'unicast' && address.toString() !== azureHost;
  const wrapped = wrappedAddresses(address);
  if (wrapped.length > 0) return wrapped.every(isPublic);
  return address.range() === 'unicast' && address.match(globalUnicast, 3);
}

/** The IPv4 addresses to which packets to this one go in the end. */
function wrappedAddresses(address: ipaddr.IPv6): Address[] {
  const bytes = address.toByteArray();
  const at = (start: number) => ipaddr.fromByteArray(bytes.slice(start, start + 4));
  const range = address.range();
  if (range === 'ipv4Mapped') return [at(12)];
  // Its other prefix, for local use, puts the address elsewhere, and is for one network alone.
  if (range === 'rfc6052' && address.match(nat64, 96)) return [at(12)];
  if (range === '6to4') return [at(2)];
  // A server, and a client whose address is stored inverted.
  if (range === 'teredo') return [at(4), ipaddr.fromByteArray(bytes.slice(12).map((byte) => byte ^ 0xff))];
  return [];
}
