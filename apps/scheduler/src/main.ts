import process from 'node:process';
import { createDb, dbShape } from '@actp/db/client';
import { databaseClock } from '@actp/db/database-clock';
import { cronTable } from '@actp/shared/cron-table';
import { createProducer } from '@actp/shared/jobs/producer';
import { configOrExit, processShape, runApp } from '@actp/shared/lifecycle';
import { createLogger } from '@actp/shared/log';
import { redisShape } from '@actp/shared/redis';
import { housekeepingShape, startHousekeeping } from './housekeeping/start-housekeeping.ts';
import { keepSchedules } from './keep-schedules.ts';
import { schedulerShape } from './settings.ts';

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
    // This process' own clock may be wrong.
    const now = () => databaseClock(db);
    const stopSchedules = keepSchedules({ db, producer, log, table: cronTable, tz: env.SCHEDULE_TZ, now });

    return {
      async stop() {
        await Promise.all([stopSchedules(), stopHousekeeping()]);
        await producer.close();
      },
    };
  },
  env,
);
