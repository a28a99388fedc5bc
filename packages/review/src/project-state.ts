import type { LockedPackage, LockFile } from './lock-files/lock-file.ts';
import type { Project, ReviewRules } from './projects/projects-config.ts';

/** What was known of a package before this review. */
export interface KnownPackage {
  name: string;
  version: string;
  integrity: string | null;
  resolved: string | null;
  hasScript: boolean | null;
  /** When a review saw it first; ISO 8601. */
  firstSeenAt: string;
}

/** What the sources of a review look at. */
export interface ProjectState {
  project: Project;
  rules: ReviewRules;
  /** Absolute. */
  root: string;
  lockFiles: readonly LockFile[];
  /** By ecosystem and name; undefined without a memory of earlier reviews. */
  known: ((ecosystem: string, name: string) => readonly KnownPackage[]) | undefined;
  /** A folder or zip of OSV advisories. */
  osvData: string | undefined;
  /** What programs that are run find in their environment. */
  env: Readonly<Record<string, string>>;
  /** A folder of the plane where facts that never change are kept; undefined: nowhere. */
  cacheDir: string | undefined;
  now: Date;
  signal: AbortSignal;
}

/** What the sources of the running plane look at. */
export interface PlaneState {
  /** The process below which all processes of the plane are. */
  rootPid: number;
  /** Ports of configured services that are on this machine; undefined when the configuration cannot be read. */
  servicePorts: readonly number[] | undefined;
  /** Where the kernel shows its processes; `/proc` unless a test has recorded some. */
  proc?: string;
  signal: AbortSignal;
}

const longestVersion = 200;

/** The version under which a package is remembered: an address or a commit, where it does not come from a registry. */
export const knownVersion = ({ origin, version, resolved }: LockedPackage): string =>
  (origin === 'registry' ? (version ?? '') : (resolved ?? version ?? '')).slice(0, longestVersion);
