import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from '@actp/shared/log';
import { repeat } from '@actp/shared/repeat';
import { loadPolicy, readPolicy, repositoryRoot, type LoadedPolicy, type ReadPolicy } from './load-policy.ts';

/** Something happened to the policy file. */
export type PolicyChange =
  | { kind: 'loaded'; version: string; previous: string }
  | {
      kind: 'refused';
      /** The version that stays in force. */
      version: string;
      /** What is wrong, line by line. */
      problem: string;
      /** Nothing was wrong before it. */
      first: boolean;
      /** The same for every process that sees the same file. */
      key: string;
    };

export interface PolicyInForce {
  current(): LoadedPolicy;
  stop(): Promise<void>;
}

export interface WatchPolicyOptions {
  /** POLICY_FILE: relative to the repository root, or absolute. */
  file: string;
  log: Logger;
  /** Tells others. What fails is tried again until it is done. */
  report: (change: PolicyChange) => Promise<void>;
  lookMs?: number;
}

// By content and not by the system's notices: those are lost on network drives, and by editors that rename.
const lookMsInUse = 1_000;
const minutes = 60_000;

/**
 * Reads the policy, and again whenever its file changes: one that validates is in force after two looks that show the same
 * text (a file is not always written at once), one that does not leaves the running one in force and is told.
 *
 * @throws ConfigError when the file is not valid at the start
 */
export async function watchPolicy(options: WatchPolicyOptions): Promise<PolicyInForce> {
  const { file, log, report, lookMs = lookMsInUse } = options;
  let current = await loadPolicy(file);
  let evaluated = current.version;
  let seen = evaluated;
  let wrong = false;
  let unreported: PolicyChange[] = [];
  let complained = false;

  function evaluate(read: ReadPolicy, key: string): void {
    evaluated = read.print;
    if (read.ok) {
      const previous = current.version;
      current = read.loaded;
      wrong = false;
      log.info({ policy_version: current.version, previous }, 'the changed policy is in force');
      unreported.push({ kind: 'loaded', version: current.version, previous });
      return;
    }
    const { version } = current;
    log.error(
      { policy_version: version, problem: read.problem },
      'the changed policy file is not valid; the running policy stays in force',
    );
    unreported.push({ kind: 'refused', version, problem: read.problem, first: !wrong, key });
    wrong = true;
  }

  async function tell(): Promise<void> {
    try {
      for (const change of unreported) {
        await report(change);
        unreported = unreported.filter((other) => other !== change);
      }
      complained = false;
    } catch (error) {
      if (!complained) log.warn({ err: error }, 'a change of the policy could not be recorded yet');
      complained = true;
    }
  }

  const stopLooking = repeat(log, lookMs, async () => {
    const read = await readPolicy(file);
    const steady = read.print === seen;
    seen = read.print;
    if (steady && seen !== evaluated) evaluate(read, `${current.version}:${seen}:${await changedAt(file)}`);
    await tell();
  });

  return {
    current: () => current,
    stop: stopLooking,
  };
}

// A file that is gone has no time of its own; the current ten minutes are near enough for one message.
async function changedAt(file: string): Promise<number> {
  try {
    return Math.trunc((await stat(resolve(repositoryRoot, file))).mtimeMs);
  } catch {
    return Math.trunc(Date.now() / (10 * minutes));
  }
}
