import { age } from '../dependencies/age.ts';
import { changes } from '../dependencies/changes.ts';
import { installScripts } from '../dependencies/install-scripts.ts';
import { integrity } from '../dependencies/integrity.ts';
import { licences } from '../dependencies/licences.ts';
import { origins } from '../dependencies/origins.ts';
import { toFinding, type Finding, type Observation } from '../findings/finding.ts';
import type { LockedPackage, ReadLockFile } from '../lock-files/lock-file.ts';
import { typosquats } from '../names/typosquats.ts';
import { osv } from '../osv/osv-source.ts';
import { knownVersion, type KnownPackage, type ProjectState } from '../project-state.ts';
import { reviewWith, type Source } from '../review-project.ts';
import type { ChangedPackage } from './changed-package.ts';
import type { LockFileChange } from './compare-lock-files.ts';
import type { TermChange } from './changed-terms.ts';
import { originChanges } from './origin-changes.ts';
import { registryFacts, type RegistryAccess, type RegistryFacts } from './registry-facts.ts';

export interface Surroundings extends Pick<
  ProjectState,
  'project' | 'rules' | 'root' | 'osvData' | 'env' | 'now' | 'signal'
> {
  /** Undefined: no registry is asked. */
  registry: RegistryAccess | undefined;
}

export interface LookedAt extends LockFileChange {
  findings: readonly Finding[];
  /** What could not be looked at, and why. */
  unavailable: readonly string[];
}

/** They compare a package with the rest of the lock file. */
const sourcesOfAll: ReadonlyArray<Source<ProjectState>> = [origins, typosquats];
const sourcesOfChanged: ReadonlyArray<Source<ProjectState>> = [
  osv,
  integrity,
  installScripts,
  changes,
  licences,
];

/** Has the sources of the review look at what has changed. What stood in the lock file before is what is known. */
export async function lookAtChange(
  before: ReadLockFile | undefined,
  after: ReadLockFile,
  change: LockFileChange,
  { registry, ...surroundings }: Surroundings,
): Promise<LookedAt> {
  const facts = await registryFacts(
    [...change.added, ...change.updated].flatMap((one) => [one.entry, ...one.before]),
    registry,
  );
  const added = change.added.map((one) => filled(one, facts));
  const updated = change.updated.map((one) => filled(one, facts));
  const changed = [...added, ...updated].map(({ entry }) => entry);
  const state = (packages: readonly LockedPackage[]): ProjectState => ({
    ...surroundings,
    lockFiles: [{ ...after, packages }],
    known: knownBefore((before?.packages ?? []).map((entry) => facts.fill(entry))),
    cacheDir: undefined,
  });
  const dated = changed.filter(({ published }) => published !== null);
  const keys = new Set(changed.map(keyOf));
  const findings = new Map<string, Finding>();
  const add = (seen: Observation) => {
    const finding = toFinding(surroundings.project.name, seen);
    findings.set(finding.id, finding);
  };
  originChanges(updated, after.path).forEach(add);
  change.options.map((option) => optionChange(after, option)).forEach(add);
  change.terms.map((term) => termChange(after, term)).forEach(add);
  const unavailable = new Set([
    ...change.unread.map((reason) => `${after.path} ${reason}`),
    ...undatedReasons(changed, facts),
  ]);
  const looks: ReadonlyArray<[ReadonlyArray<Source<ProjectState>>, readonly LockedPackage[]]> = [
    [sourcesOfAll, after.packages.map((entry) => facts.fill(entry))],
    [sourcesOfChanged, changed],
    [[age], dated],
  ];
  for (const [sources, packages] of looks) {
    for await (const { source, reason, observations } of reviewWith(sources, state(packages))) {
      if (reason !== null) unavailable.add(`${source}: ${reason}`);
      observations.filter((seen) => isAbout(seen, keys)).forEach(add);
    }
  }
  return { ...change, added, updated, findings: [...findings.values()], unavailable: [...unavailable] };
}

// Another index decides about every package; what another file says is compared by itself.
const optionChange = ({ path, includes }: ReadLockFile, option: string): Observation => ({
  kind: 'lock_file',
  severity: includes.some((include) => option.endsWith(`(${include})`)) ? 'medium' : 'high',
  path,
  title: `${path} ${option}, and did not before`,
  about: [path, 'new', option],
});

const termChange = ({ path }: ReadLockFile, { text, isOfAll }: TermChange): Observation => ({
  kind: 'lock_file',
  severity: isOfAll ? 'high' : 'medium',
  path,
  title: `${path} ${text}`,
  about: [path, 'term', text],
});

const filled = ({ entry, before }: ChangedPackage, facts: RegistryFacts): ChangedPackage => ({
  entry: facts.fill(entry),
  before: before.map((one) => facts.fill(one)),
});

type Named = { package?: string | null | undefined; version?: string | null | undefined };

const keyOf = ({ name, version }: LockedPackage) => JSON.stringify([name, version]);
// What is about no package is about all that were looked at.
const isAbout = (seen: Named, keys: ReadonlySet<string>) =>
  seen.package === null ||
  seen.package === undefined ||
  keys.has(JSON.stringify([seen.package, seen.version ?? null]));

function undatedReasons(changed: readonly LockedPackage[], facts: RegistryFacts): string[] {
  const undated = changed.filter(({ origin, published }) => origin === 'registry' && published === null);
  if (undated.length === 0) return [];
  const reasons = new Set(
    undated.map((entry) => facts.missing(entry) ?? 'neither lock file nor registry says'),
  );
  return [
    `age: when ${undated.length} packages were published is not known (${[...reasons].slice(0, 3).join('; ')})`,
  ];
}

// Whatever stood there before has stood there for long.
const longAgo = new Date(0).toISOString();

function knownBefore(entries: readonly LockedPackage[]): NonNullable<ProjectState['known']> {
  const byName = Map.groupBy(entries, ({ ecosystem, name }) => JSON.stringify([ecosystem, name]));
  return (ecosystem, name) =>
    (byName.get(JSON.stringify([ecosystem, name])) ?? []).map((entry): KnownPackage => ({
      name,
      version: knownVersion(entry),
      integrity: entry.integrity,
      resolved: entry.resolved,
      hasScript: entry.hasScript,
      firstSeenAt: longAgo,
    }));
}
