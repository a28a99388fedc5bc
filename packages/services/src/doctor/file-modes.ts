import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fail, off, ok, type Check } from './finding.ts';

const name = 'file modes';
const deepest = 3;
const shown = 3;

interface Open {
  path: string;
  writable: boolean;
}

/** Whether other users of this machine can read or change what is in the data folder. */
export const fileModesCheck = (dataDir: string): Check => ({
  name,
  async look(signal) {
    const root = await stat(dataDir).catch(() => undefined);
    if (root === undefined) return off(name, 'the data folder does not exist yet');
    const open: Open[] = [];
    await walk(dataDir, 0, open, signal);
    if (open.length === 0) return ok(name, 'data folder and logs are for their owner alone');
    const writable = open.some((one) => one.writable);
    const names = open.slice(0, shown).map(({ path }) => relative(dataDir, path) || '.');
    const more = open.length > shown ? ` and ${open.length - shown} more` : '';
    return fail(
      name,
      `other users can ${writable ? 'change' : 'read'} in the data folder: ${names.join(', ')}${more}`,
      'chmod -R go-rw on the data folder (ACTP_DATA_DIR)',
    );
  },
});

// Only where others come: what lies in a closed folder is closed, whatever its own mode.
async function walk(path: string, depth: number, open: Open[], signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !(found.isDirectory() || found.isFile())) return;
  const { mode } = found;
  if ((mode & 0o066) !== 0) open.push({ path, writable: (mode & 0o022) !== 0 });
  if (!found.isDirectory() || (mode & 0o011) === 0 || depth >= deepest) return;
  const names = await readdir(path).catch(() => []);
  for (const one of names) await walk(join(path, one), depth + 1, open, signal);
}
