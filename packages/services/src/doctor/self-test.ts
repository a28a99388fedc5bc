import { ageOf } from './age.ts';
import type { DatabaseFacts } from './facts.ts';
import { fail, off, ok, warn, type Finding } from './finding.ts';

const name = 'self-test';
const shown = 3;
// One night that was missed is noticed the next morning.
const oldMs = 36 * 3_600_000;
const again =
  'POST /v1/jobs/selftest, or /selftest in Telegram; scheduler.log in ACTP_DATA_DIR/logs says why none ran';

/** When the last self-test was, and what failed in it. */
export function lookAtSelfTest({ self_test: last, self_test_runs: runs, now }: DatabaseFacts): Finding {
  if (last !== null) return findingOf(last, Date.parse(now), runs);
  return runs
    ? ok(name, 'the first one is running')
    : off(name, 'none yet', 'It runs at each start of the plane');
}

function findingOf(last: NonNullable<DatabaseFacts['self_test']>, now: number, runs: boolean): Finding {
  const age = `${ageOf(last.created_at, now)} ago${runs ? '; another one is running' : ''}`;
  const counts = `${last.tests_passed} of ${last.tests_total} tests, ${last.services_up} of ${last.services_total} services`;
  if (last.status === 'failed') {
    return fail(
      name,
      `failed ${age} (${counts}): ${whatFailed(last)}`,
      'GET /v1/health/snapshots has the messages; docs/self-test.md',
    );
  }
  if (last.status === 'error') {
    return fail(
      name,
      `could not be run ${age}${partsOf(last)}`,
      'See selftest-runner.log in ACTP_DATA_DIR/logs',
    );
  }
  if (now - Date.parse(last.created_at) > oldMs) return warn(name, `the last one is ${age}`, again);
  return ok(name, `${last.status} ${age} (${counts})`);
}

function whatFailed(last: NonNullable<DatabaseFacts['self_test']>): string {
  const down = last.services.filter(({ up }) => !up).map((service) => `service ${service.name}`);
  const tests = last.failures.map(({ suite, test }) => `${suite}: ${test}`);
  const all = [...down, ...tests];
  const more = all.length > shown ? ` and ${all.length - shown} more` : '';
  return all.length === 0 ? 'see the snapshot' : `${all.slice(0, shown).join('; ')}${more}`;
}

const partsOf = (last: NonNullable<DatabaseFacts['self_test']>) =>
  last.failures.length === 0 ? '' : `: ${whatFailed(last)}`;
