import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { isRow, rowOf, textOf, type Row } from '../json.ts';
import { isRegistryTarball } from './registry-tarball.ts';
import { LockFileError, lockedPackage, originOf, type LockedPackage } from './lock-file.ts';

/** pnpm-lock.yaml of the versions 5 to 9. @throws LockFileError */
export function readPnpmLock(text: string): LockedPackage[] {
  const documents = documentsOf(text);
  if (!documents.some((document) => 'lockfileVersion' in document)) {
    throw new LockFileError('has no lockfileVersion');
  }
  return documents.flatMap((document) => {
    const isOptional = optionalOf(document);
    return Object.entries(rowOf(document['packages'])).map(([key, entry]) =>
      toPackage(key, rowOf(entry), isOptional),
    );
  });
}

// The first of two documents, where there are two, is of the tools of the project. By the parser that pnpm itself uses: others take half a minute
// for 50 000 packages.
function documentsOf(text: string): Row[] {
  try {
    return loadAll(text, { schema: CORE_SCHEMA }).filter(isRow);
  } catch {
    throw new LockFileError('is not valid YAML');
  }
}

// In version 9 the snapshots say it, each for one set of peers.
function optionalOf({ snapshots }: Row): (key: string) => boolean {
  const required = new Set<string>();
  const optional = new Set<string>();
  for (const [key, entry] of Object.entries(rowOf(snapshots))) {
    (rowOf(entry)['optional'] === true ? optional : required).add(key.replace(/\(.*$/, ''));
  }
  return (key) => optional.has(key) && !required.has(key);
}

function toPackage(key: string, entry: Row, isOptional: (key: string) => boolean): LockedPackage {
  const resolution = rowOf(entry['resolution']);
  const { name, version } = split(key);
  const type = textOf(resolution['type']);
  const tarball = textOf(resolution['tarball']);
  const directory = textOf(resolution['directory']);
  const repository = textOf(resolution['repo']);
  const commit = textOf(resolution['commit']);
  const resolved = repository === null ? (tarball ?? directory) : `${repository}#${commit ?? ''}`;
  const origin =
    type === 'git' || repository !== null
      ? 'git'
      : type === 'directory'
        ? 'file'
        : tarball === null || isRegistryTarball(tarball)
          ? 'registry'
          : originOf(tarball) === 'registry'
            ? 'url'
            : originOf(tarball);
  return lockedPackage({
    ecosystem: 'npm',
    name: textOf(entry['name']) ?? name,
    version: textOf(entry['version']) ?? (origin === 'registry' ? version : null),
    origin: resolved !== null && resolved.startsWith('https://codeload.github.com/') ? 'git' : origin,
    resolved,
    integrity: textOf(resolution['integrity']),
    // Since version 9 the file does not say.
    limited:
      isOptional(key) ||
      entry['optional'] === true ||
      entry['os'] !== undefined ||
      entry['cpu'] !== undefined ||
      entry['libc'] !== undefined,
    hasScript: entry['requiresBuild'] === true ? true : null,
  });
}

// `/name/1.0.0_peer` (5), `/name@1.0.0(peer)` (6), `name@1.0.0` (9), each also with a scope.
function split(key: string): { name: string; version: string | null } {
  const plain = key.replace(/^\//, '').replace(/\(.*$/, '');
  const [, name, version] =
    /^((?:@[^/]+\/)?[^/@]+)[@/]([^/]+)$/.exec(plain) ?? /^((?:@[^/]+\/)?[^/@]+)@(.+)$/.exec(plain) ?? [];
  return name === undefined
    ? { name: plain, version: null }
    : { name, version: version?.replace(/_.*$/, '') ?? null };
}
