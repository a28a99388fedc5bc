/** The key of a package without the peers that it is given. */
export const withoutPeers = (key: string): string => key.replace(/\(.*$/s, '');

export interface PnpmKey {
  name: string;
  version: string | null;
  registry: string | null;
}

/**
 * `/name/1.0.0_peer` (5), `/name@1.0.0(peer)` (6), `name@1.0.0` (9), each also with a scope; until 6 with the host of another registry
 * before.
 */
export function splitKey(key: string): PnpmKey {
  const [, registry = null, rest = key] = /^([^/@]+\.[^/@]+|localhost:\d+)(\/[^/].*[/@].+)$/s.exec(key) ?? [];
  const plain = withoutPeers(rest.replace(/^\//, ''));
  const [, name, version] =
    /^((?:@[^/]+\/)?[^/@]+)[@/]([^/]+)$/.exec(plain) ?? /^((?:@[^/]+\/)?[^/@]+)@(.+)$/s.exec(plain) ?? [];
  return name === undefined
    ? { name: plain, version: null, registry }
    : { name, version: version?.replace(/_.*$/, '') ?? null, registry };
}
