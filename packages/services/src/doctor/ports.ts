import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { listenError } from '@actp/embedded/free-port';
import { listenersOf, processTree, type Listener } from '@actp/embedded/listening-sockets';
import { isLoopback } from '@actp/shared/loopback';
import { planeProcess } from './plane.ts';
import { fail, off, ok, type Check, type Finding } from './finding.ts';

const name = 'ports';
const shown = 3;

export interface PortsDeps {
  dataDir: string;
  host: string;
  port: number;
  /** The process whose tree is looked at; that of the data folder unless a test says otherwise. */
  planePid?: () => number | undefined;
  /** Who listens where, below a process; for tests. */
  listeners?: (pid: number) => Listener[];
}

/** Whether everything of the plane listens on loopback alone, and who has GATEWAY_PORT. */
export const portsCheck = ({ dataDir, host, port, planePid, listeners }: PortsDeps): Check => ({
  name,
  async look() {
    // Only a gateway in a container listens elsewhere, and what others reach is what its owner publishes.
    if (!isLoopback(host)) return off(name, 'in a container, whose owner says what is reachable');
    const pid = (planePid ?? (() => planeProcess(dataDir)))();
    if (pid === undefined) return whoHas(port, host);
    if (listeners === undefined && process.platform !== 'linux')
      return off(name, 'who listens where can only be asked on Linux');
    const ours = (listeners ?? ((root) => listenersOf(ofThePlane(root))))(pid);
    const exposed = ours.filter(({ address }) => !isLoopbackOfKernel(address));
    if (exposed.length > 0) {
      return fail(
        name,
        `reachable from other machines: ${exposed.slice(0, shown).map(described).join(', ')}`,
        'Stop that process; everything of the plane listens on 127.0.0.1, a proxy on this machine serves others',
      );
    }
    if (ours.some((one) => one.port === port)) return ok(name, `${ours.length} in use, all on loopback`);
    return whoHas(port, host);
  },
});

/** The tree of the plane without the commands of the operator that a self-test runs. */
function ofThePlane(root: number): number[] {
  const tree = processTree(root);
  const runners = tree.filter((pid) => commandOf(pid).includes('apps/selftest-runner/src/main.ts'));
  const commands = new Set(runners.flatMap((pid) => processTree(pid).slice(1)));
  return tree.filter((pid) => !commands.has(pid));
}

async function whoHas(port: number, host: string): Promise<Finding> {
  const fault = await listenError(port, host);
  if (fault === undefined) return ok(name, `GATEWAY_PORT ${port} is free`);
  if (fault === 'EADDRINUSE') {
    return fail(
      name,
      `GATEWAY_PORT ${port} is used by ${ownerOf(port) ?? 'another process'}`,
      `Stop that process, or set GATEWAY_PORT to another port`,
    );
  }
  return fail(
    name,
    `nobody can listen on GATEWAY_PORT ${port} (${fault})`,
    'Set GATEWAY_PORT to a port above 1023, GATEWAY_HOST to 127.0.0.1',
  );
}

function ownerOf(port: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  const found = listenersOf(pids.map(Number)).find((one) => one.port === port);
  return found && `process ${found.pid} (${programOf(found.pid)})`;
}

const described = ({ pid, port }: Listener) => `port ${port} of process ${pid} (${programOf(pid)})`;

// The name alone: a command line can hold secrets.
const programOf = (pid: number) => readText(`/proc/${pid}/comm`).trim() || 'unknown';
const commandOf = (pid: number) => readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

// ::1 and 127.0.0.0/8 behind ::ffff:, in the kernel's order of bytes.
const isLoopbackOfKernel = (address: string) =>
  address.startsWith('127.') ||
  address === '00000000000000000000000001000000' ||
  /^0000000000000000FFFF0000[0-9A-F]{6}7F$/i.test(address);
