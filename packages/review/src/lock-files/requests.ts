/** Which package somebody gets: a part of the project, another package, or a pattern of Yarn. */
export interface Given {
  /** The name by which it is asked for. */
  asked: string;
  name: string;
  version: string | null;
}

/** By the place that asks. One place may be given several: each for another set of peers. */
export type GivenPackages = ReadonlyMap<string, readonly Given[]>;

export type Request = readonly [place: readonly string[], given: Given];

export function givenPackages(requests: Iterable<Request>): GivenPackages {
  const given = new Map<string, Given[]>();
  for (const [place, one] of requests) {
    const key = JSON.stringify([...place, one.asked]);
    const there = given.get(key);
    if (there === undefined) given.set(key, [one]);
    else there.push(one);
  }
  return given;
}

/** Whether what a manifest asks for is another package openly: `npm:other@^1.0.0`. */
export const isAliasOf = (name: string, spec: string | null): boolean =>
  spec !== null &&
  (spec === `npm:${name}` ||
    spec.startsWith(`npm:${name}@`) ||
    (spec.startsWith('jsr:') && name.startsWith('@jsr/')));
