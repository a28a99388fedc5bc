import { beforeEach } from 'vitest';
import type pg from 'pg';

/** Rows as they stand in a plane after some time; empty before each test. Times are minutes ago, by the database's clock. */
export function planeRows(sql: pg.Pool) {
  let counted = 0;

  /** As the owner, whom no trigger and no reference stops. */
  async function owner(text: string, ...values: unknown[]): Promise<void> {
    const client = await sql.connect();
    try {
      await client.query('set session_replication_role = replica');
      await client.query(text, values);
    } finally {
      await client.query('reset session_replication_role');
      client.release();
    }
  }

  beforeEach(() =>
    owner(`
      truncate actp_approval_queue, actp_notifications, actp_audit.checkpoints, actp_agent_audit_log, actp_tasks,
        actp_task_effects, actp_kill_switches, actp_agent_health_snapshots, actp_selftest_runs, actp_leases,
        actp_telegram_links, actp_telegram_refusals, actp_audit.acknowledgements cascade;
      update actp_audit.plane set anchor_problem = null, anchor_problem_at = null`),
  );

  return {
    owner,
    approval: (status: string, createdAgo: number, expiresAgo: number) =>
      owner(
        `insert into actp_approval_queue (action, requested_by, status, created_at, expires_at)
         values ('ads.deploy', 'agent', $1, ${before(createdAgo)}, ${before(expiresAgo)})`,
        status,
      ),
    message: (kind: string, state: string, ago: number, error: string | null = null) =>
      owner(
        `insert into actp_notifications (dedupe_key, kind, body, state, last_error, created_at)
         values ($1, $2, 'text', $3, $4, ${before(ago)})`,
        `key-${(counted += 1)}`,
        kind,
        state,
        error,
      ),
    checkpoint: (n: number, ago: number) =>
      owner(`insert into actp_audit.checkpoints values ($1, '{}', '', ${before(ago)})`, n),
    async auditRow(ago: number) {
      await sql.query(`select actp_audit.make_partition(((${before(ago)}) at time zone 'utc')::date)`);
      await owner(
        `insert into actp_agent_audit_log
           (agent_id, action_type, status, source, created_at, chain_lane, chain_seq, prev_hash, hash)
         values ('a', 'b', 'ok', 'plane', ${before(ago)}, 0, $1, '', '')`,
        (counted += 1),
      );
    },
    task: (status: string, endedAgo?: number) =>
      owner(
        `insert into actp_tasks (user_id, prompt, status, max_spend_minor, ended_at)
         values (gen_random_uuid(), 'post it', $1, 0, ${endedAgo === undefined ? 'null' : before(endedAgo)})`,
        status,
      ),
    effect: (state: string) =>
      owner(
        `insert into actp_task_effects
           (task_id, place, kind, action, key, payload, state, approval_id, grant_id, key_kept_seconds, settled_at)
         values (gen_random_uuid(), 0, 'email', 'email.send', gen_random_uuid()::text, '{}', $1, gen_random_uuid(),
           gen_random_uuid(), 0, case when $1 in ('done', 'not_done') then now() end)`,
        state,
      ),
    stop: (scope: string, lifted = false) =>
      owner(
        `insert into actp_kill_switches (scope, reason, set_by, lifted_by, lifted_at)
         values ($1, 'because', 'ada', $2, case when $2::text is null then null else now() end)`,
        scope,
        lifted ? 'ada' : null,
      ),
    snapshot: (status: string, ago: number) =>
      owner(
        `insert into actp_agent_health_snapshots
           (run_id, trigger, status, tests_total, tests_passed, services_up, services_total, created_at)
         values (gen_random_uuid(), 'nightly', $1, 3, 2, 1, 2, ${before(ago)})`,
        status,
      ),
    selfTestRun: (leaseEndedAgo: number, finished: boolean) =>
      owner(
        `insert into actp_selftest_runs (run_id, trigger, holder, lease_until, finished_at)
         values (gen_random_uuid(), 'nightly', 'runner', ${before(leaseEndedAgo)}, case when $1 then now() end)`,
        finished,
      ),
    lease: (name: string, endedAgo: number) =>
      owner(
        `insert into actp_leases values ($1, 'bot', ${before(endedAgo)})
         on conflict (name) do update set expires_at = excluded.expires_at`,
        name,
      ),
    link: (telegramId: number, unlinked = false) =>
      owner(
        'insert into actp_telegram_links (telegram_id, unlinked_at) values ($1, case when $2 then now() end)',
        telegramId,
        unlinked,
      ),
    anchorProblem: (problem: string) =>
      owner('update actp_audit.plane set anchor_problem = $1, anchor_problem_at = now()', problem),
  };
}

/** A time of SQL, so many minutes ago; of minus one, in a minute. */
const before = (minutes: number) => `clock_timestamp() - make_interval(mins => ${minutes})`;
