import { isAbsolute, resolve } from 'node:path';
import { couldNotLook, type SourceReview } from '@actp/review/findings/source-review';
import { findLockFiles, type FoundLockFiles } from '@actp/review/lock-files/find-lock-files';
import { lockFileReview } from '@actp/review/lock-files/lock-file-review';
import {
  acceptedFindingsFile,
  readAcceptedFindings,
  type AcceptedFinding,
} from '@actp/review/projects/accepted-findings';
import {
  planeProject,
  readProjectsConfig,
  type Project,
  type ReviewRules,
} from '@actp/review/projects/projects-config';
import { reviewWith } from '@actp/review/review-project';
import { planeSources, projectSources } from '@actp/review/sources';
import type { Recorder } from './recorder.ts';

export interface ReviewDeps {
  /** The repository root, absolute; paths of the configuration count from here. */
  rootDir: string;
  /** PROJECTS_CONFIG and OSV_DATA, as they are set. */
  projectsConfig: string;
  osvData: string | undefined;
  /** What programs that are run find in their environment. */
  env: Readonly<Record<string, string>>;
  cacheDir: string | undefined;
  /** The running plane; undefined when there is none to look at. */
  plane: { rootPid: number; servicePorts: readonly number[] | undefined } | undefined;
  /** Without one nothing is remembered. */
  recorder: Recorder | undefined;
  now: () => Date;
  signal: AbortSignal;
  /** Told of each source when it has looked. */
  onReview?: (project: string, review: SourceReview) => void;
}

export interface ReviewedSource {
  project: string;
  review: SourceReview;
  new: number;
  fixed: number;
}

export interface ReviewResult {
  projects: string[];
  reviewed: ReviewedSource[];
  accepted: readonly AcceptedFinding[];
}

/**
 * Reviews the configured projects and the running plane, or one project.
 *
 * @returns undefined when there is no such project
 */
export async function reviewProjects(deps: ReviewDeps, only?: string): Promise<ReviewResult | undefined> {
  const config = await readProjectsConfig(resolve(deps.rootDir, deps.projectsConfig));
  const accepted = await readAcceptedFindings(resolve(deps.rootDir, acceptedFindingsFile));
  // Of a file that cannot be read nothing is accepted: what was is open again.
  const list = accepted.ok ? accepted.value : [];
  const projects = (config.ok ? config.value.projects : []).filter(
    ({ name }) => only === undefined || name === only,
  );
  if (only !== undefined && config.ok && projects.length === 0) return undefined;

  const startedAt = (await deps.recorder?.begin(list)) ?? deps.now().toISOString();
  const reviewed: ReviewedSource[] = [];
  const keep = async (project: string, review: SourceReview) => {
    deps.onReview?.(project, review);
    const changed = await deps.recorder?.record(project, startedAt, review);
    reviewed.push({ project, review, new: changed?.new ?? 0, fixed: changed?.fixed ?? 0 });
  };

  for (const source of configurationReviews(config, accepted)) await keep(planeProject, source);
  for (const project of projects) {
    const rules = config.ok ? config.value.rules : undefined;
    if (rules !== undefined) await reviewProject(deps, project, rules, keep);
  }
  if (only === undefined && deps.plane !== undefined) {
    const state = { ...deps.plane, signal: deps.signal };
    for await (const review of reviewWith(planeSources, state)) await keep(planeProject, review);
  }
  return { projects: projects.map(({ name }) => name), reviewed, accepted: list };
}

type Outcome = { ok: true } | { ok: false; problem: string };

const configurationReviews = (config: Outcome, accepted: Outcome): SourceReview[] => [
  config.ok
    ? { source: 'configuration', verdict: 'clean', reason: null, observations: [] }
    : couldNotLook('configuration', config.problem),
  accepted.ok
    ? { source: 'accepted-findings', verdict: 'clean', reason: null, observations: [] }
    : couldNotLook('accepted-findings', `${accepted.problem}; until that is mended no finding is accepted`),
];

async function reviewProject(
  deps: ReviewDeps,
  project: Project,
  rules: ReviewRules,
  keep: (project: string, review: SourceReview) => Promise<void>,
): Promise<void> {
  const root = isAbsolute(project.path) ? project.path : resolve(deps.rootDir, project.path);
  const found: FoundLockFiles = await findLockFiles(root, project.ecosystems);
  await keep(project.name, lockFileReview(found));
  const packages = found.lockFiles.flatMap((file) => file.packages);
  const state = {
    project,
    rules,
    root,
    lockFiles: found.lockFiles,
    known: await deps.recorder?.known(project.name, packages),
    osvData: deps.osvData === undefined ? undefined : resolve(deps.rootDir, deps.osvData),
    env: deps.env,
    cacheDir: deps.cacheDir,
    now: deps.now(),
    signal: deps.signal,
  };
  const blind = projectSources.filter((source) => source.withoutLockFiles !== true).map(({ name }) => name);
  for await (const review of reviewWith(projectSources, state)) {
    const partial = found.reasons.length > 0 && blind.includes(review.source);
    await keep(project.name, partial ? withLockFilesMissing(review) : review);
  }
}

// What stands in a lock file that could not be read is not gone.
const withLockFilesMissing = (review: SourceReview): SourceReview =>
  couldNotLook(review.source, review.reason ?? 'not every lock file could be read', review.observations);
