import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import type { JobRun } from '@actp/shared/jobs/worker';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { createDb } from '../client.ts';
import { createJobRecorder } from './record-job-run.ts';
import { rowsLeftBy } from './rows.fixture.ts';

const stores = await openStores();
const logged: string[] = [];
const log = createLogger({
  app: 'test',
  level: 'info',
  destination: { write: (line) => void logged.push(line) },
});
const run = (over: Partial<JobRun> = {}): JobRun => ({
  queue: 'heal',
  name: 'heal-run',
  jobId: randomUUID(),
  attempt: 1,
  outcome: 'completed',
  startedAt: new Date(),
  ...over,
});

it('[SEC-020] a run of a job is one row, also when it is recorded twice, without secrets', async () => {
  const own = 'own secret of this test';
  useOwnSecrets([own]);
  const record = createJobRecorder({ db: createDb(stores.env, 'auditor', 20_000), log, app: 'auditor' });
  const twice = run({ outcome: 'failed', error: `no luck with ${own}` });
  const rows = await rowsLeftBy(stores.sql, async () => {
    await record(twice);
    await record(twice);
    await record(run({ jobId: twice.jobId, attempt: 2 }));
  });
  expect(
    rows.map(({ action_type, status, agent_id, source }) => [action_type, status, agent_id, source]),
  ).toEqual([
    ['job.heal-run', 'error', 'auditor', 'plane'],
    ['job.heal-run', 'ok', 'auditor', 'plane'],
  ]);
  const { rows: errors } = await stores.sql.query<{ error: string | null }>(
    `select error from actp_agent_audit_log where action_type = 'job.heal-run' order by id`,
  );
  expect(errors[0]?.error).toMatch(/^no luck with \[redacted/);
  expect(errors[1]?.error).toBeNull();
  expect(logged).toEqual([]);
});

it('a database that is away costs a warning', async () => {
  const away = createDb({ ...stores.env, SUPABASE_URL: 'http://127.0.0.1:1' }, 'auditor');
  await createJobRecorder({ db: away, log, app: 'auditor' })(run());
  expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'warn', job: 'heal-run', msg: 'job run not recorded' },
  ]);
});
