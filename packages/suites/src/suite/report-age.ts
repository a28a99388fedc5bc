import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What was known of a report before the command that is to write it started. */
export interface ReportBefore {
  /** Of the file that was there already; null when there was none. */
  version: string | null;
  /** A file of our own, written just before the command started; null when none could be. */
  start: Pick<BigIntStats, 'dev' | 'mtimeNs'> | null;
}

// Another file system may count in steps of two seconds (FAT), or by the clock of its server.
const otherDeviceNs = 2_000_000_000n;

/** Looks at the place of a report before its command starts. */
export async function beforeReport(
  path: string,
  runDir: string,
  placeRefusal: (place: string) => string | null = () => null,
): Promise<ReportBefore> {
  const there = await realpath(path).catch(() => path);
  const folder = await realpath(dirname(there)).catch(() => dirname(there));
  return {
    version: await stat(path, { bigint: true }).then(versionOf, () => null),
    start: (placeRefusal(folder) === null ? await markStart(folder) : null) ?? (await markStart(runDir)),
  };
}

/**
 * Whether a file, the target of a link included, is not of the run that started after `before`: it has not changed, or its content
 * is older than the run, as that of a file which was moved, linked or copied together with its time.
 */
export function isFromEarlierRun(file: BigIntStats, { version, start }: ReportBefore): boolean {
  if (versionOf(file) === version) return true;
  if (start === null) return false;
  const inexact = file.dev === start.dev ? 0n : otherDeviceNs;
  return file.mtimeNs < start.mtimeNs - inexact;
}

// Its time comes from the same clock, in the same steps, as that of a report beside it.
async function markStart(directory: string): Promise<BigIntStats | null> {
  const path = join(directory, `.selftest-${randomUUID()}`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      return await file.stat({ bigint: true });
    } finally {
      await file.close();
      await rm(path, { force: true });
    }
  } catch {
    return null;
  }
}

const versionOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) =>
  [dev, ino, size, mtimeNs, ctimeNs].join(':');
