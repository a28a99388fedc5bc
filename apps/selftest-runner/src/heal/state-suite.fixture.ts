import { randomUUID } from 'node:crypto';
import { eventually } from '@actp/testing/eventually';
import type { HealBench } from './heal.fixture.ts';

/** A suite of one line, so that what is tried is the way to ACD and back, and not a language. */
export function stateSuite(bench: HealBench) {
  const script = 'grep -q good state.txt';
  const suite = (more: object = {}) => ({
    name: 'state',
    cwd: bench.checkout,
    command: ['sh', '-c', script],
    rerun: ['sh', '-c', script, '{tests}'],
    heal: true,
    ...more,
  });

  async function arrange(config: object = {}, more: object = {}): Promise<void> {
    await bench.write('state.txt', 'bad\n');
    await bench.git('init', '-q', '-b', 'main');
    await bench.git('add', '.');
    await bench.git('commit', '-q', '-m', 'begin');
    await bench.configure({ suites: [suite(more)], ...config });
    bench.work(() => bench.write('state.txt', 'good\n'));
  }

  const stops = () => bench.acd.calls('/api/harness/stop').length;
  const starts = () => bench.acd.harness.runs.length;
  const stepIs = (step: string) =>
    eventually(async () => {
      const { rows } = await bench.stores.sql.query<{ step: string }>('select step from actp_heals');
      return rows.some((row) => row.step === step);
    });
  const audited = async () => {
    const { rows } = await bench.stores.sql.query<{ action_type: string }>(
      `select action_type from actp_agent_audit_log where action_type like 'heal.%' order by id desc limit 4`,
    );
    return rows.map(({ action_type }) => action_type).toReversed();
  };

  /** A failed run of the suite, as a self-test leaves it; gives the run's id. */
  async function failedRun(message: string, name = 'state'): Promise<string> {
    const run_id = randomUUID();
    const snapshot = {
      run_id,
      trigger: 'http',
      status: 'failed',
      tests_total: 1,
      tests_failed: 1,
      suites: [{ name, status: 'failed', timed_out: false }],
      failures: [{ suite: name, test: name, message, details: '' }],
    };
    await bench.stores.sql.query('select record_snapshot($1, $2)', [
      snapshot,
      { problem: 'Self-test failed' },
    ]);
    return run_id;
  }

  /** Has a run healed and waits for the end. */
  async function heal(run_id: string, by: 'plane' | 'http' = 'plane') {
    const job = await bench.producer.add('heal-run', { run_id, by });
    return eventually(async () => {
      const found = await bench.producer.use('heal', (queue) => queue.getJob(job.id ?? ''));
      const result = found?.returnvalue as { state: string; reason: string } | null | undefined;
      if (found?.failedReason) return { state: 'failed', reason: found.failedReason };
      return result ?? false;
    });
  }

  return { suite, arrange, stops, starts, stepIs, audited, failedRun, heal };
}
