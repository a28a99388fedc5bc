import { z } from 'zod';
import { readYaml, type Read } from './read-yaml.ts';

/** The name under which the plane's own processes and sockets are reviewed. */
export const planeProject = 'plane';

export const Project = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.@/-]{0,99}$/, 'must be letters, digits and . _ - @ / (at most 100)')
    .refine(
      (name) => name !== planeProject,
      `must not be ${planeProject}: so the plane's own processes are called`,
    ),
  /** Relative to the repository root. */
  path: z.string().min(1).max(1_000),
  ecosystems: z.array(z.enum(['npm', 'pip'])).min(1),
  /** What a change of dependencies is compared with, whatever the one says who asks. */
  base: z.string().min(1).max(250).optional(),
});
export type Project = z.infer<typeof Project>;

export const ReviewRules = z.strictObject({
  min_age_days: z.int().min(0).max(365).default(7),
  /** Hosts of registries beside the public ones; empty: the one that most packages of a lock file come from. */
  registries: z.array(z.string().min(1).max(300).toLowerCase()).default([]),
  licences: z.strictObject({ allow: z.array(z.string().min(1).max(200)).default([]) }).prefault({}),
  secrets: z.strictObject({ history: z.boolean().default(true) }).prefault({}),
});
export type ReviewRules = z.infer<typeof ReviewRules>;

export const ProjectsConfig = z.strictObject({
  projects: z
    .array(Project)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'names must differ'),
  rules: ReviewRules.prefault({}),
});
export type ProjectsConfig = z.infer<typeof ProjectsConfig>;

/** @param path absolute */
export const readProjectsConfig = (path: string): Promise<Read<ProjectsConfig>> =>
  readYaml(path, 'PROJECTS_CONFIG', ProjectsConfig);
