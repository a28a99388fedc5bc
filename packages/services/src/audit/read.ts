import { z } from 'zod';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { listAuditEvents } from '@actp/db/audit/list-events';
import type { AuditSummary } from '@actp/db/audit/summary';
import { verifyAuditLog, type Verification } from '@actp/db/audit/verify-log';
import type { Db } from '@actp/db/client';
import { summarizeAudit } from './summarize.ts';
import type { Position } from '../position.ts';

export interface AuditFilter {
  /** Any of these. */
  agent_ids?: readonly string[] | undefined;
  action_type?: string | undefined;
  status?: string | undefined;
  ip?: string | undefined;
  /** From here on. */
  since?: string | undefined;
  /** Up to, and without, here. */
  until?: string | undefined;
}

/** An event as it is shown: the table's columns. */
export const LoggedEvent = z.object({
  id: z.int(),
  event_id: z.string(),
  agent_id: z.string(),
  action_type: z.string(),
  status: z.string(),
  result: z.unknown(),
  error: z.string().nullable(),
  started_at: z.string().nullable(),
  completed_at: z.string().nullable(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  task_id: z.string().nullable(),
  approval_id: z.string().nullable(),
  created_at: z.string(),
  chain_lane: z.int(),
  chain_seq: z.int(),
  prev_hash: z.string(),
  hash: z.string(),
});
export type LoggedEvent = z.infer<typeof LoggedEvent>;

export interface AuditLog {
  /** A page, newest first. */
  page(filter: AuditFilter, before: Position | undefined, limit: number): Promise<LoggedEvent[]>;
  summary(since: string, until: string): Promise<AuditSummary>;
  /** Checks all of it. Who asks meanwhile gets the same answer. */
  verify(): Promise<Verification>;
}

/** @param deps.slowQueryDb with time for checking many rows in one call */
export function createAuditLog(deps: { db: Db; slowQueryDb: Db; dataDir: string }): AuditLog {
  const { db, slowQueryDb } = deps;
  const file = checkpointFile(deps.dataDir);
  let verifying: Promise<Verification> | undefined;
  // Patience is for work, not for a database that is not there: that is known within two seconds.
  const assertThere = () => db.call((client) => client.rpc('plane_readiness'));

  return {
    async page(filter, before, limit) {
      const page = await listAuditEvents(db, {
        filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
        before: before && { at: before.at, id: Number(before.id) },
        limit,
      });
      return page as LoggedEvent[];
    },
    async summary(since, until) {
      await assertThere();
      return summarizeAudit(slowQueryDb, since, until);
    },
    verify() {
      verifying ??= (async () => {
        await assertThere();
        const outside = await file.read();
        return verifyAuditLog({ db: slowQueryDb, publicKey: outside.publicKey, outside: outside.last });
      })().finally(() => {
        verifying = undefined;
      });
      return verifying;
    },
  };
}
