import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';
import { markerName } from './process-group.ts';

/**
 * Kills processes that left the group of their command (a daemon that made its own session), found by the marker in
 * their environment, as continuous-integration servers do. Where there is no /proc (macOS) nothing is found.
 *
 * @returns how many were killed
 */
export async function sweepEscaped(marker: string): Promise<number> {
  const entry = `${markerName}=${marker}`;
  let killed = 0;
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
    if (!environment.split('\0').includes(entry)) continue;
    try {
      process.kill(pid, 'SIGKILL');
      killed += 1;
    } catch {
      // Gone in this moment.
    }
  }
  return killed;
}
