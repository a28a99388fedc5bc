import process from 'node:process';
import { createDb, dbShape } from '@actp/db/client';
import { cronTable } from '@actp/shared/cron-table';
import { createProducer } from '@actp/shared/jobs/producer';
import { configOrExit, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { repeat } from '@actp/shared/repeat';
import { findMissedRuns } from './missed-runs.ts';
import { schedulerShape } from './settings.ts';
import { syncSchedulers } from './sync-schedulers.ts';

// A flushed Redis has its schedulers back, and a missed run is noticed, within these.
const syncEveryMs = 15_000;
const watchEveryMs = 60_000;

const env = configOrExit({ ...schedulerShape, ...redisShape, ...dbShape }, process.env);
const log = createLogger({ app: 'scheduler', level: env.LOG_LEVEL });

await runApp(log, async () => {
  const db = createDb(env);
  const producer = createProducer({ redis: env, log });
  const tz = env.SCHEDULE_TZ;
  const stopSync = repeat(log, syncEveryMs, () => syncSchedulers({ db, producer, table: cronTable, tz }));
  const stopWatch = repeat(log, watchEveryMs, async () => {
    const missed = await findMissedRuns({ db, table: cronTable, tz, now: Date.now });
    for (const notification_id of missed) {
      log.warn({ notification_id }, 'a scheduled run was missed');
      await producer.add(
        'send-notification',
        { notification_id },
        { jobId: `notification-${notification_id}` },
      );
    }
    const reaped = await db.call((client) => client.rpc('reap_selftest_runs'));
    if (reaped > 0) log.warn({ reaped }, 'self-test runs were abandoned');
  });

  return {
    async stop() {
      await Promise.all([stopSync(), stopWatch()]);
      await producer.close();
    },
  };
});
