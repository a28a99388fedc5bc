import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StartupError } from '../startup-error.ts';

const folderName = 'appendonlydir';
const manifestName = 'appendonly.aof.manifest';
// Before Redis 7 there was one file.
const singleName = 'appendonly.aof';

/** The files that hold what Redis acknowledged, in the order in which they are loaded; only the last one is written to. */
export async function appendOnlyFiles(directory: string): Promise<string[]> {
  const folder = join(directory, folderName);
  const manifest = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined);
  if (manifest === undefined) return [join(directory, singleName)];
  const entries = [...manifest.matchAll(/^file (\S+) seq (\d+) type ([bi])\b/gm)].map(
    ([, name = '', seq, type = '']) => ({
      path: join(folder, basename(name)),
      seq: Number(seq),
      type,
    }),
  );
  return entries
    .toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : a.seq - b.seq))
    .map(({ path }) => path);
}

/**
 * Redis takes a folder without its manifest for an empty one, and would begin anew beside what it had acknowledged.
 *
 * @throws StartupError
 */
export async function refuseMissingManifest(directory: string): Promise<void> {
  const folder = join(directory, folderName);
  const names = await readdir(folder).catch((): string[] => []);
  if (names.includes(manifestName) || !names.some((name) => name.endsWith('.incr.aof'))) return;
  throw new StartupError(
    `${join(folder, manifestName)} is missing; without it Redis would start empty.`,
    remedyFor(directory),
  );
}

/** What can be done when nothing can be repaired without a loss. @param directory the folder of Redis' files */
export function remedyFor(directory: string): string {
  return (
    `Keep a copy of ${directory}, then restore it from a backup, or repair it by hand (redis-check-aof --fix), or move it away: the plane then ` +
    'begins with empty queues, and audit events that were acknowledged and not yet written to the database are lost. docs/runbook.md says more.'
  );
}
