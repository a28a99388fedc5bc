import { boundary, kinds, unknownKind } from './kinds.ts';
import { readWords } from './words.ts';

const nameOf = new Map<string, string>([
  ...Object.entries(kinds).map(([name, letter]) => [letter, name] as const),
  [unknownKind, '.'],
  [boundary, '|'],
]);

/** Each word of a text with its kind: `ignore:ignore x:. |`. */
export function rowOf(text: string): string {
  const words = readWords(text);
  return Array.from(words.kinds, (letter, i) =>
    letter === boundary ? '|' : `${text.slice(words.starts[i], words.ends[i])}:${nameOf.get(letter) ?? '?'}`,
  ).join(' ');
}
