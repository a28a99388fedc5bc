import { shown, type Observation } from './finding.ts';

/**
 * What one source says about one project. `unavailable`: it could not look, or not at everything; what it has seen is there all the same, and
 * nothing that it does not name counts as gone.
 */
export interface SourceReview {
  source: string;
  verdict: 'clean' | 'findings' | 'unavailable';
  /** Why it could not look; null otherwise. */
  reason: string | null;
  observations: readonly Observation[];
}

export const looked = (source: string, observations: readonly Observation[]): SourceReview => ({
  source,
  verdict: observations.length === 0 ? 'clean' : 'findings',
  reason: null,
  observations,
});

const longestReason = 900;

/** @param reason may hold what strangers wrote */
export const couldNotLook = (
  source: string,
  reason: string,
  observations: readonly Observation[] = [],
): SourceReview => ({ source, verdict: 'unavailable', reason: shown(reason, longestReason), observations });

/** `unavailable` when there are reasons for it, otherwise what was seen. */
export const lookedExcept = (
  source: string,
  observations: readonly Observation[],
  reasons: readonly string[],
): SourceReview =>
  reasons.length === 0 ? looked(source, observations) : couldNotLook(source, summary(reasons), observations);

const shownReasons = 8;

function summary(reasons: readonly string[]): string {
  const once = [...new Set(reasons)];
  const more = once.length > shownReasons ? `; and ${once.length - shownReasons} more` : '';
  return `${once.slice(0, shownReasons).join('; ')}${more}`;
}
