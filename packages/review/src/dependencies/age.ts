import { join } from 'node:path';
import type { Observation } from '../findings/finding.ts';
import { lookedExcept } from '../findings/source-review.ts';
import { rowOf, textOf } from '../json.ts';
import type { LockedPackage } from '../lock-files/lock-file.ts';
import { knownVersion, type ProjectState } from '../project-state.ts';
import { fetchJson } from '../registry/fetch-json.ts';
import { npmRegistry } from '../registry/npm-registry.ts';
import { openPublishedCache, type PublishedCache } from '../registry/published.ts';
import type { Source } from '../review-project.ts';
import { labelOf, packagesOf } from './packages-of.ts';

const source = 'age';
const day = 86_400_000;
const atOnce = 8;
// A first review of a large project goes on in the next one: what was learned is kept.
const withinMs = 60_000;

/** Packages that were published only a few days ago: most poisoned releases are found within a week. */
export const age: Source<ProjectState> = {
  name: source,
  applies: ({ lockFiles, rules }) => lockFiles.length > 0 && rules.min_age_days > 0,
  async review(state) {
    const cache = await openPublishedCache(state.cacheDir && join(state.cacheDir, 'published.json'));
    const timeOf = (entry: LockedPackage) => entry.published ?? cache.get(keyOf(entry));
    const unknown = packagesOf(state)
      .map(({ entry }) => entry)
      .filter((entry) => entry.origin === 'registry' && entry.version !== null)
      .filter((entry) => timeOf(entry) === undefined && !isOldFriend(entry, state));
    const reasons = await learn(unknown, state, cache);
    await cache.save();
    const youngest = state.now.getTime() - state.rules.min_age_days * day;
    const observations = packagesOf(state).flatMap(({ entry, file }): Observation[] => {
      const time = timeOf(entry);
      if (time === undefined || Date.parse(time) < youngest || Number.isNaN(Date.parse(time))) return [];
      return [
        {
          kind: 'young',
          severity: 'medium',
          package: entry.name,
          version: entry.version,
          path: file.path,
          title: `${labelOf(entry)} was published on ${time.slice(0, 10)}, less than ${state.rules.min_age_days} days ago`,
          about: [entry.ecosystem, entry.name, entry.version ?? ''],
        },
      ];
    });
    return lookedExcept(source, observations, reasons);
  },
};

const keyOf = ({ ecosystem, name, version }: LockedPackage) => `${ecosystem}:${name}@${version}`;

// What a review saw that many days ago cannot be younger.
function isOldFriend(entry: LockedPackage, { known, now, rules }: ProjectState): boolean {
  const version = knownVersion(entry);
  const same = known?.(entry.ecosystem, entry.name).find((other) => other.version === version);
  return same !== undefined && now.getTime() - Date.parse(same.firstSeenAt) > rules.min_age_days * day;
}

/** @returns why not all could be learned */
async function learn(
  unknown: readonly LockedPackage[],
  state: ProjectState,
  cache: PublishedCache,
): Promise<string[]> {
  const python = unknown.filter(({ ecosystem }) => ecosystem === 'pip');
  const byName = Map.groupBy(
    unknown.filter(({ ecosystem }) => ecosystem === 'npm'),
    ({ name }) => name,
  );
  const reasons =
    python.length === 0
      ? []
      : [`when ${python.length} packages of PyPI were published is not in the lock file`];
  if (byName.size === 0) return reasons;
  const registry = await npmRegistry(state.root, state.env, state.signal);
  const until = performance.now() + withinMs;
  const left = [...byName];
  let away: string | undefined;
  const missed = new Map<string, number>();
  const miss = (reason: string) => missed.set(reason, (missed.get(reason) ?? 0) + 1);
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [name, entries] = next;
      if (away !== undefined || performance.now() > until) {
        miss(away ?? 'there was no more time');
        continue;
      }
      const problem = await ask(registry, name, entries, state.signal, cache);
      if (problem === undefined) continue;
      miss(problem.reason);
      if (problem.away) away = problem.reason;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const [reason, count] of missed)
    reasons.push(`when ${count} packages were published is not known: ${reason}`);
  return reasons;
}

async function ask(
  registry: string,
  name: string,
  entries: readonly LockedPackage[],
  signal: AbortSignal,
  cache: PublishedCache,
): Promise<{ reason: string; away: boolean } | undefined> {
  const fetched = await fetchJson(
    `${registry}/${encodeURIComponent(name).replace(/^%40/, '@')}`,
    'application/json',
    signal,
  );
  if (!fetched.ok) return fetched;
  const times = rowOf(rowOf(fetched.value)['time']);
  let missing = false;
  for (const entry of entries) {
    const time = textOf(times[entry.version ?? '']);
    if (time === null || Number.isNaN(Date.parse(time))) missing = true;
    else cache.set(keyOf(entry), time);
  }
  return missing ? { reason: 'the registry does not say', away: false } : undefined;
}
