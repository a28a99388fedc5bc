import { firstOf } from '../plain-text.ts';

const maxShown = 5;
export const maxShownName = 200;

/** The first few names of tests, each on one line, and how many more there are. */
export function shownNames(names: readonly string[]): string {
  const shown = names.slice(0, maxShown).map((name) => firstOf(name, maxShownName).replace(/\n/g, ' '));
  const more = names.length > maxShown ? ` and ${names.length - maxShown} more` : '';
  return `${shown.join(', ')}${more}`;
}
