import type { Secret } from './rule.ts';

/** Findings that overlap become one, named after the longer one, or after the one that says more. */
export function mergeSecrets(found: Secret[]): Secret[] {
  if (found.length < 2) return found;
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Secret[] = [];
  for (const secret of found) {
    const last = merged.at(-1);
    if (last === undefined || secret.start >= last.end) {
      merged.push(secret);
      continue;
    }
    const same = secret.start === last.start && secret.end === last.end;
    const tells = same ? secret.rank > last.rank : secret.end - secret.start > last.end - last.start;
    merged[merged.length - 1] = {
      lead: Math.min(last.lead, secret.lead),
      start: last.start,
      end: Math.max(last.end, secret.end),
      kind: tells ? secret.kind : last.kind,
      rank: tells ? secret.rank : last.rank,
    };
  }
  return merged;
}
