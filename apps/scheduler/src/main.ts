import process from 'node:process';
import { createDb, dbShape } from '@actp/db/client';
import { databaseClock } from '@actp/db/database-clock';
import { hintNotification } from '@actp/services/notifications/hint';
import { reapRuns } from '@actp/services/self-test/reap-runs';
import { cronTable } from '@actp/shared/cron-table';
import { createProducer } from '@actp/shared/jobs/producer';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { housekeepingShape, startHousekeeping } from './housekeeping/start-housekeeping.ts';
import { catchUpRuns } from './catch-up.ts';
import { findMissedRuns } from './missed-runs.ts';
import { schedulerShape } from './settings.ts';
import { syncSchedulers } from './sync-schedulers.ts';

// A flushed Redis has its schedulers back, and a missed run is noticed, within these.
const syncEveryMs = 15_000;
const watchEveryMs = 60_000;

const env = configOrExit(
  { ...schedulerShape, ...housekeepingShape, ...processShape, ...redisShape, ...dbShape },
  process.env,
);
const log = createLogger({ app: 'scheduler', level: env.LOG_LEVEL });

await runApp(
  log,
  async () => {
    const db = createDb(env, 'scheduler');
    const producer = createProducer({ redis: env, log });
    const stopHousekeeping = await startHousekeeping({ env, db, producer, log });
    const tz = env.SCHEDULE_TZ;
    // This process' own clock may be wrong.
    const now = () => databaseClock(db);
    const deps = { db, producer, table: cronTable, tz, now };
    const stopSync = repeat(log, syncEveryMs, async () => {
      await syncSchedulers(deps);
      for (const { schedule, dueAt } of await catchUpRuns(deps)) {
        log.warn({ schedule, due_at: dueAt.toISOString() }, 'tick not taken up, catching up');
      }
    });
    const stopWatch = repeat(log, watchEveryMs, async () => {
      const missed = await findMissedRuns(deps);
      for (const notification_id of missed) {
        log.warn({ notification_id }, 'scheduled run missed');
        await hintNotification({ producer, log }, notification_id);
      }
      const reaped = await reapRuns(db);
      if (reaped > 0) log.warn({ reaped }, 'abandoned self-test runs ended');
    });

    return {
      async stop() {
        await Promise.all([stopSync(), stopWatch(), stopHousekeeping()]);
        await producer.close();
      },
    };
  },
  env,
);
