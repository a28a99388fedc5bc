import { longestLookBack, longestReach, type Rule, type Secret, type Stretch } from './rule.ts';

// Control sequences of a terminal as they are, as JSON, shells and `cat -v` write them, links, and what is left of colours
// when somebody took the control characters out.
const sequence =
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  /(?:\u001B|\\{1,8}(?:u001[bB]|x1[bB]|033|e)|\^\[)(?:\[[\d;:?]{0,32}[A-Za-z]|\][^\u0007\u001B\\\r\n]{0,2000}(?:\u0007|\u001B\\)|\([AB0])|\[\d{0,3}(?:;\d{1,3}){0,4}m(?:\[K)?/g;

/** Remembers that there are colours in a text. */
export const colourNote: Rule = {
  kinds: [],
  keywords: ['\u001B', 'u001b[', 'x1b[', '\\033[', '\\e[', '^[[', '[0m', '[39m', '[22m', '[m[k'],
  family: 'note',
  find(at, { colours }) {
    const last = colours.at(-1);
    if (last !== undefined && at - last.to < colourReach) last.to = at;
    else colours.push({ from: at, to: at });
    return undefined;
  },
};

// So far from a colour it matters what begins in front of it: what goes on for longer is found with its colours as well.
const colourReach = 8_192;

/** A part of a text: what begins from `from` to before `to` may depend on its colours, with no more in view than `text`. */
export interface ColouredPart {
  /** Where its text begins. */
  at: number;
  text: string;
  from: number;
  to: number;
}

/** What lies around the colours of a text, as far as it begins from `from` to before `to`. */
export function colouredParts(
  text: string,
  colours: readonly Stretch[],
  from: number,
  to: number,
): ColouredPart[] {
  return colours
    .map((colour) => ({
      from: Math.max(from, colour.from - colourReach),
      to: Math.min(to, colour.to + longestLookBack),
    }))
    .filter((part) => part.from < part.to)
    .map((part) => {
      const at = Math.max(0, part.from - longestLookBack);
      return { ...part, at, text: text.slice(at, part.to + longestReach) };
    });
}

export interface PlainText {
  text: string;
  /** The place in the plain text of a place in the original. */
  toPlain(at: number): number;
  /** The place in the original where a character of the plain text begins. */
  toStart(at: number): number;
  toOriginal(secret: Secret): Secret;
}

/** A text without its colours, and the way back from places in it to places in the original. */
export function withoutColours(original: string): PlainText {
  // Where something was taken out, in the plain text, and how much was taken out up to there.
  const seams: number[] = [];
  const taken: number[] = [];
  const parts: string[] = [];
  let [length, at, sum] = [0, 0, 0];
  for (const match of original.matchAll(sequence)) {
    parts.push(original.slice(at, match.index));
    length += match.index - at;
    at = match.index + match[0].length;
    sum += match[0].length;
    if (seams.at(-1) === length) taken[taken.length - 1] = sum;
    else {
      seams.push(length);
      taken.push(sum);
    }
  }
  parts.push(original.slice(at));
  const text = parts.join('');
  const shift = (place: number) => taken[countBefore(seams, place) - 1] ?? 0;
  const toStart = (place: number) => (place === Infinity ? place : place + shift(place + 1));
  return {
    text,
    toStart,
    toPlain: (place) => {
      let [low, high] = [0, text.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (toStart(middle) < place) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    toOriginal: (secret) => ({
      ...secret,
      lead: toStart(secret.lead),
      start: toStart(secret.start),
      // What follows the last character, a colour that ends, is no part of it.
      end: toStart(secret.end - 1) + 1,
    }),
  };
}

/** The same without colours, for a short text. */
export const plainValue = (value: string): string =>
  /[[\](]/.test(value) ? value.replaceAll(sequence, '') : value;

/** How many of the numbers, which ascend, are less than `limit`. */
function countBefore(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
