import type { Db } from '@actp/db/client';

interface FoundRun {
  run_id: string;
  status: string;
}

/** The newest self-test run that failed; undefined when none has. */
export async function newestFailedRun(db: Db): Promise<FoundRun | undefined> {
  const [row] = await db.call((client) =>
    client
      .from('actp_agent_health_snapshots')
      .select('run_id, status')
      .eq('status', 'failed')
      .order('created_at', { ascending: false })
      .limit(1),
  );
  return row;
}

/** Undefined when there is no self-test run of that id. */
export async function findRun(db: Db, runId: string): Promise<FoundRun | undefined> {
  const [row] = await db.call((client) =>
    client.from('actp_agent_health_snapshots').select('run_id, status').eq('run_id', runId).limit(1),
  );
  return row;
}
