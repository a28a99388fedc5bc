import { mergeSecrets } from './engine/merge.ts';
import type { Finder } from './engine/find-secrets.ts';
import type { Secret } from './engine/rule.ts';

// Shorter ones are words as well, and would be taken out of ordinary text.
const shortest = 12;
// More than any rule says: what it is, is known.
const rank = 1_000;

let own: readonly string[] = [];

/**
 * The secrets of this process itself (its settings): wherever they stand they are taken out, whatever they look like.
 *
 * @param values all of them; what is shorter than twelve characters is left alone
 */
export function useOwnSecrets(values: readonly string[]): void {
  own = [...new Set(values)].filter(({ length }) => length >= shortest);
}

/** Those in use, for a thread of this process. */
export const ownSecrets = (): readonly string[] => own;

/** A finder that finds these as well. */
export function withOwnSecrets(finder: Finder): Finder {
  let last = '';
  return {
    find(text, from = 0, to = text.length) {
      last = text;
      const secrets = finder.find(text, from, to);
      const found = own.length === 0 ? [] : findOwn(text, from, to);
      return found.length === 0 ? secrets : mergeSecrets([...(secrets ?? []), ...found]);
    },
    openFrom: () => Math.min(finder.openFrom(), beginsAtEnd(last)),
  };
}

function findOwn(text: string, from: number, to: number): Secret[] {
  const found: Secret[] = [];
  for (const value of own) {
    for (let start = text.indexOf(value, from); start >= 0 && start < to;) {
      const end = start + value.length;
      found.push({ lead: start, start, end, kind: 'plane-secret', rank });
      start = text.indexOf(value, end);
    }
  }
  return found;
}

// Where one of them may begin that goes on behind the text.
function beginsAtEnd(text: string): number {
  let at = Infinity;
  for (const value of own) {
    for (let length = Math.min(value.length - 1, text.length); length > 0; length -= 1) {
      if (!text.endsWith(value.slice(0, length))) continue;
      at = Math.min(at, text.length - length);
      break;
    }
  }
  return at;
}
