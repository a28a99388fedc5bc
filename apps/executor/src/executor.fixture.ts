import { randomUUID } from 'node:crypto';
import { createDb } from '@actp/db/client';
import { createTask } from '@actp/services/tasks/create';
import { readTask } from '@actp/services/tasks/read';
import type { TaskWithSteps } from '@actp/services/tasks/task-schema';
import { createProducer } from '@actp/shared/jobs/producer';
import { parseConfig } from '@actp/shared/config';
import type { RunningApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { isOver } from '@actp/shared/tasks/state';
import { eventually } from '@actp/testing/eventually';
import { startResend } from '@actp/testing/resend/server';
import { openStores } from '@actp/testing/stores';
import { afterAll, afterEach } from 'vitest';
import { partsOfTest, type OutsideOfTest } from './agents.fixture.ts';
import { startExecutor, type ExecutorParts, type ExecutorTimings } from './executor.ts';
import { executorShape } from './settings.ts';

const log = createLogger({ app: 'test', level: 'silent' });
const quick: ExecutorTimings = { holdSeconds: 5, sweepMs: 100, retryMs: 50 };

/** One test file: its stores, users, an operator, a mail service outside, and executors that end with the test. */
export async function openExecutor() {
  const stores = await openStores();
  const { sql } = stores;
  const db = createDb(stores.env, 'gateway', 20_000);
  const producer = createProducer({ redis: stores.env, log });
  const resend = await startResend();
  const running = new Set<RunningApp>();
  await sql.query(
    `insert into actp_users (email, password_hash, role) values ('op@example.com', 'of a test', 'operator')`,
  );

  afterEach(async () => {
    await Promise.all([...running].map((executor) => executor.stop()));
    running.clear();
    resend.faults.clear();
    await stores.redis.flushdb();
  });
  afterAll(async () => {
    await producer.close();
    await resend.stop();
  });

  const read = (id: string) => readTask(db, id, 'all');

  return {
    stores,
    sql,
    db,
    executorDb: createDb(stores.env, 'executor', 20_000),
    resend,
    read,
    async start(
      given: {
        env?: Partial<Record<keyof typeof executorShape, string>>;
        outside?: Partial<OutsideOfTest>;
        parts?: ExecutorParts;
        timings?: Partial<ExecutorTimings>;
      } = {},
    ): Promise<RunningApp> {
      const env = parseConfig(executorShape, {
        ...stores.env,
        REDIS_CLUSTER_NODES: '',
        REDIS_SENTINELS: '',
        POLICY_FILE: 'config/policy.yaml',
        ...given.env,
      });
      const executor = await startExecutor(
        env,
        log,
        () => given.parts ?? partsOfTest({ resendUrl: resend.url, ...given.outside }),
        { ...quick, ...given.timings },
      );
      running.add(executor);
      return {
        async stop() {
          running.delete(executor);
          await executor.stop();
        },
      };
    },
    /** A user with a live session. */
    async user(email = `user-${randomUUID()}@example.com`) {
      const { rows } = await sql.query<{ id: string; session: string }>(
        `with u as (insert into actp_users (email, password_hash) values ($1, 'of a test') returning id, role),
           s as (insert into actp_sessions (user_id, kind, role, expires_at, ip, user_agent)
             select id, 'api', role, now() + interval '1 hour', '127.0.0.1', 'test' from u returning id)
         select u.id, s.id as session from u, s`,
        [email],
      );
      const [row] = rows;
      if (!row) throw new Error('no user');
      return { ...row, email };
    },
    /** A task as the gateway stores it. `hint: false`: no job is made, as when Redis was away. */
    async ask(
      user: { id: string; email: string; session: string },
      prompt: string,
      { maxSpend, key, hint = true }: { maxSpend?: number; key?: string; hint?: boolean } = {},
    ): Promise<string> {
      const { id } = await createTask(
        {
          db,
          maxSpendPerTask: 1_000,
          announce: ({ id: task_id }) => {
            if (hint) void producer.add('run-task', { task_id }).catch(() => undefined);
          },
        },
        { prompt, maxSpend, idempotencyKey: key },
        {
          actor: { kind: 'user', ...user },
          ip: '192.0.2.7',
          userAgent: 'client of a test',
          requestId: 'request-1',
        },
      );
      return id;
    },
    ended: (id: string): Promise<TaskWithSteps> =>
      eventually(async () => {
        const task = await read(id);
        return isOver(task.status) && task;
      }),
    inStatus: (id: string, status: TaskWithSteps['status']): Promise<TaskWithSteps> =>
      eventually(async () => {
        const task = await read(id);
        return task.status === status && task;
      }),
    /** An operator decides over HTTP. */
    async decide(approvalId: string | null, decision: 'approved' | 'rejected') {
      const { rows } = await sql.query<{ decided: { result: string } }>(
        `select decide_approval(q.id, $2, q.action_digest, 'operator:op@example.com', 'seen', null, '{}') as decided
         from actp_approval_queue q where q.id = $1`,
        [approvalId, decision],
      );
      return rows[0]?.decided.result;
    },
    /** What the audit log has of a task. */
    async audited(id: string) {
      const { rows } = await sql.query<{
        action_type: string;
        status: string;
        agent_id: string;
        ip: string;
        user_agent: string;
      }>(
        `select action_type, status, agent_id, host(ip_address) as ip, user_agent from actp_agent_audit_log
         where task_id = $1 order by created_at, id`,
        [id],
      );
      return rows;
    },
    async spend(userId: string) {
      const { rows } = await sql.query<{ spend: { spent_minor: number; reserved_minor: number } }>(
        'select read_spend($1) as spend',
        [userId],
      );
      const { spent_minor: spent, reserved_minor: reserved } = rows[0]?.spend ?? {
        spent_minor: -1,
        reserved_minor: -1,
      };
      return { spent, reserved };
    },
  };
}
