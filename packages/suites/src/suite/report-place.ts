import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hiddenPlaces, type PlanePlaces } from '../sandbox/hidden-places.ts';
import { isInside } from '../sandbox/is-inside.ts';

export interface ReportFacts {
  plane: PlanePlaces;
  /** The directory that the suite may change. */
  checkout: string;
  runDir: string;
  /** Where the report lies, as the configuration says and as it is called outside of the sandbox. */
  configured: string;
  outside: string;
}

/**
 * What speaks against reading a report at a place: code under test writes it, and a link can lead anywhere. A report lies in the
 * checkout, in the directory of the run or where the configuration says, and is never one of the plane's own files.
 *
 * @returns a function that gives null when nothing does
 */
export async function reportPlaces(facts: ReportFacts): Promise<(place: string) => string | null> {
  const { plane, checkout, runDir, configured, outside } = facts;
  const run = await realpath(runDir).catch(() => runDir);
  // A sandbox has another folder in that one's place.
  const folder = configured === outside ? await configuredFolder(facts) : null;
  const cover =
    configured === outside ? null : await realpath(dirname(outside)).catch(() => dirname(outside));
  const roots = [checkout, ...(folder === null ? [] : [folder]), ...(cover === null ? [] : [cover])];
  const { files, directories } = await hiddenPlaces(plane);
  return (place) => {
    if (isInside(place, run) || (cover !== null && isInside(place, cover))) return null;
    if (files.includes(place) || directories.some((directory) => isInside(place, directory))) {
      return "is a link to one of the plane's own files";
    }
    return roots.some((root) => isInside(place, root)) ? null : 'is a link that leads out of its checkout';
  };
}

/** The folder of a report that the configuration itself places outside of the checkout; null when it does not. */
export async function configuredFolder({
  checkout,
  configured,
}: Pick<ReportFacts, 'checkout' | 'configured'>): Promise<string | null> {
  if (isInside(configured, checkout)) return null;
  const folder = await realpath(dirname(configured)).catch(() => null);
  if (folder === null || !(await stat(folder)).isDirectory()) return null;
  return folder;
}
