import type { Row } from '../json.ts';
import { textOf } from '../json.ts';
import { versionRules, type VersionRules } from '../versions/compare.ts';
import type { Affected } from './advisory.ts';

/**
 * Whether a version is affected: it is listed, or in one of the ranges, by the evaluation that the schema of OSV describes.
 *
 * @returns undefined when the version is none by the rules of its ecosystem and is not listed either
 */
export function isAffected(affected: Affected, version: string): boolean | undefined {
  if (affected.versions.includes(version)) return true;
  const rules = versionRules[affected.ecosystem];
  if (!rules.isValid(version)) return affected.ranges.length === 0 ? false : undefined;
  if (affected.versions.some((listed) => rules.isValid(listed) && rules.compare(listed, version) === 0))
    return true;
  return affected.ranges.some((events) => isInRange(events, version, rules));
}

interface Event {
  kind: 'introduced' | 'fixed' | 'last_affected' | 'limit';
  version: string;
}

function isInRange(rows: readonly Row[], version: string, rules: VersionRules): boolean {
  const events = rows
    .flatMap(toEvents)
    .filter(({ version: at }) => at === '0' || at === '*' || rules.isValid(at));
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
