import { isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
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

const connectTimeoutMs = 4_000;

/**
 * An agent for one request that connects to the address that was checked, and to no other: the host is resolved once, here. A name that
 * answers differently a moment later (DNS rebinding) therefore changes nothing.
 *
 * @throws PageProblem when one of the host's addresses is not public: then its owner is not to be trusted with the choice
 */
export async function createPinnedAgent(url: URL, rules: AddressRules, signal: AbortSignal): Promise<Agent> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await addressesOf(host, rules.lookup, signal);
  if (!addresses.every(({ address }) => rules.isAllowed(address)))
    throw new PageProblem('not a public address');
  // Not every machine that has names of IPv6 hosts resolved can reach them.
  const pinned = addresses.find(({ family }) => family === 4) ?? addresses[0];
  if (pinned === undefined) throw new PageProblem('its host was not found');
  const lookup: LookupFunction = (_hostname, options, callback) => {
    if (options.all === true) callback(null, [pinned]);
    else callback(null, pinned.address, pinned.family);
  };
  return new Agent({ connect: { lookup, timeout: connectTimeoutMs }, allowH2: false });
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
