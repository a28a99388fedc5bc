import { join, relative } from 'node:path';
import { shellWord } from '@actp/shared/shell-word';
import { escapeOctal, mountAround, type MountPoint } from './mount-table.ts';
import type { Place } from './place.ts';

/**
 * Steps of a shell that end it with a message unless every writable folder is mounted from where it was looked at, and to there. A
 * mount follows links, and a service that runs beside a suite could put one in the way between the look and the mount.
 *
 * @param root where the sandbox's root is built, as the shell sees it
 */
export function mountCheck(places: readonly Place[], mounts: readonly MountPoint[], root: string): string[] {
  const checks = places.flatMap((place) => {
    const mount = place.kind === 'show' && !place.readOnly ? mountAround(mounts, place.at) : undefined;
    if (mount === undefined) return [];
    const source = escapeOctal(join(mount.root, relative(mount.path, place.at)));
    const line = shellWord(` ${source} ${escapeOctal(join(root, place.at))} `);
    const message = shellWord(`${place.at} was replaced while the sandbox was made`);
    return [`case "$table" in *${line}*) ;; *) echo ${message}; exit 126; esac`];
  });
  return checks.length === 0
    ? []
    : [
        'table=; while read -r line; do table="$table $line"; done </proc/self/mountinfo',
        ...checks,
        'unset table line',
      ];
}
