import { join } from 'node:path';
import type { Job } from 'bullmq';
import { UnrecoverableError } from 'bullmq';
import { UnavailableError } from '@actp/shared/errors';
import { DbError } from '@actp/db/client';
import type { HealState, Payload, Result } from '@actp/shared/jobs/catalogue';
import { JobDeferred, type Handlers, type JobContext } from '@actp/shared/jobs/worker';
import { redactValue } from '@actp/redaction/redact-value';
import { SelftestConfig } from '@actp/suites/config/selftest-config';
import { createProgressBoard } from '../../run/progress.ts';
import { advanceHeal } from './advance-heal.ts';
import { failureFingerprint } from './failure-fingerprint.ts';
import { readHealableRun, type HealableRun } from '@actp/services/heals/read-healable-run';
import type { HealDeps } from './heal-deps.ts';
import { healDir, removeHealDir } from './heal-record.ts';
import { skipReason } from './heal-plan.ts';
import { createHealStore, type Heal } from '@actp/services/heals/heal-store';
import { healText } from './heal-text.ts';
import { takeHealLease } from './run-lease.ts';
import { notifyOperators } from './notify-operators.ts';

type Name = 'heal-run';

// While the database is away, or another worker has a hand on the same run.
const pauseMs = 3_000;
// The lease of a worker that was given up has run out, or belongs to somebody else.
const leaseLost = '55000';

/**
 * The processor of `heal-run`: the failing suites of one self-test run, one after the other. It holds no worker while the
 * coding agent works: each start takes the heal as far as it goes and leaves the job delayed.
 */
export function createHealRun(deps: HealDeps): Handlers<'heal'>[Name] {
  return async (payload, context) => {
    try {
      return await runPass(deps, payload, context);
    } catch (error) {
      if (error instanceof UnavailableError || context.signal.aborted) throw new JobDeferred(pauseMs);
      if (error instanceof DbError && error.sqlState === leaseLost) throw new JobDeferred(pauseMs);
      throw error;
    }
  };
}

async function runPass(
  deps: HealDeps,
  payload: Payload<Name>,
  { job, signal, log }: JobContext<Name>,
): Promise<Result<Name>> {
  const run = await readHealableRun(deps.db, payload.run_id);
  if (run === null) throw new UnrecoverableError(`no such self-test run: ${payload.run_id}`);
  const lease = await takeHealLease(deps.db, payload.run_id);
  if (lease === null) throw new JobDeferred(pauseMs);
  try {
    const loaded = await deps.readConfig();
    const config = loaded.ok ? loaded.config : null;
    const store = createHealStore(deps.db, lease.holder);
    // A second request while a first is under way is the same work.
    const request = payload.request ?? (payload.by === 'plane' ? 'plane' : `${payload.by}:${job.id ?? ''}`);
    const suites = run.failed.map(({ name, timed_out, failures }) => ({
      suite: name,
      fingerprint: failureFingerprint(name, failures),
      skip: config === null ? 'the configuration is invalid' : skipReason(config, { name, timed_out }),
    }));
    const asked = { request: run.openRequest ?? request, by: payload.by };
    const heals = await store.open(payload.run_id, asked, suites, nothingToHeal(run));
    const current = [...heals];
    const publish = () => publishProgress(deps, job, run, current);
    await publish();

    for (const [index, heal] of heals.entries()) {
      let at = heal;
      while (at.finished_at === null) {
        const pass = {
          store,
          lease,
          // The agent may have broken it: what is under way ends all the same, and nothing new begins.
          config: config ?? SelftestConfig.parse({}),
          signal: AbortSignal.any([signal, lease.lost]),
          flaky: (suite: string) =>
            run.flaky.filter((entry) => entry.suite === suite).map(({ test }) => test),
        };
        try {
          at = await advanceHeal({ ...deps, log }, pass, at);
        } catch (error) {
          if (error instanceof JobDeferred) {
            current[index] = await store.read(at.id);
            await publish();
          }
          throw error;
        }
        current[index] = at;
        await publish();
      }
    }
    // What a worker has left that was killed between the verdict's end and its own.
    for (const { id } of current) await removeHealDir(healDir(join(deps.dataDir, 'heal'), id));
    return resultOf(payload.run_id, current, nothingToHeal(run));
  } finally {
    await lease.release();
  }
}

function nothingToHeal(run: HealableRun): string {
  return run.status === 'passed' || run.status === 'healed'
    ? `the run has ${run.status}: there is nothing to heal`
    : 'no suite failed in this run: there is nothing to heal';
}

async function publishProgress(
  deps: HealDeps,
  job: Job,
  run: HealableRun,
  heals: readonly Heal[],
): Promise<void> {
  const board = createProgressBoard((progress) => {
    // Nobody waits for it: a Redis that is away must not hold up a heal.
    job.updateProgress(redactValue({ ...progress })).catch(() => undefined);
  });
  const open = heals.find(({ finished_at }) => finished_at === null);
  const words = healText(heals).split('\n').slice(1).join('; ').slice(0, 500);
  if (open === undefined) {
    board.done('self_heal', words);
    board.done('verify_fixes', stateOf(heals));
    board.done('report', stateOf(heals));
  } else if (open.step === 'verify' || open.step === 'report') {
    board.done('self_heal', 'the coding agent has finished');
    board.running('verify_fixes', words);
  } else board.running('self_heal', words);
  await notifyOperators(deps, run, heals);
}

function stateOf(heals: readonly Heal[]): HealState {
  const states = heals.map(({ state }) => state);
  if (states.includes('not_healed')) return 'not_healed';
  return states.includes('healed') ? 'healed' : 'skipped';
}

function resultOf(runId: string, heals: readonly Heal[], nothing: string): Result<Name> {
  const suites = heals.map(({ suite, state, reason }) => ({ suite, state, reason: reason ?? '' }));
  return {
    run_id: runId,
    state: stateOf(heals),
    reason:
      suites.length === 0 ? nothing : suites.map(({ suite, reason }) => `${suite}: ${reason}`).join('; '),
    suites,
  };
}
