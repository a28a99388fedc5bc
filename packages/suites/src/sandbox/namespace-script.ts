import { join } from 'node:path';
import { shellWord } from '@actp/shared/shell-word';
import type { Isolation, SandboxTools } from './isolation.ts';
import { isInside } from './is-inside.ts';
import { mountAround, readOnlyOptions, type MountPoint } from './mount-table.ts';
import { mountCheck } from './mount-check.ts';
import type { Place } from './place.ts';
import { around } from './place-around.ts';
import { deviceNames, type Scratch } from './scratch.ts';

export interface NamespacePlan {
  isolation: Isolation;
  scratch: Scratch;
  places: readonly Place[];
  /** What is mounted outside. */
  mounts: readonly MountPoint[];
  cwd: string;
  /** Who the command sees itself as, and is for the system. */
  uid: number;
  gid: number;
  /** Keeps the sandbox when the command has ended well and left something running. */
  lasting: boolean;
}

/**
 * The words before a command that run it in namespaces of its own.
 *
 * The first level mounts, and its first process stays until the end: with it, the kernel ends all others. The command runs one level
 * below, without capabilities: there nothing that the first level has mounted can be unmounted or moved, whoever makes further
 * namespaces. Root that gives the command another account needs no second level for that.
 */
export function namespaceWords(plan: NamespacePlan): string[] {
  const { isolation, uid, gid } = plan;
  const { unshare, setpriv, sh } = neededTools(isolation.tools);
  const asRoot = isolation.account !== undefined;
  const first = [
    '--mount',
    '--pid',
    '--ipc',
    '--fork',
    '--kill-child',
    ...(asRoot ? [] : ['--user', '--map-root-user']),
  ];
  const bare = [setpriv, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
  const second = asRoot
    ? [
        ...bare,
        `--reuid=${uid}`,
        `--regid=${gid}`,
        isolation.account?.entry ? '--init-groups' : '--clear-groups',
        '--',
      ]
    : [
        unshare,
        '--user',
        `--map-user=${uid}`,
        `--map-group=${gid}`,
        '--mount',
        ...lastSteps(plan),
        ...bare,
        '--',
      ];
  return [unshare, ...first, sh, plan.scratch.script, ...second];
}

// What root may write in /proc takes effect outside: core_pattern alone names a program that the kernel runs. The map of the second
// level is written there before.
function lastSteps({ isolation, uid }: NamespacePlan): string[] {
  const { mount, sh } = neededTools(isolation.tools);
  if (uid !== 0) return [];
  return [sh, '-c', `${shellWord(mount)} -o remount,bind,ro,nosuid,nodev,noexec /proc && exec "$@"`, 'sh'];
}

/** What the first process of the sandbox does, with the words of the command as its arguments. */
export function namespaceScript(plan: NamespacePlan): string {
  const { isolation, scratch, places, mounts, cwd, lasting } = plan;
  const { umount, pivotRoot } = neededTools(isolation.tools);
  const mount = shellWord(neededTools(isolation.tools).mount);
  const inRoot = (path: string) => shellWord(join(scratch.root, path));
  const empty = shellWord(scratch.coverOf('/nothing'));
  const optionsAt = (path: string) => mountAround(mounts, path)?.options ?? 'rw,relatime';
  const bind = (source: string, at: string, readOnly: boolean) => {
    const options = readOnly ? `rbind,${readOnlyOptions(optionsAt(source))}` : 'rbind';
    return `${mount} -o ${options} ${shellWord(source)} ${inRoot(at)}`;
  };

  const steps: string[] = [];
  for (const place of places) {
    // Nothing of the outside is in there that something could be shown at.
    if (around(places, place.at)?.kind === 'devices') steps.push(`mkdir -p ${inRoot(place.at)}`);
    switch (place.kind) {
      case 'cover':
      case 'show':
        steps.push(bind(place.source, place.at, place.readOnly));
        break;
      case 'empty':
        steps.push(bind(place.source, place.at, true));
        break;
      case 'layer': {
        const own = isolation.account === undefined ? ',userxattr' : '';
        const options = `lowerdir=${place.lower},upperdir=${place.upper},workdir=${place.work}${own}`;
        const made = `${mount} -t overlay -o ${shellWord(options)} overlay ${inRoot(place.at)}`;
        steps.push(place.optional ? `${made} 2>/dev/null || :` : made);
        break;
      }
      case 'processes':
        steps.push(`${mount} -t proc -o nosuid,nodev,noexec proc ${inRoot(place.at)}`);
        break;
      case 'devices':
        steps.push(
          bind(scratch.devices, place.at, true),
          ...deviceNames.map(
            (name) => `[ ! -e /dev/${name} ] || ${bind(`/dev/${name}`, `/dev/${name}`, false)}`,
          ),
          `${mount} -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts ${inRoot('/dev/pts')}`,
          `${mount} -t tmpfs -o nosuid,nodev,mode=1777 tmpfs ${inRoot('/dev/shm')}`,
        );
    }
  }
  // Where the way there is closed to the command too, nothing has to be closed.
  const readOnly = mounts
    .filter(({ path }) => path === '/' || !places.some((place) => isInside(path, place.at)))
    .map(({ path, options }) => {
      const at = inRoot(path);
      const tried = `${mount} -o remount,bind,${readOnlyOptions(options)} ${at} 2>/dev/null`;
      return path === '/' ? tried : `${tried} || [ ! -e ${at} ] || ${mount} --bind ${empty} ${at}`;
    });
  return [
    'set -e',
    `${mount} --rbind / ${shellWord(scratch.root)}`,
    ...readOnly,
    ...steps,
    ...mountCheck(places, mounts, scratch.root),
    `: >${shellWord(scratch.ready)}`,
    `cd ${shellWord(scratch.root)}`,
    `${shellWord(pivotRoot)} . .`,
    `${shellWord(umount)} -l .`,
    `cd ${shellWord(cwd)}`,
    'unset OLDPWD',
    // The shell would add a line of its own about a command that was killed.
    'exec 2>/dev/null',
    'set +e',
    '"$@" 2>&1',
    'code=$?',
    ...(lasting
      ? ['[ "$code" != 0 ] || { trap "exit 0" TERM; while sleep 3600 & wait "$!"; do :; done; }']
      : []),
    'exit "$code"',
  ].join('\n');
}

function neededTools(tools: SandboxTools) {
  const {
    sh,
    unshare = 'unshare',
    setpriv = 'setpriv',
    mount = 'mount',
    umount = 'umount',
    pivotRoot = 'pivot_root',
  } = tools;
  return { sh, unshare, setpriv, mount, umount, pivotRoot };
}
