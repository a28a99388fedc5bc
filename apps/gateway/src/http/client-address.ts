import { BlockList, isIP, isIPv6 } from 'node:net';

export interface ClientAddress {
  ip: string;
  /** From this very machine, and no trusted proxy speaks for somebody else: exempt from rate limits. */
  local: boolean;
}

/**
 * Who is really calling. `X-Forwarded-For` counts only when the connection comes from a trusted proxy; then the
 * right-most address that is not itself a trusted proxy is the client (whatever stands further left, the client wrote).
 *
 * @param trustedProxies addresses or CIDR ranges
 * @param hostAddress in a container, from where the host calls through a published port; counts as 127.0.0.1, since only the host reaches a port
 *   that is published there
 * @returns a function of the connection's address and the header
 */
export function createClientAddress(trustedProxies: readonly string[], hostAddress?: string) {
  const trusted = new BlockList();
  for (const range of trustedProxies) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (ip: string) => trusted.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');

  return (remote: string | undefined, forwardedFor: string | undefined): ClientAddress => {
    // A connection without an address is one that ended: treated as foreign.
    if (remote === undefined || remote === '') return { ip: '0.0.0.0', local: false };
    // The system writes it, so it needs no checking; that of IPv4 is in its one form already.
    const from = remote.includes(':') ? plain(remote) : remote;
    const peer = from === hostAddress ? '127.0.0.1' : from;
    if (forwardedFor === undefined || !isTrusted(peer)) {
      return { ip: peer, local: isLoopback(peer) };
    }
    const hops = forwardedFor.split(',').map((hop) => plain(hop.trim()));
    const client = hops.reverse().find((hop) => isIP(hop) === 0 || !isTrusted(hop));
    // Not an address, or only proxies: the proxy itself is all we know.
    return { ip: client !== undefined && isIP(client) !== 0 ? client : peer, local: false };
  };
}

/** The key under which requests are counted: an IPv6 customer has a whole /64, so that is one client. */
export function rateLimitKey(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const [head = '', tail = ''] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((g) => Number.parseInt(g, 16).toString(16));
  return `${groups.join(':')}::/64`;
}

// One form for each address: brackets, ports and zone ids are taken off, ::ffff:1.2.3.4 is 1.2.3.4.
function plain(address: string): string {
  const bare = address.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1').replace(/%.*$/, '');
  if (isIPv6(bare)) return shortest(bare);
  return bare.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}

function shortest(ipv6: string): string {
  const host = new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  if (!mapped) return host;
  const bytes = mapped.slice(1).flatMap((group) => {
    const word = Number.parseInt(group, 16);
    return [word >> 8, word & 0xff];
  });
  return bytes.join('.');
}

// These two and no other of 127/8: who binds a client to 127.0.0.2 wants it told apart.
function isLoopback(ip: string): boolean {
  return ip === '127.0.0.1' || ip === '::1';
}
