import type { Db } from '@actp/db/client';

/** What the database knows of the last run of each schedule. */
export const lastScheduleRuns = (db: Db) => db.call((client) => client.rpc('last_schedule_runs'));
