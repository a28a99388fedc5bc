import type { Observation } from '../findings/finding.ts';
import { looked } from '../findings/source-review.ts';
import type { LockedPackage } from '../lock-files/lock-file.ts';
import { knownVersion, type KnownPackage, type ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { labelOf, packagesOf } from './packages-of.ts';

const newDays = 30;
const day = 86_400_000;

/** What is not as earlier reviews saw it: another content under the same version, another commit under the same name. */
export const changes: Source<ProjectState> = {
  name: 'changes',
  // Without a running plane nothing is known of earlier reviews.
  applies: ({ lockFiles, known }) => lockFiles.length > 0 && known !== undefined,
  review(state) {
    const { known } = state;
    return looked(
      'changes',
      packagesOf(state).flatMap(({ entry, file }) =>
        observe(entry, known?.(entry.ecosystem, entry.name) ?? [], file.path, state.now),
      ),
    );
  },
};

function observe(
  entry: LockedPackage,
  before: readonly KnownPackage[],
  path: string,
  now: Date,
): Observation[] {
  const version = knownVersion(entry);
  const same = before.find((other) => other.version === version);
  const facts = { package: entry.name, version: entry.version, path };
  if (same !== undefined && differs(same.integrity, entry.integrity)) {
    return [
      {
        ...facts,
        kind: 'integrity',
        severity: 'critical',
        title: `${labelOf(entry)} has another content than before under the same version`,
        detail: `Before: ${same.integrity ?? ''}. Now: ${entry.integrity ?? ''}.`,
        about: [entry.name, version, 'changed', entry.integrity ?? ''],
      },
    ];
  }
  const moved = before.find((other) => isAddress(other.version) && other.version !== version);
  const isRecent = same === undefined || now.getTime() - Date.parse(same.firstSeenAt) <= newDays * day;
  if (entry.origin === 'git' && moved !== undefined && isRecent) {
    return [
      {
        ...facts,
        kind: 'source',
        severity: 'high',
        title: `${labelOf(entry)} has moved to another commit`,
        detail: `Before: ${moved.version}. Now: ${version}.`,
        about: [entry.name, 'moved', version],
      },
    ];
  }
  return [];
}

// One algorithm more or fewer is no other content: those that both have are compared.
function differs(before: string | null, now: string | null): boolean {
  if (before === null || now === null || before === now) return false;
  const [first, second] = [digestsOf(before), digestsOf(now)];
  const shared = [...first.keys()].filter((algorithm) => second.has(algorithm));
  if (shared.length === 0) return false;
  return !shared.some((algorithm) =>
    first.get(algorithm)?.some((digest) => second.get(algorithm)?.includes(digest)),
  );
}

const digestsOf = (text: string) =>
  Map.groupBy(text.split(/\s+/), (digest) => /^[a-z0-9]+(?=[-:])/.exec(digest)?.[0] ?? '');

const isAddress = (version: string) => /[/:#]/.test(version);
