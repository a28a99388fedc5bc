import { createDb } from '@actp/db/client';
import { readApproval } from '@actp/services/approvals/read';
import { actionDigest, payloadDigest } from '@actp/shared/approvals/digest';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { afterAll, afterEach } from 'vitest';
import { startHousekeeping, type HousekeepingDeps, type HousekeepingTimings } from './start-housekeeping.ts';

interface Requested {
  action: string;
  details: Record<string, unknown>;
  requested_by: string;
  ttl_seconds: number;
  callback_url: string | null;
}

const policy_version = 'policy-of-tests';
const context = { agent_id: 'agent-1', ip: '127.0.0.1', user_agent: 'test' };

/** One test file: its stores, what agents and operators do about approvals, and housekeeping that ends with the test. */
export async function openHousekeeping() {
  const stores = await openStores();
  const { sql } = stores;
  // Who decides over HTTP in these tests.
  await sql.query(
    `insert into actp_users (email, password_hash, role) values ('op@example.com', 'of a test', 'operator')`,
  );
  // What a test does itself is not to fail because the machine is busy.
  const db = createDb(stores.env, 'scheduler', 20_000);
  const gatewayDb = createDb(stores.env, 'gateway', 20_000);
  const log = createLogger({ app: 'test', level: 'silent' });
  const producer = createProducer({ redis: stores.env, log });
  const running = new Set<() => Promise<void>>();
  const digests = new Map<string, { action: string; payload: string }>();

  afterEach(async () => {
    await Promise.all([...running].map((stop) => stop()));
    running.clear();
    await sql.query('truncate actp_approval_queue cascade');
    await stores.redis.flushdb();
  });
  afterAll(() => producer.close());

  return {
    sql,
    producer,
    async start(env: Partial<HousekeepingDeps['env']> = {}, timings: Partial<HousekeepingTimings> = {}) {
      const stop = await startHousekeeping({
        env: {
          ...stores.env,
          POLICY_FILE: 'config/policy.yaml',
          APPROVAL_TTL_SECONDS: 14_400,
          APPROVAL_GRANT_SECONDS: 600,
          CALLBACK_ORIGINS: [],
          CALLBACK_SECRET: undefined,
          CALLBACK_SECRET_PREVIOUS: undefined,
          ...env,
        },
        db,
        producer,
        log,
        timings: { sweepMs: 100, countersMs: 100, ...timings },
      });
      running.add(stop);
    },
    /** An agent requests an approval, as the gateway would put it into the database; nothing is queued. */
    async request(over: Partial<Requested> = {}): Promise<string> {
      const request: Requested = {
        action: 'dm.bulk_send',
        details: { recipients: 25 },
        requested_by: 'agent-1',
        ttl_seconds: 3_600,
        callback_url: null,
        ...over,
      };
      const action = actionDigest({ ...request, policy_version });
      const payload = payloadDigest(request);
      const row = {
        ...request,
        reason: null,
        grant_seconds: 600,
        chat_id: null,
        critical: false,
        approvers: 1,
        policy_version,
        action_digest: action,
        payload_digest: payload,
      };
      const { rows } = await sql.query<{ requested: { approval: { id: string } } }>(
        'select request_approval($1, $2) as requested',
        [row, context],
      );
      const id = rows[0]?.requested.approval.id ?? '';
      digests.set(id, { action, payload });
      return id;
    },
    read: (id: string) => readApproval(gatewayDb, id),
    /** An operator decides over HTTP. */
    decide: (id: string, decision: 'approved' | 'rejected') =>
      sql.query(`select decide_approval($1, $2, $3, 'operator:op@example.com', null, null, $4)`, [
        id,
        decision,
        digests.get(id)?.action,
        context,
      ]),
    redeem: (id: string) =>
      sql.query('select redeem_approval($1, $2, $3)', [id, digests.get(id)?.payload, context]),
    report: (id: string, outcome: 'succeeded' | 'failed') =>
      sql.query('select record_outcome($1, $2, null, $3)', [id, outcome, context]),
    cancel: (id: string) => sql.query('select cancel_approval($1, $2)', [id, context]),
    /** What the clock would do: every time of this approval moves into the past. */
    elapse: (id: string, seconds: number) =>
      sql.query(
        `update actp_approval_queue set
           created_at = created_at - make_interval(secs => $2), expires_at = expires_at - make_interval(secs => $2)
         where id = $1`,
        [id, seconds],
      ),
    /** What happened to it, as the audit log has it. */
    async audit(id: string): Promise<string[]> {
      const { rows } = await sql.query<{ action_type: string }>(
        'select action_type from actp_agent_audit_log where approval_id = $1 order by id',
        [id],
      );
      return rows.map(({ action_type }) => action_type);
    },
  };
}
