import type { Family } from '../finding.ts';
import { literalOf, type Literal } from './literals.ts';
import type { RuleBase } from './phrase.ts';

/** A rule about what stands in the text, letter by letter. */
export interface PatternRule extends RuleBase {
  /** On the folded text, so in lower case; no part without a bound, so that it is linear in the text. */
  pattern: RegExp;
  /** One of each group is in every text that matches; looking for them is much cheaper. */
  literals: ReadonlyArray<readonly Literal[]>;
  /** The first letter must be written as an escape of so many letters or more. */
  escapedAs?: number;
}

/** @param literals words with spaces between them, one of which must be there; `a b + c d` wants one of each side */
export function pattern(
  family: Family,
  name: string,
  weights: readonly [user: number, other: number],
  literals: string,
  expression: RegExp,
  reason: string,
): PatternRule {
  const [user, other] = weights;
  return {
    family,
    name: `${family}.${name}`,
    reason,
    user,
    other,
    literals: literals.split(' + ').map((group) =>
      group
        .split(' ')
        .filter((literal) => literal !== '')
        .map(literalOf),
    ),
    pattern: expression,
  };
}
