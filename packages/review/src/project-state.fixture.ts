import process from 'node:process';
import type { ProjectState } from './project-state.ts';
import { ReviewRules } from './projects/projects-config.ts';

/** A project for one source; what a test does not say is empty. */
export const projectState = (over: Partial<ProjectState>): ProjectState => ({
  project: { name: 'sample', path: '.', ecosystems: ['npm', 'pip'] },
  rules: ReviewRules.parse({}),
  root: '/nowhere',
  lockFiles: [],
  known: undefined,
  osvData: undefined,
  env: { PATH: process.env['PATH'] ?? '' },
  cacheDir: undefined,
  now: new Date('2026-11-26T12:00:00Z'),
  signal: new AbortController().signal,
  ...over,
});
