import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { findFault } from './find-fault.ts';
import { appendOnlyFiles, remedyFor } from './files.ts';

// Copies of files as they were; more of them would fill the disk of a machine that loses its power every night.
const keptCopies = 5;
const rdbMagic = 'REDIS';

/**
 * Cuts off what stands behind the last whole command of Redis' append-only file: half a command, NUL bytes, remains of other
 * files. None of it was acknowledged, since Redis acknowledges what is on disk. The file as it was is kept beside it.
 *
 * @returns what was done, for people; undefined when nothing is wrong with the commands
 * @throws StartupError when something in the middle is damaged, since cutting there would lose what was acknowledged
 */
export async function repairAppendOnlyFile(directory: string): Promise<string | undefined> {
  const files = await appendOnlyFiles(directory);
  for (const path of files) {
    const bytes = await readFile(path).catch(() => undefined);
    // A snapshot in Redis' own format, which is written at once or not at all.
    if (bytes === undefined || bytes.toString('latin1', 0, rdbMagic.length) === rdbMagic) continue;
    const fault = findFault(bytes);
    if (fault === undefined) continue;
    const behind = bytes.length - fault.at;
    if (fault.inside || path !== files.at(-1)) {
      throw new StartupError(
        `Redis' file ${path} is damaged at byte ${fault.at}; ${behind} bytes stand behind that, with commands that were acknowledged.`,
        remedyFor(directory),
      );
    }
    const copy = await keepCopy(path, join(directory, 'damaged'));
    await cut(path, fault.at);
    return `file ${basename(path)} had ${behind} bytes behind its last whole command, as a power cut leaves them: cut off at byte ${fault.at}; as it was it is kept as ${copy}`;
  }
  return undefined;
}

async function keepCopy(path: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copies = (await readdir(folder)).toSorted();
  for (const old of copies.slice(0, Math.max(0, copies.length + 1 - keptCopies))) await rm(join(folder, old));
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const copy = join(folder, `${time}-${basename(path)}`);
  await copyFile(path, copy, constants.COPYFILE_FICLONE);
  return copy;
}

async function cut(path: string, size: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(size);
    await file.sync();
  } finally {
    await file.close();
  }
}
