import type { Observation } from '../findings/finding.ts';
import { looked } from '../findings/source-review.ts';
import type { Ecosystem } from '../lock-files/lock-file.ts';
import { packageName } from '../osv/advisory.ts';
import { packagesOf } from '../dependencies/packages-of.ts';
import type { ProjectState } from '../project-state.ts';
import type { Source } from '../review-project.ts';
import { createNameIndex, isAsciiName, type Likeness, type NameIndex } from './likeness.ts';
import { imitatedNpm, wellKnownNpm } from './well-known-npm.ts';
import { imitatedPypi, wellKnownPypi } from './well-known-pypi.ts';

const wellKnown: Readonly<Record<Ecosystem, NameIndex>> = {
  npm: createNameIndex({ imitated: imitatedNpm, others: wellKnownNpm, widely: 'npm' }),
  pip: createNameIndex({ imitated: imitatedPypi, others: wellKnownPypi, widely: 'pip' }),
};
// What is well known and new imitates nothing that the project has.
const others = { npm: [...imitatedNpm, ...wellKnownNpm], pip: [...imitatedPypi, ...wellKnownPypi] };
const trustedDays = 30;
const day = 86_400_000;

const words: Readonly<Record<Likeness, string>> = {
  letters: 'is one letter away from',
  separators: 'differs only in hyphens and dots from',
  'look-alike': 'looks like',
  scope: 'could be taken for the scope or name',
  decorated: 'is, but for the language in its name,',
  characters: 'has characters that no registry takes; without them it is',
};

/** Packages whose name could be taken for a well-known one, or for one that the project has had for long. */
export const typosquats: Source<ProjectState> = {
  name: 'names',
  applies: ({ lockFiles }) => lockFiles.length > 0,
  review(state) {
    const indexes = new Map<Ecosystem, { all: NameIndex; own: NameIndex; trusted: ReadonlySet<string> }>();
    for (const { ecosystem } of state.lockFiles) {
      if (!indexes.has(ecosystem)) indexes.set(ecosystem, indexesOf(state, ecosystem));
    }
    const observations = packagesOf(state).flatMap(({ entry, file }): Observation[] => {
      const index = indexes.get(entry.ecosystem);
      // In small letters some signs become letters: the sign for kelvin a k.
      const name = isAsciiName(entry.name) ? packageName(entry.ecosystem, entry.name) : entry.name;
      if (index === undefined || entry.origin === 'project') return [];
      const like = index.all.likeTo(name) ?? (index.trusted.has(name) ? undefined : index.own.likeTo(name));
      if (like === undefined) return [];
      return [
        {
          kind: 'typosquat',
          severity: 'high',
          package: entry.name,
          version: entry.version,
          path: file.path,
          title: `${entry.name} ${words[like.how]} ${like.name}`,
          detail: 'Look at who publishes it. If it is what is meant, accept the finding.',
          about: [entry.ecosystem, name, like.name],
        },
      ];
    });
    return looked('names', observations);
  },
};

/** What the project has had for long is trusted; what is new is compared with that as well. */
function indexesOf(state: ProjectState, ecosystem: Ecosystem) {
  const trusted = new Set<string>();
  for (const { entry } of packagesOf(state)) {
    const since = state
      .known?.(ecosystem, entry.name)
      .map(({ firstSeenAt }) => Date.parse(firstSeenAt))
      .toSorted((a, b) => a - b)[0];
    if (since !== undefined && state.now.getTime() - since > trustedDays * day) {
      trusted.add(packageName(ecosystem, entry.name));
    }
  }
  return {
    all: wellKnown[ecosystem],
    own: createNameIndex({ imitated: trusted, others: others[ecosystem] }),
    trusted,
  };
}
