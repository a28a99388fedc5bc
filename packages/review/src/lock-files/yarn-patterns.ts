import type { Notes } from './notes.ts';

/** What a yarn.lock says that a package is needed as: `name@range`. */
export interface Pattern {
  /** The name by which it is asked for. */
  name: string;
  /** The name of the package that is meant: another one behind `npm:`. */
  meant: string;
  range: string;
}

export function patternOf(text: string): Pattern {
  const [, name = text, range = ''] = /^(@?[^@]+)@(.*)$/s.exec(text) ?? [];
  // `npm:latest` is a name that the registry gives to a version.
  const meant =
    /^npm:((?:@[^@/]+\/)?[^@/\s]+)@/.exec(range)?.[1] ?? /^npm:(@[^@/]+\/[^@/\s]+)$/.exec(range)?.[1];
  return { name, range, meant: meant ?? name };
}

/**
 * Notes a file that is cut off: names stand there in their order, so that those that are needed, missing, and would stand at the end show it.
 * Others that are missing may be parts of the project.
 */
export function noteCutOff(
  names: ReadonlySet<string>,
  needed: ReadonlySet<string>,
  text: string,
  notes: Notes,
): void {
  if (!text.endsWith('\n')) notes.unread('has no end of its last line: it may be cut off');
  const last = [...names].reduce((a, b) => (a > b ? a : b), '');
  const missing = [...needed].filter((name) => !names.has(name) && name > last);
  if (missing.length > 0)
    notes.unread(`lacks ${missing.length} packages that others need: it may be cut off`);
}

/** The name that a package is asked for by, where that says another package. */
export const otherName = (name: string, patterns: readonly Pattern[]): string | null =>
  patterns.find(({ meant }) => meant !== name)?.name ?? null;
