import type { SelftestConfig } from '@actp/suites/config/selftest-config';
import type { SuiteResult } from '@actp/suites/suite/run-suite';

/** What a snapshot says about healing before it has begun. */
export interface HealPlan {
  state: 'queued' | 'skipped';
  reason: string;
  request: string;
  asked_by: 'plane';
  suites: Array<{ suite: string; state: 'queued' | 'skipped'; reason: string }>;
}

/** The request that a self-test makes by itself. */
const planeRequest = 'plane';

/** Why a failed suite is not handed to anybody; null when it may be. */
export function skipReason(
  config: SelftestConfig,
  result: { name: string; timed_out: boolean },
): string | null {
  const suite = config.suites.find(({ name }) => name === result.name);
  if (suite === undefined) return 'is no longer in the configuration';
  if (!suite.heal) return 'heal is not set for it';
  if (config.heal.mode === 'report') return 'heal.mode is report';
  return result.timed_out ? 'it timed out, so there is no test to heal' : null;
}

/** What becomes of the suites that failed; null when none did. */
export function healPlan(config: SelftestConfig, results: readonly SuiteResult[]): HealPlan | null {
  const failed = results.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return null;
  const suites = failed.map((result) => {
    const skip = skipReason(config, result);
    return {
      suite: result.name,
      state: skip === null ? ('queued' as const) : ('skipped' as const),
      reason: skip ?? 'waits for its turn',
    };
  });
  const queued = suites.filter(({ state }) => state === 'queued').map(({ suite }) => suite);
  return {
    state: queued.length > 0 ? 'queued' : 'skipped',
    reason:
      queued.length > 0
        ? `to be handed to the coding agent: ${queued.join(', ')}`
        : suites.map(({ suite, reason }) => `${suite}: ${reason}`).join('; '),
    request: planeRequest,
    asked_by: 'plane',
    suites,
  };
}
