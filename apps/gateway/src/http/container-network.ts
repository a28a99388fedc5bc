import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The network that a container has for itself. */
export interface ContainerNetwork {
  /** From which connections through a published port come: the bridge's own address, which is the host's. */
  hostAddress: string;
}

const anywhere = '00000000';
const up = 0x1;

/**
 * Finds out whether this process is in a network of its own, as Docker and Podman make them, and from which address the host calls.
 *
 * @param root of the file system; for tests
 * @returns undefined in the host's network (`network_mode: host`), without one, and where it cannot be told
 */
export function containerNetwork(root = '/'): ContainerNetwork | undefined {
  const routes = read(join(root, 'proc/net/route'))?.split('\n').slice(1) ?? [];
  const defaults = routes
    .map((line) => line.trim().split(/\s+/))
    .filter(([, to, , flags, , , , mask]) => to === anywhere && mask === anywhere && isUp(flags));
  const [device, , gateway] = defaults.length === 1 ? (defaults[0] ?? []) : [];
  if (device === undefined || gateway === undefined || !/^[\da-f]{8}$/i.test(gateway)) return undefined;
  if (gateway === anywhere || !isLinkedOutside(root, device)) return undefined;
  // The kernel writes the four bytes as one number, in the order of the machine: little-endian on all that Node.js is built for but s390x.
  const bytes = Buffer.from(gateway, 'hex');
  return { hostAddress: [...bytes.reverse()].join('.') };
}

const isUp = (flags: string | undefined) => (Number.parseInt(flags ?? '0', 16) & up) !== 0;

// The other end of a container's device is in another network namespace; a device of the machine itself is linked to itself. Without this the
// router of an office would be taken for the host in a container with `network_mode: host`.
function isLinkedOutside(root: string, device: string): boolean {
  const folder = join(root, 'sys/class/net', device);
  const [own, other] = ['ifindex', 'iflink'].map((name) => read(join(folder, name))?.trim());
  return own !== undefined && other !== undefined && own !== other;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
