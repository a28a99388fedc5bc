import { isRegistryTarball } from './registry-tarball.ts';
import { LockFileError, lockedPackage, originOf, type LockedPackage } from './lock-file.ts';

/**
 * yarn.lock of Yarn 1. The format is one of its own, and its parser (@yarnpkg/lockfile) has not been released since 2018; the few kinds of lines
 * that matter here are read as they are. @throws LockFileError
 */
export function readYarnClassicLock(text: string): LockedPackage[] {
  const found: LockedPackage[] = [];
  let name: string | undefined;
  let values = new Map<string, string>();
  const finish = () => {
    if (name !== undefined) found.push(toPackage(name, values));
    name = undefined;
    values = new Map();
  };
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) {
      finish();
      name = nameOf(line);
      continue;
    }
    const [, key, value] = /^ {2}"?([A-Za-z]+)"? (.+)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value.replace(/^"(.*)"$/, '$1'));
  }
  finish();
  return found;
}

// `"@scope/name@^1.0.0", name@npm:other@1:`
function nameOf(line: string): string {
  if (!line.endsWith(':')) throw new LockFileError('is not a lock file of Yarn 1');
  const first =
    line
      .slice(0, -1)
      .split(/"?, "?/, 1)[0]
      ?.replace(/^"|"$/g, '') ?? '';
  const [, name = first, range = ''] = /^(@?[^@]+)@(.*)$/.exec(first) ?? [];
  return /^npm:(@?[^@]+)/.exec(range)?.[1] ?? name;
}

function toPackage(name: string, values: ReadonlyMap<string, string>): LockedPackage {
  const resolved = values.get('resolved') ?? null;
  return lockedPackage({
    ecosystem: 'npm',
    name,
    version: values.get('version') ?? null,
    // Without an address it is a folder of the project.
    origin: resolved === null ? 'file' : isRegistryTarball(resolved) ? 'registry' : originOf(resolved),
    resolved,
    // Files of the first years have SHA-1 behind the address.
    integrity: values.get('integrity') ?? /\.tgz#([\da-f]{40})$/.exec(resolved ?? '')?.[1] ?? null,
  });
}
