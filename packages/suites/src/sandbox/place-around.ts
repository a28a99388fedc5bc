import { isInside } from './is-inside.ts';
import type { Place } from './place.ts';

/** The innermost place around a path, not the one at the path itself. */
export function around(places: readonly Place[], at: string): Place | undefined {
  return places
    .filter((place) => place.at !== at && isInside(at, place.at))
    .toSorted(byDepth)
    .at(-1);
}

const depth = ({ at }: Place) => (at === '/' ? 0 : at.split('/').length);
export const byDepth = (a: Place, b: Place) => depth(a) - depth(b);
