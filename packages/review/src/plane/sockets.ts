import { allListeners, listenersOf, processTree, type Listener } from '@actp/embedded/listening-sockets';
import { isLoopback } from '@actp/shared/loopback';
import type { Observation } from '../findings/finding.ts';
import { couldNotLook, looked } from '../findings/source-review.ts';
import type { PlaneState } from '../project-state.ts';
import type { Source } from '../review-project.ts';

const source = 'sockets';

/** Sockets of ours, and of configured services, that others than this machine can reach. */
export const sockets: Source<PlaneState> = {
  name: source,
  applies: () => true,
  review({ rootPid, servicePorts }) {
    let found: Array<Pick<Listener, 'address' | 'port'>>;
    try {
      const services = allListeners().filter(({ port }) => servicePorts.includes(port));
      found = [...listenersOf(processTree(rootPid)), ...services];
    } catch {
      return couldNotLook(source, 'the system does not say what listens');
    }
    const open = found.filter(({ address }) => !isOwnMachine(address));
    const once = new Map(open.map((listener) => [`${listener.address}:${listener.port}`, listener]));
    return looked(
      source,
      [...once].map(([where, { port }]): Observation => ({
        kind: 'socket',
        severity: 'high',
        title: `Port ${port} listens on ${where.startsWith('0.0.0.0') || /^0{32}/.test(where) ? 'every address' : where}`,
        detail: 'Others than this machine can reach it.',
        about: [where],
      })),
    );
  },
};

// IPv6 in the form of the kernel: ::1, and 127.0.0.0/8 written as IPv6.
const isOwnMachine = (address: string) =>
  isLoopback(address) ||
  address === '00000000000000000000000001000000' ||
  /^0{16}FFFF0000[\dA-F]{6}7F$/.test(address);
