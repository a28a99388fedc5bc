import { readFile } from 'node:fs/promises';
import { findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';

export interface SystemUser {
  uid: number;
  gid: number;
}

const timeoutMs = 30_000;

/** The system's user of this name. */
export async function findSystemUser(name: string): Promise<SystemUser | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const fields = lines.map((line) => line.split(':')).find((entry) => entry[0] === name);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}

/** Makes a system user without home, shell or password (only root can); undefined when the system refuses. */
export async function createSystemUser(name: string, searchPath?: string): Promise<SystemUser | undefined> {
  const useradd = await findProgram(['useradd'], searchPath);
  const adduser = await findProgram(['adduser'], searchPath);
  if (useradd !== undefined) {
    const shell = ['--shell', '/usr/sbin/nologin'];
    await runCommand(useradd, ['--system', '--user-group', '--no-create-home', ...shell, name], {
      timeoutMs,
    });
  } else if (adduser !== undefined) {
    // BusyBox: -S system, -D no password, -H no home.
    await runCommand(adduser, ['-S', '-D', '-H', '-s', '/sbin/nologin', name], { timeoutMs });
  }
  return findSystemUser(name);
}
