import { accessSync, constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Listener {
  pid: number;
  /** `127.0.0.1`, or the kernel's hexadecimal form for anything but IPv4. */
  address: string;
  port: number;
}

const listening = '0A';

const kernel = '/proc';

/**
 * Every TCP address that something on this machine listens on, whoever it is (Linux only).
 *
 * @param proc where the kernel shows its processes
 * @throws Error when the kernel does not show it
 */
export function allListeners(proc = kernel): Array<Omit<Listener, 'pid'>> {
  accessSync(`${proc}/net/tcp`, constants.R_OK);
  return readTables(proc).map(({ address, port }) => ({ address, port }));
}

/** Those of these processes that are there, and whose sockets this account may not see. */
export const hiddenProcesses = (pids: readonly number[], proc = kernel): number[] =>
  pids.filter((pid) => {
    try {
      readdirSync(`${proc}/${pid}/fd`);
      return false;
    } catch {
      // One that has ended, and whose parent has not noticed, has none.
      return !/^(?:[ZX]|$)/.test(stateOf(pid, proc));
    }
  });

/** Which TCP addresses these processes listen on, asked of the kernel (Linux only). */
export function listenersOf(pids: readonly number[], proc = kernel): Listener[] {
  const sockets = readTables(proc);
  return pids.flatMap((pid) => {
    const inodes = inodesOf(pid, proc);
    return sockets
      .filter(({ inode }) => inodes.has(inode))
      .map(({ address, port }) => ({ pid, address, port }));
  });
}

/** Whether there is such a process. */
export const isRunning = (pid: number, proc = kernel): boolean => stateOf(pid, proc) !== '';

// The name of the program stands in brackets, and may hold some.
const stateOf = (pid: number, proc: string): string =>
  read(`${proc}/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .slice(0, 1);

/** A process and everything below it, by what /proc says now. */
export function processTree(root: number, proc = kernel): number[] {
  const parents = readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(name, proc) }));
  const tree = [root];
  for (const pid of tree) {
    tree.push(...parents.filter(({ parent }) => parent === pid).map((entry) => entry.pid));
  }
  return tree;
}

function parentOf(pid: string, proc: string): number | undefined {
  const stat = read(`${proc}/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

const readTables = (proc: string) => [...readTable(`${proc}/net/tcp`), ...readTable(`${proc}/net/tcp6`)];

function readTable(file: string) {
  const rows = read(file).trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state !== listening) return [];
    return [{ address: readable(address), port: Number.parseInt(port, 16), inode }];
  });
}

// The kernel prints the four bytes of an IPv4 address backwards.
function readable(hex: string): string {
  if (hex.length !== 8) return hex;
  return Array.from(Buffer.from(hex, 'hex').toReversed()).join('.');
}

function inodesOf(pid: number, proc: string): Set<string> {
  const inodes = new Set<string>();
  try {
    for (const fd of readdirSync(`${proc}/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readlink(`${proc}/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  } catch {
    // The process is gone.
  }
  return inodes;
}

function readlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
