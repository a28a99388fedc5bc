import type { ReadLockFile } from '../lock-files/lock-file.ts';

export interface TermChange {
  text: string;
  /** Whether it holds for all packages. */
  isOfAll: boolean;
}

/**
 * Options, extras, markers and ranges that are others than before. Those of a package that is new, or that is gone, are no change of their
 * own; nor is anything in a file that is new.
 */
export function changedTerms(before: ReadLockFile | undefined, after: ReadLockFile): TermChange[] {
  if (before === undefined) return [];
  // Without an index of its own the packages come from that of PyPI; without constraints any version fits.
  const gone = after.format === 'requirements' ? missingIn(after.problems, before.problems) : [];
  const changes = gone.map((problem): TermChange => ({ isOfAll: false, text: `no longer ${problem}` }));
  for (const name of new Set([null, ...after.terms.keys()])) {
    const [old, now] = [before, after].map((file) =>
      (file.terms.get(name) ?? []).filter((term) => term !== ''),
    );
    if (name === null) {
      changes.push(
        ...missingIn(old, now).map((term) => ({ isOfAll: true, text: `says ${term}, and did not before` })),
      );
      changes.push(...missingIn(now, old).map((term) => ({ isOfAll: true, text: `says ${term} no more` })));
    } else if (before.terms.has(name) && missingIn(old, now).length + missingIn(now, old).length > 0) {
      const text = (terms: readonly string[] = []) =>
        terms.length === 0 ? 'nothing more' : terms.join(' and ');
      changes.push({
        isOfAll: false,
        text: `asks for ${name} with ${text(now)}, and before with ${text(old)}`,
      });
    }
  }
  return changes;
}

const missingIn = (old: readonly string[] = [], now: readonly string[] = []) =>
  [...new Set(now)].filter((term) => !old.includes(term));
