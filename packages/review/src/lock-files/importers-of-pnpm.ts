import { posix } from 'node:path';
import { isRow, rowOf, textOf, type Row } from '../json.ts';
import { lockedPackage, type LockedPackage } from './lock-file.ts';
import { createFields, type Notes } from './notes.ts';
import { withoutPeers } from './pnpm-keys.ts';
import { leavesProject, projectPath } from './paths.ts';

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** Folders that the parts of a pnpm project link to; those that are parts themselves are noted as such. Notes what is not locked. */
export function linkedFolders(document: Row, folder: string, notes: Notes): LockedPackage[] {
  const fields = createFields(notes);
  // Before version 9 a project without workspaces has no list of them.
  const importers =
    'importers' in document ? fields.entries(document, 'importers') : ([['.', document]] as const);
  const parts = new Set(importers.map(([path]) => projectPath(folder, path)));
  const locked = keysOf(document);
  const missing = new Set<string>();
  const found = importers.flatMap(([path, importer]) =>
    kinds.flatMap((kind) =>
      Object.entries(fields.row(importer, kind)).flatMap(([name, written]): LockedPackage[] => {
        const version = isRow(written) ? textOf(written['version']) : textOf(written);
        if (version === null) {
          notes.odd(kind);
          return [];
        }
        if (!version.startsWith('link:')) {
          if (!isLocked(locked, name, version)) missing.add(JSON.stringify([name, version]));
          return [];
        }
        const target = projectPath(posix.join(folder, path), version);
        const entry = linked(name, target);
        if (leavesProject(target) || !parts.has(target)) return [entry];
        notes.part({ ...entry, origin: 'project' });
        return [];
      }),
    ),
  );
  if (missing.size > 0) notes.unread(`lacks ${missing.size} packages that the project needs`);
  return found;
}

// pnpm runs no script of what it only links to.
const linked = (name: string, target: string) =>
  lockedPackage({ ecosystem: 'npm', name, origin: 'file', resolved: `link:${target}`, hasScript: false });

const keysOf = (document: Row): ReadonlySet<string> =>
  new Set(Object.keys(rowOf(document['packages'])).flatMap((key) => [key, withoutPeers(key)]));

// `1.0.0`, or the whole key where another package or place is meant.
const isLocked = (locked: ReadonlySet<string>, name: string, version: string) =>
  [version, `${name}@${version}`, `/${name}@${version}`, `/${name}/${version}`].some(
    (key) => locked.has(key) || locked.has(withoutPeers(key)),
  );
