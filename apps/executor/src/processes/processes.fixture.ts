import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { registerApps } from '@actp/db/access/register-apps';
import { databaseAppKey } from '@actp/db/access/app-key';
import { createDb } from '@actp/db/client';
import { createTask } from '@actp/services/tasks/create';
import { createLogger } from '@actp/shared/log';
import { repeat } from '@actp/shared/repeat';
import { markCompared } from '@actp/testing/compared';
import { eventually } from '@actp/testing/eventually';
import { keepRunning } from '@actp/testing/keep-running';
import { migrate } from '@actp/db/migrate';
import { startStack } from '@actp/embedded/stack';
import { atEnd } from '@actp/testing/at-end';
import { startCoinGecko } from '@actp/testing/coingecko/server';
import { startResend } from '@actp/testing/resend/server';
import { startStripe } from '@actp/testing/stripe/server';

const compareMs = 100;

/** Stores of their own, services outside, and executors that are started again whenever they die. */
export async function openProcesses(options: {
  payments: 'ledger' | 'stripe';
  executors: number;
  /** USD. */
  dailyBudget: number;
}) {
  const secret = randomBytes(32).toString('base64url');
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-executors-'));
  atEnd(() => rm(dataDir, { recursive: true, force: true }));
  const stack = await startStack({
    // Not `fast`: what was committed has to survive a Postgres that is killed.
    dataDir,
    prepareDatabase: async (databaseUrl) => {
      await migrate({ databaseUrl });
      await registerApps({ databaseUrl, secret });
    },
  });
  atEnd(() => stack.stop(true));
  const [resend, coingecko, stripe] = await Promise.all([startResend(), startCoinGecko(), startStripe()]);
  for (const service of [resend, coingecko, stripe]) atEnd(() => service.stop());
  const sql = new pg.Pool({ connectionString: stack.env.DATABASE_URL, max: 4 });
  sql.on('error', () => undefined); // Postgres was killed
  atEnd(() => sql.end());
  // In place of an auditor, also after each kill.
  await markCompared(sql);
  const stopComparing = repeat(createLogger({ app: 'test', level: 'silent' }), compareMs, async () => {
    await markCompared(sql);
  });
  atEnd(stopComparing);

  const env = (app: 'executor' | 'gateway') => ({
    ...stack.env,
    SUPABASE_URL: stack.env.SUPABASE_URL ?? '',
    SUPABASE_SERVICE_ROLE_KEY: stack.env.SUPABASE_SERVICE_ROLE_KEY ?? '',
    DATABASE_APP_KEY: databaseAppKey(secret, app),
  });
  const executors = Array.from({ length: options.executors }, () =>
    keepRunning(['apps/executor/src/processes/executor-process.fixture.ts'], {
      ...env('executor'),
      LOG_LEVEL: 'fatal',
      RESEND_API_KEY: 'key-of-a-test',
      RESEND_FROM: 'plane@example.com',
      RESEND_BASE_URL: resend.url,
      COINGECKO_BASE_URL: coingecko.baseUrl,
      PAYMENT_PROVIDER: options.payments,
      STRIPE_SECRET_KEY: 'key-of-a-test',
      STRIPE_BASE_URL: stripe.url,
      DAILY_BUDGET: String(options.dailyBudget),
    }),
  );
  const killStore = (name: 'redis' | 'postgres') => {
    const pid = stack.parts[name]?.pid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };
  return { env, sql, resend, coingecko, stripe, executors, killStore };
}
export type Processes = Awaited<ReturnType<typeof openProcesses>>;

/** An operator, and a user with a session that lives long enough. */
export async function people({ sql }: Processes) {
  await sql.query(
    `insert into actp_users (email, password_hash, role) values ('op@example.com', 'of a test', 'operator')`,
  );
  const { rows } = await sql.query<{ id: string; session: string }>(
    `with u as (insert into actp_users (email, password_hash) values ('user@example.com', 'of a test') returning id, role),
       s as (insert into actp_sessions (user_id, kind, role, expires_at)
         select id, 'api', role, now() + interval '11 hours' from u returning id)
     select u.id, s.id as session from u, s`,
  );
  const [user] = rows;
  if (!user) throw new Error('no user');
  return { ...user, email: 'user@example.com' };
}

/** The number that a query gives as n. */
export async function countRows({ sql }: Processes, query: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(query);
  return rows[0]?.n ?? 0;
}

/** Asks for tasks as this user, as the gateway stores them; no job is made of them. */
export function askedBy({ env }: Processes, user: { id: string; email: string; session: string }) {
  const db = createDb(env('gateway'), 'gateway', 20_000);
  return (prompt: string, idempotencyKey: string) =>
    createTask(
      { db, maxSpendPerTask: 1_000, announce: () => undefined },
      { prompt, maxSpend: undefined, idempotencyKey },
      { actor: { kind: 'user', ...user }, ip: '192.0.2.7', userAgent: 'test', requestId: 'r' },
    );
}

/** Until it works: whoever tries something out lives through outages, too. */
export const again = <T>(work: () => Promise<T>): Promise<T> =>
  eventually(async () => ({ value: await work() })).then(({ value }) => value);
