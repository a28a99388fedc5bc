import { expect } from 'vitest';
import { origins } from '../dependencies/origins.ts';
import { ReviewRules } from '../projects/projects-config.ts';
import { projectState } from '../project-state.fixture.ts';
import { readLockFile } from './read-lock-file.ts';

/** Rows of a table: where the package `a` comes from, the lock file, and what a review says of it. */
export type Places = Array<[name: string, rows: Array<[place: string, text: string, expected: string[]]>]>;

/** What a review says of where the one package of a lock file comes from. */
export function said(name: string, text: string, registries: string[] = []): string[] {
  const file = readLockFile(name, text);
  expect(file.unread).toEqual([]);
  const rules = ReviewRules.parse({ registries });
  const review = origins.review(projectState({ lockFiles: [file], rules }));
  if (review instanceof Promise) throw new Error('it looks at once');
  return review.observations.map(
    ({ severity, title }) => `${severity} ${title.replace(/^a(?: 1\.0(?:\.0)?)? /, '')}`,
  );
}

export const commit = 'c'.repeat(40);
export const nothing: string[] = [];
export const git = ['low comes from a git repository'];
export const moving = ['high comes from a git repository, from whatever a name there points to'];
export const url = ['medium comes from an address outside of any registry'];
export const otherName = ['high is fetched as another package or version than it is called'];
export const plain = ['high is fetched without encryption'];
export const outside = ['low comes from a folder or a file outside of the project'];
export const inside = ['low comes from a folder or a file'];
export const foreign = ['high comes from another registry (evil.example) than the public ones'];
export const foreignFile = ['high has files at a host (evil.example) that is not that of its registry'];
