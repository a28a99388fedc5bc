import { randomInt } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';

/** A group that no account has. A process hands it on to all that it starts, and only root could take it off. */
export const newTag = () => 1_900_000_000 + randomInt(0, 100_000_000);

const passes = 20;

/** Kills every process with this group; again while there are such, since one may just have started another. */
export async function killTagged(tag: number): Promise<void> {
  for (let pass = 0; pass < passes; pass += 1) {
    const found = await taggedProcesses(tag);
    if (found.length === 0) return;
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone in this moment.
      }
    }
  }
}

async function taggedProcesses(tag: number): Promise<number[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
      const groups = /^Groups:\t(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/) ?? [];
      // One that has ended stays listed until its parent has noticed.
      const ended = /^State:\t[ZX]/m.test(status);
      return groups.includes(String(tag)) && !ended ? [Number(name)] : [];
    }),
  );
  return found.flat();
}
