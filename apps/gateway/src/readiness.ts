import { z } from 'zod';
import { DbError, type Db } from '@actp/db/client';
import { readHold } from '@actp/services/anchor/anchor-store';
import { readReadiness } from '@actp/services/readiness/read';
import { listTelegramRefusals } from '@actp/services/telegram/list-refusals';
import { AppError, PlaneHeldError } from '@actp/shared/errors';
import { sendCanary } from '@actp/shared/jobs/canary';
import { queueNames } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';

interface ReadinessReport {
  status: 'ready' | 'not ready';
  /** `ok`, `off` (not configured), what is wrong, or `degraded: ...`, which does not keep the plane from being ready. */
  checks: Record<string, string>;
}

export interface Readiness {
  report(): Promise<ReadinessReport>;
}

export interface ReadinessDeps {
  db: Db;
  producer: Producer;
  telegramConfigured: boolean;
  /** Whether the first operator can log in: until then nobody can decide. */
  operatorExists(): boolean;
}

// The answer has to be out within 2 s, whatever hangs.
const canaryWithinMs = 1_400;
// Many probes share one check: the route is open to anyone, and a check costs a job per queue.
const shareForMs = 1_000;

/** Checks every part, in parallel and within 2 s. */
export function createReadiness(deps: ReadinessDeps): Readiness {
  let last: { at: number; report: Promise<ReadinessReport> } | undefined;
  return {
    report() {
      if (!last || performance.now() - last.at > shareForMs) {
        last = { at: performance.now(), report: check(deps) };
      }
      return last.report;
    },
  };
}

async function check({
  db,
  producer,
  telegramConfigured,
  operatorExists,
}: ReadinessDeps): Promise<ReadinessReport> {
  const database = readReadiness(db);
  const [redis, supabase, workers, telegram, anchor] = await Promise.all([
    statusOf(producer.probe()),
    statusOf(database.then(() => assertOperator(operatorExists))),
    statusOf(assertConsumed(producer)),
    telegramConfigured ? statusOf(assertTelegram(db, database)) : 'off',
    anchorStatus(db, database),
  ]);
  const checks = { redis, supabase, workers, telegram, anchor };
  const ready = Object.values(checks).every(isGoodEnough);
  return { status: ready ? 'ready' : 'not ready', checks };
}

const isGoodEnough = (check: string): boolean =>
  check === 'ok' || check === 'off' || check.startsWith('degraded: ');

async function assertConsumed(producer: Producer): Promise<void> {
  const answers = await Promise.allSettled(queueNames.map((q) => sendCanary(producer, q, canaryWithinMs)));
  const silent = queueNames.filter((_, index) => answers[index]?.status === 'rejected');
  if (silent.length > 0) throw new AppError('unavailable', `no worker answers on: ${silent.join(', ')}`);
}

// The account is made, or its password compared, right after the database answers for the first time.
function assertOperator(exists: () => boolean): void {
  if (!exists())
    throw new AppError('unavailable', 'the account of the first operator is not there yet; the log says why');
}

async function assertNotHeld(db: Db): Promise<void> {
  const hold = await readHold(db);
  if (hold !== null) throw new PlaneHeldError(hold.reason, { passing: hold.code === 'unconfirmed' });
}

// The path stands in the log and in the alert; this is for everybody.
async function anchorStatus(db: Db, database: Promise<unknown>): Promise<string> {
  const [status, answer] = await Promise.all([statusOf(assertNotHeld(db)), database.catch(() => undefined)]);
  const unwritten = Anchored.safeParse(answer).data?.anchor_unwritten === true;
  return status === 'ok' && unwritten
    ? 'degraded: the anchor cannot be written, so that an older copy of the database would not be noticed'
    : status;
}

const Anchored = z.object({ anchor_unwritten: z.boolean() });

const Known = z.object({ telegram_polling: z.boolean(), telegram_refuses: z.boolean() });

// As the bot names them in the database.
const refusedThings: Readonly<Record<string, string>> = {
  token: 'messages: TELEGRAM_BOT_TOKEN or TELEGRAM_API_ROOT is wrong',
  buttons: 'messages with buttons',
  edit: 'messages to be changed',
};

async function assertTelegram(db: Db, database: Promise<unknown>): Promise<void> {
  const [answer, refusals] = await Promise.all([database, listTelegramRefusals(db)]);
  const { telegram_polling, telegram_refuses } = Known.parse(answer);
  const refusal = refusals.find(({ what }) => what === 'token') ?? refusals[0];
  const problems = [
    ...(refusal ? [`Telegram refuses ${refusedThings[refusal.what] ?? 'messages'} (${refusal.reason})`] : []),
    ...(!refusal && telegram_refuses
      ? ['Telegram refuses messages to the chat for alerts; the log says why']
      : []),
    ...(telegram_polling ? [] : ['Telegram is not being polled']),
  ];
  if (problems.length > 0) throw new AppError('unavailable', problems.join('; '));
}

// Anyone may read this. Our own messages name the part and nothing else; those of others can hold an address or a key.
async function statusOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof DbError) return 'the database rejects the query';
    return error instanceof AppError ? error.message : 'fails';
  }
}
