import type { Db } from '@actp/db/client';
import type { Severity } from '@actp/review/findings/finding';
import { countFindings } from '@actp/services/findings/count';
import { listFindings, listReviews } from '@actp/services/findings/list';
import { createRecorder } from '@actp/services/findings/recorder';
import { reviewProjects, type ReviewDeps, type ReviewResult } from '@actp/services/findings/review';
import { servicePorts } from '@actp/services/findings/service-ports';
import { reviewSummary } from '@actp/services/findings/summary-text';
import { notify } from '@actp/services/notifications/notify';
import { runTick, tickOf } from '@actp/services/schedules/run-tick';
import type { Payload, Result } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import { Skipped, type JobContext } from '@actp/shared/jobs/worker';

type Name = 'dependency-review';

export interface DependencyReviewDeps extends Pick<
  ReviewDeps,
  'rootDir' | 'projectsConfig' | 'osvData' | 'env' | 'cacheDir'
> {
  db: Db;
  producer: Producer;
  rootPid: number;
  /** The self-test configuration, for the ports of its services; absolute. */
  selftestConfig: string;
}

// More than a message lists.
const listed = 16;

/** `dependency-review`: looks at the watched projects, and says to the operators what came of it where they asked for that. */
export function createDependencyReview({
  db,
  producer,
  rootPid,
  selftestConfig,
  ...deps
}: DependencyReviewDeps) {
  return (
    { trigger, project }: Payload<Name>,
    { job, log, signal }: Pick<JobContext<Name>, 'job' | 'log' | 'signal'>,
  ): Promise<Result<Name>> =>
    runTick({ db, log }, job, async () => {
      const result = await reviewProjects(
        {
          ...deps,
          plane: { rootPid, servicePorts: await servicePorts(selftestConfig) },
          recorder: createRecorder({ db, producer, log }),
          now: () => new Date(),
          signal,
          onReview: (name, { source, verdict, observations }) =>
            log.info({ project: name, source, verdict, findings: observations.length }, 'source reviewed'),
        },
        project,
      );
      if (result === undefined) throw new Skipped('no such project in PROJECTS_CONFIG');
      const counts = await countFindings(db);
      if (trigger !== 'http') {
        const newest = await listFindings(db, { state: 'open', project, limit: listed });
        const body = reviewSummary(
          counts,
          newest.map(({ finding }) => finding),
          await listReviews(db, project),
        );
        const due = tickOf(job)?.dueAt.toISOString();
        const key = `dependency-review:${due ?? job.id ?? job.timestamp}`;
        await notify({ db, producer, log }, { key, kind: 'review.summary', body });
      }
      return toResult(result, counts);
    });
}

function toResult(
  { projects, reviewed }: ReviewResult,
  counts: Awaited<ReturnType<typeof countFindings>>,
): Result<Name> {
  const openOf = (severity: Severity) =>
    counts
      .filter((count) => count.state === 'open' && count.severity === severity)
      .reduce((total, { count }) => total + count, 0);
  const total = (of: 'new' | 'fixed') => reviewed.reduce((all, entry) => all + entry[of], 0);
  return {
    projects: projects.length,
    open: {
      critical: openOf('critical'),
      high: openOf('high'),
      medium: openOf('medium'),
      low: openOf('low'),
    },
    new: total('new'),
    fixed: total('fixed'),
    unavailable: reviewed.filter(({ review }) => review.verdict === 'unavailable').length,
  };
}
