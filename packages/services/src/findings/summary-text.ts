import { severities } from '@actp/review/findings/finding';
import { shown } from '@actp/review/findings/finding';
import type { FindingCount } from './count.ts';
import type { StoredFinding, StoredReview } from './finding-schema.ts';

const shownFindings = 15;
const shownReviews = 15;

/** The weekly message: how many findings are open, which came last, and what could not be looked at. */
export function reviewSummary(
  counts: readonly FindingCount[],
  newest: readonly StoredFinding[],
  reviews: readonly StoredReview[],
): string {
  const unavailable = reviews.filter(({ verdict }) => verdict === 'unavailable');
  const open = severities.flatMap((severity) => {
    const n = sum(counts.filter((count) => count.state === 'open' && count.severity === severity));
    return n === 0 ? [] : [`${n} ${severity}`];
  });
  const accepted = sum(counts.filter(({ state }) => state === 'accepted'));
  const sign = unavailable.length > 0 ? '⚠️' : open.length > 0 ? '🟡' : '✅';
  return [
    `${sign} Supply-chain review`,
    open.length === 0 ? 'No open findings.' : `Open: ${open.join(', ')}`,
    ...(accepted > 0 ? [`Accepted: ${accepted}`] : []),
    ...newest.slice(0, shownFindings).map(findingLine),
    ...(newest.length > shownFindings ? ['... GET /v1/findings lists all of them.'] : []),
    ...(unavailable.length === 0
      ? ['Everything could be looked at.']
      : ['', 'Could not be looked at:', ...unavailable.slice(0, shownReviews).map(reviewLine)]),
    ...(unavailable.length > shownReviews ? [`... and ${unavailable.length - shownReviews} more`] : []),
  ].join('\n');
}

const sum = (counts: readonly FindingCount[]) => counts.reduce((total, { count }) => total + count, 0);

const findingLine = ({ project, severity, title, path }: StoredFinding) =>
  `• ${project}, ${severity}: ${shown(title, 160)}${path === null ? '' : ` (${shown(path, 100)})`}`;

const reviewLine = ({ project, source, reason }: StoredReview) =>
  `• ${project}, ${source}: ${shown(reason ?? 'no reason given', 200)}`;
