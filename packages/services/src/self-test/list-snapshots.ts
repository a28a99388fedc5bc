import type { Db } from '@actp/db/client';

/** The results of the last self-tests, newest first. */
export const listSnapshots = (db: Db, limit: number) =>
  db.call((client) =>
    client
      .from('actp_agent_health_snapshots')
      .select('*')
      .order('created_at', { ascending: false })
      .limit(limit),
  );
