import type { Row } from '../json.ts';
import { textOf } from '../json.ts';
import { versionRules, type VersionRules } from '../versions/compare.ts';
import type { Affected } from './advisory.ts';

/**
 * Whether a version is affected: it, or the one that it was built from, is listed or in one of the ranges, by the evaluation that the
 * schema of OSV describes.
 *
 * @returns undefined when that cannot be said: the version, or one of the advisory, is none by the rules of its ecosystem, or it names none
 */
export function isAffected(affected: Affected, version: string): boolean | undefined {
  const rules = versionRules[affected.ecosystem];
  const verdicts = rules.readings(version).map((reading) => verdictOf(affected, reading, rules));
  return verdicts.find((verdict) => verdict === true) ?? (verdicts.includes(undefined) ? undefined : false);
}

function verdictOf(
  { versions, ranges }: Affected,
  version: string,
  rules: VersionRules,
): boolean | undefined {
  if (versions.includes(version)) return true;
  if (versions.length === 0 && ranges.length === 0) return undefined;
  if (!rules.isValid(version)) return ranges.length === 0 ? false : undefined;
  if (versions.some((listed) => rules.isValid(listed) && rules.compare(listed, version) === 0)) return true;
  const verdicts = ranges.map((events) => isInRange(events, version, rules));
  return verdicts.includes(true) || (verdicts.includes(undefined) ? undefined : false);
}

interface Event {
  kind: 'introduced' | 'fixed' | 'last_affected' | 'limit';
  version: string;
}

function isInRange(rows: readonly Row[], version: string, rules: VersionRules): boolean | undefined {
  const events = rows.flatMap(toEvents);
  if (!events.every(({ version: at }) => at === '0' || at === '*' || rules.isValid(at))) return undefined;
  const order = (a: string, b: string) =>
    a === '0' ? (b === '0' ? 0 : -1) : b === '0' ? 1 : rules.compare(a, b);
  const limits = events.filter(({ kind }) => kind === 'limit');
  const isBelow = ({ version: at }: Event) => at === '*' || order(version, at) < 0;
  if (limits.length > 0 && !limits.some(isBelow)) return false;
  let inside = false;
  const turning = events
    .filter(({ kind }) => kind !== 'limit')
    .toSorted((a, b) => order(a.version, b.version));
  for (const { kind, version: at } of turning) {
    const place = at === '0' ? 1 : order(version, at);
    if (kind === 'introduced' && place >= 0) inside = true;
    else if (kind === 'fixed' && place >= 0) inside = false;
    else if (kind === 'last_affected' && place > 0) inside = false;
  }
  return inside;
}

function toEvents(row: Row): Event[] {
  return (['introduced', 'fixed', 'last_affected', 'limit'] as const).flatMap((kind) => {
    const version = textOf(row[kind]);
    return version === null ? [] : [{ kind, version }];
  });
}

/** The ranges in words, for people. */
export function rangeText({ ranges }: Affected): string {
  const signs = { introduced: '>=', fixed: '<', last_affected: '<=', limit: '<' } as const;
  return ranges
    .map((events) =>
      events
        .flatMap(toEvents)
        .map(({ kind, version }) => `${signs[kind]}${version}`)
        .join(' '),
    )
    .join(' or ');
}
