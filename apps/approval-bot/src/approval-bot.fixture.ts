import { randomUUID } from 'node:crypto';
import { createDb, type Db } from '@actp/db/client';
import { loadPolicy } from '@actp/policy/load-policy';
import { createChangePublisher } from '@actp/services/changes/channel';
import { approvalChannel } from '@actp/shared/approvals/channel';
import { sweepApprovals } from '@actp/services/approvals/sweep';
import { repeat } from '@actp/shared/repeat';
import { createProducer, type Producer } from '@actp/shared/jobs/producer';
import type { RunningApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { openStores, type Stores } from '@actp/testing/stores';
import { createTelegramServer, type TelegramServer } from '@actp/testing/telegram/server';
import { afterAll, afterEach, beforeEach } from 'vitest';
import { startApprovalBot, type Timings } from './approval-bot.ts';
import { paceLimits } from './telegram/pacer.ts';

export const token = '4242424242:token-of-the-approval-bot-tests-01';
export const sessionSecret = 'session-secret-of-the-approval-bot-tests';
export const approver = 42;
export const alertChat = -1001;

// Seconds instead of minutes; nothing here is what a test measures.
const quick: Timings = {
  poll: { pollSeconds: 20, leaseMs: 100, retryMs: 50, maxRetryMs: 200, conflictMs: 200 },
  notificationSender: { retryMs: 50, maxRetryMs: 200, refusedMs: 200 },
  cardSender: { retryMs: 50, maxRetryMs: 200, refusedMs: 200, busyMs: 20 },
  pace: {
    ...paceLimits,
    gapMs: 0,
    perMinute: 10_000,
    overall: 10_000,
    reserved: { reply: 0, urgent: 0, later: 0 },
  },
  quietRefusalSeconds: 600,
  sweepMs: 100,
  reconcileMs: 100,
  overdueSeconds: 0,
  pollerLeaseSeconds: 2,
};

type Env = Parameters<typeof startApprovalBot>[0];

const policyFile = 'config/policy.yaml';

/** What approvals get that other programs inserted. */
interface ImportSettings {
  APPROVAL_TTL_SECONDS: number;
  APPROVAL_GRANT_SECONDS: number;
}

interface LogLine {
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** One test file: its stores, a Telegram for each test, and bots that end with the test. */
export interface Bench {
  stores: Stores;
  db: Db;
  producer: Producer;
  readonly telegram: TelegramServer;
  /** What all bots of the test have logged. */
  log: LogLine[];
  /** The environment that the bots of this test get. */
  settings(): Env;
  start(env?: Partial<Env & ImportSettings>, timings?: Partial<Timings>): Promise<RunningApp>;
  /** Leaves a message for people in the database; gives its id. */
  leave(body: string): Promise<string>;
  /** Leaves a message and a job that makes it soon. */
  report(body: string): Promise<string>;
  rowOf(id: string): Promise<Notification>;
}

interface Notification {
  state: string;
  message_id: number | null;
  attempts: number;
  last_error: string | null;
}

/** @param greetedChats further chats in which the bot has introduced itself */
export async function openBench(greetedChats: readonly number[] = []): Promise<Bench> {
  const stores = await openStores();
  // Those who decide over HTTP in these tests.
  await stores.sql.query(
    `insert into actp_users (email, password_hash, role)
     values ('op@example.com', 'of a test', 'operator'), ('a@b.c', 'of a test', 'operator')`,
  );
  // The bot has introduced itself in these chats; how it does has tests of its own.
  await stores.sql.query('insert into actp_telegram_greetings (chat_id) select unnest($1::text[])', [
    [approver, alertChat, ...greetedChats].map(String),
  ]);
  // What a test does itself is not to fail because the machine is busy.
  const db = createDb(stores.env, 'gateway', 20_000);
  const schedulerDb = createDb(stores.env, 'scheduler', 20_000);
  const silent = createLogger({ app: 'test', level: 'silent' });
  const producer = createProducer({ redis: stores.env, log: silent });
  const log: LogLine[] = [];
  const running = new Set<RunningApp>();
  let telegram: TelegramServer | undefined;

  beforeEach(async () => {
    log.length = 0;
    telegram = await createTelegramServer({
      token,
      // Nothing is too late because the machine is slow.
      answerWithinMs: 240_000,
      // As the bot measures times, which no correction of the clock changes.
      clock: () => performance.timeOrigin + performance.now(),
      chats: [{ id: approver }, { id: alertChat, title: 'Alerts' }],
    });
  });
  afterEach(async () => {
    await Promise.all([...running].map((app) => app.stop()));
    running.clear();
    await telegram?.stop();
    await stores.sql.query(
      'truncate actp_notifications, actp_leases, actp_telegram_updates, actp_telegram_polling, actp_telegram_refusals, actp_telegram_moves, actp_approval_queue cascade',
    );
    await stores.redis.flushdb();
  });
  const changes = createChangePublisher(stores.env, approvalChannel);
  afterAll(() => {
    changes.close();
    return producer.close();
  });

  const there = () => {
    if (!telegram) throw new Error('Telegram is there within tests only');
    return telegram;
  };
  const bench: Bench = {
    stores,
    db,
    producer,
    log,
    get telegram() {
      return there();
    },
    settings: () => ({
      ...stores.env,
      TELEGRAM_BOT_TOKEN: token,
      TELEGRAM_CHAT_ID: String(alertChat),
      TELEGRAM_EXTRA_CHAT_IDS: [],
      TELEGRAM_APPROVER_IDS: [approver],
      TELEGRAM_API_ROOT: there().url,
      SESSION_SECRET: sessionSecret,
      SESSION_SECRET_PREVIOUS: undefined,
      SCHEDULE_TZ: 'UTC',
      POLICY_FILE: policyFile,
    }),
    async start({ APPROVAL_TTL_SECONDS = 14_400, APPROVAL_GRANT_SECONDS = 600, ...env } = {}, timings = {}) {
      const logger = createLogger({
        app: 'approval-bot',
        level: 'info',
        destination: { write: (line) => void log.push(JSON.parse(line) as LogLine) },
      });
      const app = await startApprovalBot({ ...bench.settings(), ...env }, logger, { ...quick, ...timings });
      const policy = await loadPolicy(policyFile);
      const importing = { ttlSeconds: APPROVAL_TTL_SECONDS, grantSeconds: APPROVAL_GRANT_SECONDS };
      // What the scheduler's housekeeping does beside it.
      const stopSweeping = repeat(silent, quick.sweepMs, async () => {
        const ids = await sweepApprovals({
          ...importing,
          db: schedulerDb,
          policy: () => policy,
          log: silent,
        });
        for (const id of ids) changes.publish(id);
      });
      const both: RunningApp = {
        async stop() {
          await Promise.all([app.stop(), stopSweeping()]);
        },
      };
      running.add(both);
      return both;
    },
    leave: (body) =>
      db.call((client) =>
        client.rpc('enqueue_notification', { p_dedupe_key: randomUUID(), p_kind: 'test', p_body: body }),
      ),
    async report(body) {
      const notification_id = await bench.leave(body);
      const jobId = `notification-${notification_id}`;
      await producer.add('send-notification', { notification_id }, { jobId });
      return notification_id;
    },
    async rowOf(id) {
      const {
        rows: [row],
      } = await stores.sql.query<Notification>(
        `select state, message_id::double precision as message_id, attempts, last_error
         from actp_notifications where id = $1`,
        [id],
      );
      if (!row) throw new Error(`there is no notification ${id}`);
      return row;
    },
  };
  return bench;
}
