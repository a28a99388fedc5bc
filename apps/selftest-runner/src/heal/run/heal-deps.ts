import type { Db } from '@actp/db/client';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import type { RunTests } from '@actp/suites/suite/rerun-failing';
import type { LoadedConfig } from '../../run/steps.ts';
import type { AcdClient } from '../acd/acd-client.ts';
import type { Git } from '../change/git.ts';

export interface HealTimings {
  /** How long the agent has, in seconds, counted from its start by the database. */
  timeoutSeconds: number;
  /** Between two looks at it, in milliseconds. */
  pollMs: number;
  /** From the start until a status that shows no run of ours is believed, in seconds. */
  graceSeconds: number;
}

/** Asks for the approval of a verified change; gives its id. */
export type AskToApply = (proposal: {
  healId: string;
  runId: string;
  suite: string;
  branch: string;
  digest: string;
  files: readonly string[];
}) => Promise<string>;

/** What healing needs, for the whole app. */
export interface HealDeps {
  db: Db;
  producer: Producer;
  log: Logger;
  acd: AcdClient;
  git: Git;
  runTests: RunTests;
  readConfig(): Promise<LoadedConfig>;
  askToApply: AskToApply;
  /** The repository root; a suite's relative `cwd` counts from here. */
  rootDir: string;
  /** `ACTP_DATA_DIR`, absolute: never looked at, wherever it lies. */
  dataDir: string;
  timings: HealTimings;
}
