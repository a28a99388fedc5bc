import type { Db } from '@actp/db/client';
import type { AcceptedFinding } from '@actp/review/projects/accepted-findings';
import type { LockedPackage } from '@actp/review/lock-files/lock-file';
import type { KnownPackage } from '@actp/review/project-state';
import type { SourceReview } from '@actp/review/findings/source-review';
import type { HintDeps } from '../notifications/hint.ts';
import { applyAccepted } from './apply-accepted.ts';
import { notePackages, packageKey } from './note-packages.ts';
import { recordReview } from './record.ts';

/** Where a review keeps what it has seen. */
export interface Recorder {
  /** @returns the time at which the review begins, by the database's clock */
  begin(accepted: readonly AcceptedFinding[]): Promise<string>;
  known(project: string, packages: readonly LockedPackage[]): Promise<KnownLookUp>;
  record(project: string, startedAt: string, review: SourceReview): Promise<{ new: number; fixed: number }>;
}

type KnownLookUp = (ecosystem: string, name: string) => readonly KnownPackage[];

/** Keeps it in the database. */
export function createRecorder(deps: { db: Db } & HintDeps): Recorder {
  return {
    begin: async (accepted) => (await applyAccepted(deps, accepted)).now,
    async known(project, packages) {
      const known = await notePackages(deps.db, project, packages);
      return (ecosystem, name) => known.get(packageKey(ecosystem, name)) ?? [];
    },
    record: (project, startedAt, review) => recordReview(deps, { project, startedAt, review }),
  };
}
