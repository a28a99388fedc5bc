import { parse } from 'yaml';
import { z } from 'zod';

const LinkedDependency = z.object({ version: z.string() });
const LinkedDependencies = z.record(z.string(), LinkedDependency).default({});
const Versions = z.record(z.string(), z.string()).default({});

const Importer = z.object({
  dependencies: LinkedDependencies,
  optionalDependencies: LinkedDependencies,
  devDependencies: LinkedDependencies,
});

const LockedPackage = z.object({
  resolution: z.object({ integrity: z.string().optional(), tarball: z.string().optional() }),
  version: z.string().optional(),
});

const Snapshot = z.object({ dependencies: Versions, optionalDependencies: Versions });

/** What is used of a lock file of pnpm, whose sections have the same names. */
export const LockFile = z.object({
  lockfileVersion: z.string().startsWith('9.'),
  importers: z.record(z.string(), Importer),
  packages: z.record(z.string(), LockedPackage).default({}),
  snapshots: z.record(z.string(), Snapshot).default({}),
});
export type LockFile = z.infer<typeof LockFile>;
export type Importer = z.infer<typeof Importer>;
export type LockedPackage = z.infer<typeof LockedPackage>;

/** @throws Error when it is no lock file of pnpm, version 9 */
export function parseLockFile(text: string): LockFile {
  return LockFile.parse(parse(text, { maxAliasCount: 0 }));
}

/** `@scope/name@1.0.0(peer@2.0.0)` without the peers: the key of `packages`. */
export function packageKey(snapshotKey: string): string {
  const peers = snapshotKey.indexOf('(');
  return peers === -1 ? snapshotKey : snapshotKey.slice(0, peers);
}

/** The name and version of a key of `packages`. */
export function nameAndVersion(key: string): { name: string; version: string } {
  // A scope begins with the same sign.
  const at = key.indexOf('@', 1);
  return { name: key.slice(0, at), version: key.slice(at + 1) };
}

/**
 * The key of `snapshots` that a dependency leads to. An alias (`npm:`) names the package that it stands for.
 *
 * @throws Error when the lock file has no such package
 */
export function snapshotKey(lock: LockFile, name: string, version: string): string {
  const found = [`${name}@${version}`, version].find((key) => Object.hasOwn(lock.snapshots, key));
  if (found === undefined) throw new Error(`${name}@${version} is used and not locked`);
  return found;
}
