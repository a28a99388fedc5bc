import { beginsToken } from '../engine/boundary.ts';
import { entropy, isPlaceholder, isRepeated, looksRandom } from '../engine/entropy.ts';
import { rankOf, type Rule, type Scan, type Secret } from '../engine/rule.ts';

export interface TokenOptions {
  /** Bits for each character that the part behind the mark must have at least. */
  bits?: number;
  /** It may be letters of one case alone. */
  plain?: boolean;
  /** It is base64 of some length: a slash in front of it is part of another. */
  solid?: boolean;
  /** What may not follow; by default a letter or a digit. */
  end?: string;
}

// Below that it is `xxxx` or `0000`; random text has far more.
const usualBits = 1.5;
// Marks that are found in ordinary text as well: only what looks random counts behind them.
const strictBits = 3;

/**
 * A token that begins with a mark of its provider.
 *
 * @param mark as the provider writes it; several for one kind
 * @param body what follows, a bounded regular expression without groups that capture
 */
export function token(
  kind: string,
  mark: string | readonly string[],
  body: string,
  options: TokenOptions = {},
): Rule {
  const marks = typeof mark === 'string' ? [mark] : mark;
  const { bits = usualBits, plain = false, solid = false, end = '(?![A-Za-z0-9])' } = options;
  const patterns = new Map(
    marks.map((m) => [m, new RegExp(`${RegExp.escape(m)}(${body})${end}`, 'y')] as const),
  );
  return {
    kinds: [kind],
    keywords: marks.map((m) => m.toLowerCase()),
    family: 'token',
    find(at, scan) {
      if (!beginsToken(at, scan) || (solid && '/-_'.includes(scan.text[at - 1] ?? ' '))) return undefined;
      for (const [mark, pattern] of patterns) {
        if (!scan.text.startsWith(mark, at)) continue;
        pattern.lastIndex = at;
        const match = pattern.exec(scan.text);
        if (match === null) continue;
        const secret = match[1] ?? '';
        const random = (plain || looksRandom(secret)) && entropy(secret) >= bits;
        const real = random ? !isPlaceholder(secret) : bits < strictBits && isRepeated(secret);
        if (!real) {
          scan.rejectedUntil = pattern.lastIndex;
          continue;
        }
        return {
          lead: at,
          start: at,
          end: pattern.lastIndex,
          kind,
          rank: rankOf.token + mark.length / 1_000,
        };
      }
      return undefined;
    },
  };
}

/**
 * Anything that a keyword and a pattern tell.
 *
 * @param pattern sticky, tried where the keyword begins; the secret is its group `secret`, or all of it
 * @param accept last word on what was found
 */
export function pattern(
  kind: string,
  keywords: readonly string[],
  expression: RegExp,
  accept: (secret: string, at: number, scan: Scan) => boolean = () => true,
  { rank = rankOf.header, rest }: { rank?: number; rest?: number } = {},
): Rule {
  const sticky = new RegExp(expression.source, `${expression.flags.replaceAll(/[dgy]/g, '')}dy`);
  return {
    kinds: [kind],
    keywords,
    family: 'value',
    ...(rest === undefined ? {} : { rest }),
    find(at, scan): Secret | undefined {
      sticky.lastIndex = at;
      const match = sticky.exec(scan.text);
      if (match === null) return undefined;
      const [start, end] = match.indices?.groups?.['secret'] ?? [at, sticky.lastIndex];
      if (start === end || !accept(scan.text.slice(start, end), at, scan)) return undefined;
      return { lead: Math.min(at, start), start, end, kind, rank };
    },
  };
}
