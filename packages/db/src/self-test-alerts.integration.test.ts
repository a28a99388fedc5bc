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
