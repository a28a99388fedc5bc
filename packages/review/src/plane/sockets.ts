import {
  allListeners,
  hiddenProcesses,
  isRunning,
  listenersOf,
  processTree,
  type Listener,
} from '@actp/embedded/listening-sockets';
import { isLoopback } from '@actp/shared/loopback';
import type { Observation } from '../findings/finding.ts';
import { couldNotLook, lookedExcept } from '../findings/source-review.ts';
import type { PlaneState } from '../project-state.ts';
import type { Source } from '../review-project.ts';

const source = 'sockets';

/** Sockets of ours, and of configured services, that others than this machine can reach. */
export const sockets: Source<PlaneState> = {
  name: source,
  applies: () => true,
  review({ rootPid, servicePorts, proc }) {
    let found: Array<Pick<Listener, 'address' | 'port'>>;
    const reasons: string[] = [];
    try {
      const services = allListeners(proc).filter(({ port }) => servicePorts?.includes(port) === true);
      const ours = processTree(rootPid, proc);
      found = [...listenersOf(ours, proc), ...services];
      const hidden = hiddenProcesses(ours, proc).length;
      if (hidden > 0) reasons.push(`the sockets of ${hidden} processes cannot be seen by this account`);
      if (!isRunning(rootPid, proc)) reasons.push('the process of the plane is not there');
    } catch {
      return couldNotLook(source, 'the system does not say what listens');
    }
    if (servicePorts === undefined) reasons.push('the configured services cannot be read (SELFTEST_CONFIG)');
    const open = found.filter(({ address }) => !isOwnMachine(address));
    const once = new Map(open.map((listener) => [`${listener.address}:${listener.port}`, listener]));
    return lookedExcept(source, [...once].map(observe), reasons);
  },
};

const observe = ([where, { address, port }]: [string, Pick<Listener, 'address' | 'port'>]): Observation => ({
  kind: 'socket',
  severity: 'high',
  title: `Port ${port} listens on ${isEvery(address) ? 'every address' : shownAddress(address)}`,
  detail: 'Others than this machine can reach it.',
  about: [where],
});

const mapped = /^0{16}FFFF0000([\dA-F]{8})$/;

// IPv6 in the form of the kernel: ::1, and 127.0.0.0/8 written as IPv6.
const isOwnMachine = (address: string) =>
  isLoopback(address) ||
  address === '00000000000000000000000001000000' ||
  mapped.exec(address)?.[1]?.endsWith('7F') === true;

const isEvery = (address: string) =>
  address === '0.0.0.0' || /^0{32}$/.test(address) || mapped.exec(address)?.[1] === '00000000';

/** The kernel prints the four words of an IPv6 address, each backwards. */
function shownAddress(address: string): string {
  if (!/^[\dA-F]{32}$/.test(address)) return address;
  const bytes = [0, 8, 16, 24].flatMap((at) => [
    ...Buffer.from(address.slice(at, at + 8), 'hex').toReversed(),
  ]);
  const groups = Array.from({ length: 8 }, (_, n) =>
    ((bytes[2 * n] ?? 0) * 256 + (bytes[2 * n + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':')}]`;
}
