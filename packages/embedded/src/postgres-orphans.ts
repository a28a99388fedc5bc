import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { endProcess } from './pid-file.ts';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

const stopMs = 5_000;
const orphanMs = 1_000;

/**
 * Ends whatever still works on this data directory: a server that a killed supervisor left, or the children of a server
 * that was killed itself (they go by themselves, but one in the middle of a long query only when it is done, and until
 * then no new server may start). Must not be called while our own server runs.
 *
 * A server's working directory is its data directory, which is how they are found, on Linux. Elsewhere the pid file
 * alone has to do.
 */
export async function clearPostgres(directory: string): Promise<void> {
  const pidFile = join(directory, 'postmaster.pid');
  const processes = serversIn(directory);
  const head = processes.find(({ pid }) => pid === pidIn(pidFile));
  // SIGINT is a fast, clean shutdown and takes the children along.
  if (head !== undefined) await endProcess(head, 'SIGINT', stopMs);
  await Promise.all(serversIn(directory).map((orphan) => endProcess(orphan, 'SIGQUIT', orphanMs)));
  // The number in a stale file may belong to anybody by now, and Postgres would take that for a server.
  if (process.platform === 'linux') rmSync(pidFile, { force: true });
}

function serversIn(directory: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isServerIn(name, directory))
    .map((name) => identifyProcess(Number(name)))
    .filter((identity) => identity !== undefined);
}

function isServerIn(pid: string, directory: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === directory &&
      readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
    );
  } catch {
    return false;
  }
}

function pidIn(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10);
  } catch {
    return undefined;
  }
}
