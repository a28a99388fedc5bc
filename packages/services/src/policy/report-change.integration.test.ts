import { hostname } from 'node:os';
import { beforeEach, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { createPolicyReporter } from './report-change.ts';

const { env, sql } = await openStores();
const hints: unknown[] = [];
const report = createPolicyReporter({
  db: createDb(env, 'gateway', 20_000),
  log: createLogger({ app: 'test', level: 'silent' }),
  producer: {
    add: async (...job: unknown[]) => {
      hints.push(job);
    },
  } as unknown as Parameters<typeof createPolicyReporter>[0]['producer'], // of all jobs, only this one
  app: 'gateway',
});
const told = async () =>
  (
    await sql.query<{ id: string; body: string }>(
      'select id, dedupe_key, kind, body from actp_notifications order by created_at',
    )
  ).rows;
const audited = async () =>
  (
    await sql.query(
      `select agent_id, action_type, status, result, error, user_agent, source, completed_at is not null as ended
       from actp_agent_audit_log where action_type = 'policy.reload' order by id desc limit 1`,
    )
  ).rows[0];
const common = {
  ...{ agent_id: 'gateway', action_type: 'policy.reload', source: 'plane', ended: true },
  user_agent: `actp-worker/gateway (${hostname()})`,
};

beforeEach(async () => {
  hints.length = 0;
  await sql.query('truncate actp_notifications cascade');
});

it('a policy that is in force is an event of each process', async () => {
  await report({ kind: 'loaded', version: 'v-2', previous: 'v-1' });
  expect(await audited()).toEqual({
    ...{ ...common, status: 'ok', error: null },
    result: { policy_version: 'v-2', previous: 'v-1' },
  });
  await report({ kind: 'loaded', version: 'v-1', first: true });
  expect(await audited()).toMatchObject({ result: { policy_version: 'v-1', previous: null } });
  expect([await told(), hints]).toEqual([[], []]);
});

it('a policy that is not valid is told to the operators once, however many processes see it', async () => {
  const refused = {
    kind: 'refused',
    ...{ version: 'v-1', problem: 'has no gates', first: true, key: 'of-this-file' },
  } as const;
  await report(refused);
  await report(refused);
  await report({ ...refused, first: false, key: 'seen before' });
  const [message, ...more] = await told();
  expect(more).toEqual([]);
  expect(message).toMatchObject({
    ...{ dedupe_key: 'policy:of-this-file', kind: 'policy.refused' },
    body: 'The changed policy file is not valid, and version v-1 stays in force. POLICY_FILE has no gates',
  });
  expect(hints[0]).toMatchObject(['send-notification', { notification_id: message?.id }, {}]);
  expect(await audited()).toEqual({
    ...{ ...common, status: 'error', error: 'has no gates' },
    result: { policy_version: 'v-1', previous: null },
  });
});

it('a message fits into one of Telegram, whatever is wrong with the policy', async () => {
  const problem = 'x'.repeat(9_000);
  await report({ kind: 'refused', version: 'v-1', problem, first: true, key: 'long' });
  const [message] = await told();
  expect(message?.body.length).toBe(3_000);
});
