import { isIP } from 'node:net';
import { PageProblem } from './page-problem.ts';
import { untilAborted } from './until-aborted.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** All addresses of a host. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface AddressRules {
  lookup: Lookup;
  isAllowed: (address: string) => boolean;
}

/**
 * The one address to connect to for a request. The host is resolved once, here: a name that answers differently a moment later (DNS
 * rebinding) changes nothing.
 *
 * @throws PageProblem when one of the host's addresses is not public: then its owner is not to be trusted with the choice
 */
export async function pinnedAddress(
  url: URL,
  rules: AddressRules,
  signal: AbortSignal,
): Promise<ResolvedAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await addressesOf(host, rules.lookup, signal);
  if (!addresses.every(({ address }) => rules.isAllowed(address)))
    throw new PageProblem('not a public address');
  // Not every machine that has names of IPv6 hosts resolved can reach them.
  const pinned = addresses.find(({ family }) => family === 4) ?? addresses[0];
  if (pinned === undefined) throw new PageProblem('its host was not found');
  return pinned;
}

async function addressesOf(
  host: string,
  lookup: Lookup,
  signal: AbortSignal,
): Promise<readonly ResolvedAddress[]> {
  const family = isIP(host);
  // Connecting to a number asks no resolver.
  if (family !== 0) return [{ address: host, family }];
  try {
    return await untilAborted(lookup(host), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new PageProblem('its host was not found', { cause: error });
  }
}
