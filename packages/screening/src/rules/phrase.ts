import type { Family, Source } from '../finding.ts';
import { kinds, type Kind } from '../words/kinds.ts';

/** What a rule says: how much, by whose words they are, and why. */
export interface RuleBase {
  family: Family;
  /** Unique within the family. */
  name: string;
  reason: string;
  /** Weight in the user's own words; 0 = no finding there. */
  user: number;
  /** Weight in text of tools and of the web. */
  other: number;
}

/** A rule about kinds of words in a row. */
export interface PhraseRule extends RuleBase {
  pattern: RegExp;
  /** For each of these one letter must be there at all. */
  needs: ReadonlyArray<readonly number[]>;
}

/**
 * Makes a phrase rule.
 *
 * @param text kinds with spaces between them: `ignore|bypass` one of them, `~3` up to three other words of the same sentence
 *   that do not ask how, `$` the end of a sentence, `kind?` may be missing
 */
export function phrase(
  family: Family,
  name: string,
  weights: readonly [user: number, other: number],
  text: string,
  reason: string,
): PhraseRule {
  const needs: number[][] = [];
  const source = text.split(' ').map((part) => {
    if (part.startsWith('~')) return `[^|${kinds.how}]{0,${Number(part.slice(1))}}?`;
    if (part === '$') return '(?![^|])';
    const optional = part.endsWith('?');
    const letters = (optional ? part.slice(0, -1) : part).split('|').map((kind) => {
      const letter = kinds[kind as Kind];
      if (letter === undefined) throw new TypeError(`${name}: there is no kind ${kind}`);
      return letter;
    });
    if (!optional) needs.push(letters.map((letter) => letter.charCodeAt(0)));
    const set = `[${letters.join('')}]`;
    return optional ? `${set}?` : set;
  });
  const [user, other] = weights;
  return {
    family,
    name: `${family}.${name}`,
    reason,
    user,
    other,
    pattern: new RegExp(source.join(''), 'g'),
    needs,
  };
}

/** The weight of a rule in a text of this source. */
export const weightOf = (rule: RuleBase, source: Source): number =>
  source === 'user' ? rule.user : rule.other;
