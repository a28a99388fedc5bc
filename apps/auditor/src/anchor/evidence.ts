import type { AnchorFacts } from '@actp/db/audit/anchor';

/** An anchor that is signed, and where it was found. */
export interface Found {
  where: string;
  facts: AnchorFacts;
  at: string;
}

/**
 * What all of them name, as one: the database has to hold the whole of it. An older anchor that is put back together with an older
 * database is shown by a copy that was not.
 *
 * @param anchors of one plane
 */
export function together(anchors: readonly [Found, ...Found[]]): AnchorFacts {
  const { facts } = newestOf(anchors);
  return {
    ...facts,
    epoch: Math.max(...anchors.map((found) => found.facts.epoch)),
    total: Math.max(...anchors.map((found) => found.facts.total)),
    heads: anchors.flatMap((found) => found.facts.heads),
  };
}

/** The one that has seen the plane come furthest; the first of equals. */
export const newestOf = (anchors: readonly [Found, ...Found[]]): Found =>
  anchors.reduce((newest, found) => (isLater(found.facts, newest.facts) ? found : newest));

const isLater = (one: AnchorFacts, other: AnchorFacts) =>
  one.epoch === other.epoch ? one.total > other.total : one.epoch > other.epoch;
