import type { Db } from '@actp/db/client';

/** Ends the runs whose worker is gone, each with an `error` snapshot. @returns how many */
export const reapRuns = (db: Db): Promise<number> => db.call((client) => client.rpc('reap_selftest_runs'));
