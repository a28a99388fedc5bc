import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { registerApps } from '@actp/db/access/register-apps';
import { databaseAppKey } from '@actp/db/access/app-key';
import { migrate } from '@actp/db/migrate';
import { startStack } from '@actp/embedded/stack';
import { atEnd } from '@actp/testing/at-end';
import { startCoinGecko } from '@actp/testing/coingecko/server';
import { startResend } from '@actp/testing/resend/server';
import { startStripe } from '@actp/testing/stripe/server';

const root = resolve(import.meta.dirname, '../../../..');

/** Stores of their own, services outside, and executors that are started again whenever they die. */
export async function openKillPlane(options: { payments: 'ledger' | 'stripe'; executors: number }) {
  const secret = randomBytes(32).toString('base64url');
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-kills-'));
  atEnd(() => rm(dataDir, { recursive: true, force: true }));
  const stack = await startStack({
    dataDir,
    fast: true,
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

  const env = (app: 'executor' | 'gateway') => ({
    ...stack.env,
    SUPABASE_URL: stack.env.SUPABASE_URL ?? '',
    SUPABASE_SERVICE_ROLE_KEY: stack.env.SUPABASE_SERVICE_ROLE_KEY ?? '',
    DATABASE_APP_KEY: databaseAppKey(secret, app),
  });
  const executors = Array.from({ length: options.executors }, () =>
    keep(['apps/executor/src/kills/executor-process.fixture.ts'], {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      ...env('executor'),
      LOG_LEVEL: 'fatal',
      RESEND_API_KEY: 'key-of-a-test',
      RESEND_FROM: 'plane@example.com',
      RESEND_BASE_URL: resend.url,
      COINGECKO_BASE_URL: coingecko.baseUrl,
      PAYMENT_PROVIDER: options.payments,
      STRIPE_SECRET_KEY: 'key-of-a-test',
      STRIPE_BASE_URL: stripe.url,
      DAILY_BUDGET: '9000000',
    }),
  );
  const killStore = (name: 'redis' | 'postgres') => {
    const pid = stack.parts[name]?.pid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };
  return { env, sql, resend, coingecko, stripe, executors, killStore };
}
export type KillPlane = Awaited<ReturnType<typeof openKillPlane>>;

function keep(words: string[], env: Record<string, string>) {
  let child: ChildProcess;
  let over = false;
  const start = () => {
    child = spawn(process.execPath, words, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('exit', () => {
      if (!over) start();
    });
  };
  start();
  atEnd(async () => {
    over = true;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  return { kill: () => child.kill('SIGKILL') };
}
