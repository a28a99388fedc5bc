import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { createDb } from './client.ts';

const stores = await openStores();
const db = createDb(stores.env, 'runner');

beforeEach(() => stores.sql.query('truncate actp_agent_health_snapshots, actp_notifications'));

/** A run that ends so; `stopped` is one of which people are not told. What they were told, if anything. */
async function run(end: 'passed' | 'failed' | 'stopped'): Promise<string | undefined> {
  const run_id = randomUUID();
  const texts = { problem: 'it fails', recovery: 'it passes again', note: null };
  await db.call((client) =>
    client.rpc('record_snapshot', {
      p_snapshot: { run_id, trigger: 'http', status: end === 'stopped' ? 'error' : end },
      p_alert: end === 'stopped' ? {} : texts,
    }),
  );
  const { rows } = await stores.sql.query<{ kind: string }>(
    'select kind from actp_notifications where dedupe_key = $1',
    [`selftest:${run_id}`],
  );
  return rows[0]?.kind;
}

async function told(...ends: Array<Parameters<typeof run>[0]>): Promise<Array<string | undefined>> {
  const kinds: Array<string | undefined> = [];
  for (const end of ends) kinds.push(await run(end));
  return kinds;
}

const [problem, recovery, nothing] = ['selftest.problem', 'selftest.recovery', undefined];

describe('what people are told about self-tests', () => {
  it('is no recovery when nobody was told of a failure: the run before was stopped on purpose', async () => {
    expect(await told('passed', 'stopped', 'passed')).toEqual([nothing, nothing, nothing]);
    expect(await told('stopped', 'stopped', 'passed')).toEqual([nothing, nothing, nothing]);
  });

  it('is one recovery after a failure that was told, also when a run was stopped in between', async () => {
    expect(await told('failed', 'stopped', 'passed', 'passed')).toEqual([
      problem,
      nothing,
      recovery,
      nothing,
    ]);
    expect(await told('stopped', 'passed')).toEqual([nothing, nothing]);
  });

  it('is every failure, and again a recovery after it', async () => {
    expect(await told('failed', 'failed', 'passed', 'failed', 'passed')).toEqual([
      problem,
      problem,
      recovery,
      problem,
      recovery,
    ]);
  });
});

describe('the snapshot of a self-test', () => {
  it('says 0, and names nothing, where the run says nothing', async () => {
    const run_id = randomUUID();
    const record = (p_snapshot: object) =>
      db.call((client) =>
        client.rpc('record_snapshot', { p_snapshot: { run_id, ...p_snapshot } as never, p_alert: {} }),
      );
    expect(await record({ trigger: 'http', status: 'error' })).toMatchObject({ recorded: true });
    const { rows } = await stores.sql.query(
      `select tests_total, tests_passed, tests_failed, services_up, services_total, duration_ms, services, suites, failures,
         flaky, heal, extract(epoch from clock_timestamp() - created_at) < 3600 as now
       from actp_agent_health_snapshots where run_id = $1`,
      [run_id],
    );
    const counts = { tests_total: 0, tests_passed: 0, tests_failed: 0, services_up: 0, services_total: 0 };
    const lists = { services: [], suites: [], failures: [], flaky: [] };
    expect(rows).toEqual([{ ...counts, ...lists, duration_ms: 0, heal: null, now: true }]);
    // The second word about a run is not heard.
    expect(await record({ trigger: 'http', status: 'passed' })).toMatchObject({ recorded: false });
    const again = await stores.sql.query('select status from actp_agent_health_snapshots');
    expect(again.rows).toEqual([{ status: 'error' }]);
  });
});
