import { join } from 'node:path';
import { shellWord } from '@actp/shared/shell-word';
import { mountCheck } from './mount-check.ts';
import type { NamespacePlan } from './namespace-script.ts';
import type { Place } from './place.ts';

/** The words before a command that have bubblewrap run it in namespaces of its own. */
export function bubblewrapWords({
  isolation,
  scratch,
  places,
  mounts,
  cwd,
  uid,
  gid,
  lasting,
}: NamespacePlan): string[] {
  const { sh, bubblewrap = 'bwrap' } = isolation.tools;
  const words = [
    ...['--unshare-user', '--uid', `${uid}`, '--gid', `${gid}`],
    ...['--unshare-pid', '--unshare-ipc', '--die-with-parent', '--cap-drop', 'ALL'],
    ...['--json-status-fd', '3', '--ro-bind', '/', '/'],
    ...places.flatMap((place) => placeWords(place, uid)),
    ...['--chdir', cwd, '--'],
  ];
  // Bubblewrap itself would end at once on SIGTERM and take the command along, which may still have to clean up.
  const outer = `trap '' TERM; exec 3>${shellWord(scratch.ready)}; exec "$@"`;
  const held =
    '"$@"; code=$?; [ "$code" != 0 ] || { trap "exit 0" TERM; while sleep 3600 & wait "$!"; do :; done; }; exit "$code"';
  const hold = lasting ? [sh, '-c', held, 'sh'] : [];
  const checked = [...mountCheck(places, mounts, '/'), 'exec "$@"'].join('\n');
  return [
    sh,
    '-c',
    outer,
    'sh',
    bubblewrap,
    ...words,
    sh,
    '-c',
    checked,
    'sh',
    'env',
    '--default-signal=TERM',
    ...hold,
  ];
}

/** What bubblewrap notes when the command has run, however it ended. */
export const ranMark = 'exit-code';

function placeWords(place: Place, uid: number): string[] {
  switch (place.kind) {
    case 'cover':
    case 'show':
      return [place.readOnly ? '--ro-bind' : '--bind', place.source, place.at];
    case 'empty':
      return ['--ro-bind', place.source, place.at];
    case 'layer':
      return ['--overlay-src', place.lower, '--overlay', place.upper, place.work, place.at];
    case 'processes':
      // What root may write there takes effect outside.
      return ['--proc', place.at, ...(uid === 0 ? ['--remount-ro', place.at] : [])];
    case 'devices':
      return ['--dev', place.at, '--tmpfs', join(place.at, 'shm')];
  }
}
