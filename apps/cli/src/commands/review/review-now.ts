import { join, resolve } from 'node:path';
import { createDb, type Db } from '@actp/db/client';
import { readPidFile } from '@actp/embedded/pid-file';
import { toolEnvironment } from '@actp/review/audit/tool-environment';
import { shown, toFinding, type Finding } from '@actp/review/findings/finding';
import { listFindings } from '@actp/services/findings/list';
import { createRecorder } from '@actp/services/findings/recorder';
import { reviewProjects, type ReviewResult } from '@actp/services/findings/review';
import { servicePorts } from '@actp/services/findings/service-ports';
import { createLogger } from '@actp/shared/log';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';

export type ReportedFinding = Finding & { state: 'open' | 'accepted' };

export interface Report {
  projects: string[];
  findings: ReportedFinding[];
  reviews: Array<{
    project: string;
    source: string;
    verdict: string;
    reason: string | null;
    findings: number;
  }>;
  /** Whether the running plane keeps it. */
  recorded: boolean;
}

const shape = {
  PROJECTS_CONFIG: settings.PROJECTS_CONFIG,
  OSV_DATA: settings.OSV_DATA,
  SELFTEST_CONFIG: settings.SELFTEST_CONFIG,
};
const callMs = 15_000;

/** Reviews the projects, or one of them, with the memory of the running plane when there is one. @throws CliError */
export async function reviewNow(cli: Cli, project: string | undefined): Promise<Report> {
  const values = await cli.plane.settings(shape);
  const dataDir = await cli.plane.dataDir();
  const db = await database(cli);
  const rootPid = readPidFile(join(dataDir, 'lock'))?.pid;
  const ports = await servicePorts(resolve(cli.root, values.SELFTEST_CONFIG));
  const result = await reviewProjects(
    {
      rootDir: cli.root,
      projectsConfig: values.PROJECTS_CONFIG,
      osvData: values.OSV_DATA,
      env: toolEnvironment(cli.environment),
      cacheDir: db === undefined ? undefined : join(dataDir, 'review'),
      plane: rootPid === undefined ? undefined : { rootPid, servicePorts: ports },
      recorder: db === undefined ? undefined : createRecorder({ db, ...unheard }),
      now: () => new Date(),
      signal: new AbortController().signal,
    },
    project,
  );
  if (result === undefined)
    throw new CliError(`PROJECTS_CONFIG has no project ${shown(project ?? '', 100)}.`);
  const findings = db === undefined ? seenNow(result, new Date()) : await stored(db, project);
  return { projects: result.projects, findings, reviews: reviewsOf(result), recorded: db !== undefined };
}

// The notification sender finds what is new by itself.
const unheard = {
  producer: { add: () => Promise.reject(new Error('the command line adds no jobs')) },
  log: createLogger({ app: 'cli', level: 'silent' }),
};

async function database(cli: Cli): Promise<Db | undefined> {
  const target = await cli.plane.database().catch(() => undefined);
  return target === undefined ? undefined : createDb(target, 'cli', callMs);
}

/** Without a memory: what was seen just now, once each. */
function seenNow({ reviewed, accepted }: ReviewResult, now: Date): ReportedFinding[] {
  const inForce = new Set(
    accepted.filter(({ until }) => new Date(until) > now).map(({ finding }) => finding),
  );
  const all = reviewed.flatMap(({ project, review }) =>
    review.observations.map((seen) => toFinding(project, seen)),
  );
  return [...new Map(all.map((finding) => [finding.id, finding])).values()].map((finding) => ({
    ...finding,
    state: inForce.has(finding.id) ? 'accepted' : 'open',
  }));
}

const pageSize = 200;

async function stored(db: Db, project: string | undefined): Promise<ReportedFinding[]> {
  const found: ReportedFinding[] = [];
  for (const state of ['open', 'accepted'] as const) {
    let before: Awaited<ReturnType<typeof listFindings>>[number]['position'] | undefined;
    do {
      const page = await listFindings(db, { state, project, before, limit: pageSize });
      found.push(...page.map(({ finding }) => ({ ...finding, state }) as ReportedFinding));
      before = page.length === pageSize ? page.at(-1)?.position : undefined;
    } while (before !== undefined);
  }
  return found;
}

const reviewsOf = ({ reviewed }: ReviewResult): Report['reviews'] =>
  reviewed.map(({ project, review: { source, verdict, reason, observations } }) => ({
    project,
    source,
    verdict,
    reason: reason === null ? null : shown(reason, 1_000),
    findings: observations.length,
  }));
