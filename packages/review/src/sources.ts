import type { PlaneState, ProjectState } from './project-state.ts';
import type { Source } from './review-project.ts';

/** Every source that looks at projects, in the order in which they look. */
export const projectSources: ReadonlyArray<Source<ProjectState>> = [];

/** Those that look at the processes of the running plane. */
export const planeSources: ReadonlyArray<Source<PlaneState>> = [];
