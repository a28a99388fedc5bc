import { createNeighbours } from './neighbours.ts';
import { organisationOf, withoutSeparators } from './stems.ts';

const shortestScope = 4;
const shortestOrganisation = 6;

const longScope = 10;

// A few letters more than a long one.
const isLonger = (scope: string, known: string) =>
  scope.startsWith(known) && scope.length - known.length <= 3;

export const scopeOf = (name: string): string | undefined => /^@([^/]+)\//.exec(name)?.[1];

/** Finds scopes that could be taken for those of known names. Within a known one its owner gives the names. */
export function createScopeIndex(known: Iterable<string>): { likeTo(name: string): string | undefined } {
  const scopes = new Set([...known].flatMap((name) => scopeOf(name) ?? []));
  const letters = createNeighbours([...scopes].filter(({ length }) => length >= shortestScope));
  const joined = new Map([...scopes].map((scope) => [withoutSeparators(scope), scope]));
  const joinedLetters = createNeighbours(
    [...joined.keys()].filter(({ length }) => length >= shortestOrganisation),
  );
  const organisations = new Map<string, string>();
  for (const scope of scopes) {
    const organisation = organisationOf(scope);
    if (organisation.length >= shortestOrganisation) organisations.set(organisation, scope);
  }
  const find = (scope: string): string | undefined => {
    const plain = withoutSeparators(scope);
    return (
      letters.find(scope) ??
      joined.get(plain) ??
      joined.get(joinedLetters.find(plain) ?? '') ??
      organisations.get(organisationOf(scope)) ??
      organisations.get(plain) ??
      [...joined].find(([name]) => name.length >= longScope && isLonger(plain, name))?.[1]
    );
  };
  return {
    likeTo(name) {
      const scope = scopeOf(name);
      if (scope === undefined || scopes.has(scope)) return undefined;
      const like = find(scope);
      return like === undefined ? undefined : `@${like}`;
    },
  };
}
