import { z } from 'zod';
import { checkpointDigest, lastCheckpoint, type Checkpoint } from '@actp/db/audit/checkpoint';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { listAuditEvents } from '@actp/db/audit/list-events';
import type { AuditSummary } from '@actp/db/audit/summary';
import { verifyAuditLog, type Verification } from '@actp/db/audit/verify-log';
import type { Db } from '@actp/db/client';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { summarizeAudit } from './summarize.ts';
import type { Position } from '../position.ts';

export interface AuditFilter {
  /** Any of these. */
  agent_ids?: readonly string[] | undefined;
  /** A user: beside what these did, what happened to the tasks of this one. */
  task_owner?: string | undefined;
  /** Of all that, only this one's. */
  agent_id?: string | undefined;
  action_type?: string | undefined;
  status?: string | undefined;
  source?: string | undefined;
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
  source: z.enum(['plane', 'http', 'direct']).nullable(),
});
export type LoggedEvent = z.infer<typeof LoggedEvent>;

export interface AuditLog {
  /** A page, newest first. */
  page(filter: AuditFilter, before: Position | undefined, limit: number): Promise<LoggedEvent[]>;
  summary(since: string, until: string): Promise<AuditSummary>;
  /**
   * An operator has looked at what verification found, and goes on: checkpoints are signed again, reports keep naming the damage.
   *
   * @param request.damage what the verification gave
   * @throws AppError `forbidden`; `conflict` when nothing is damaged, or something else than what was looked at
   */
  acknowledge(
    request: { damage: string; reason: string },
    context: RequestContext,
  ): Promise<AcknowledgedDamage>;
  /** Checks all of it. Who asks meanwhile gets the same answer. */
  verify(): Promise<Verification>;
}

const AcknowledgedDamage = z.object({ id: z.int(), acknowledged_at: z.string() });
export type AcknowledgedDamage = z.infer<typeof AcknowledgedDamage>;

const maxProblems = 1_000;
const maxReason = 500;

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
    async acknowledge({ damage, reason }, context) {
      assertActor(context.actor, ['operator']);
      const { problems, damage: found } = await this.verify();
      const open = problems.filter(({ acknowledged }) => acknowledged === null);
      if (found === null) throw new AppError('conflict', 'nothing is damaged that was not acknowledged');
      if (found !== damage) {
        throw new AppError('conflict', 'the damage has changed; verify the log again, and look at it');
      }
      if (open.length > maxProblems) {
        throw new AppError('conflict', `more than ${maxProblems} places are damaged; restore a backup`);
      }
      const [stored, outside] = await Promise.all([lastCheckpoint(db), file.read()]);
      const answer = await db.call((client) =>
        client.rpc('acknowledge_audit_damage', {
          p_damage: open.map((problem) => ({ ...problem })),
          p_stored: placeOf(stored),
          p_outside: placeOf(outside.last),
          p_reason: cleanText(reason, maxReason),
          p_actor: actorName(context.actor),
          p_context: auditContext(context),
        }),
      );
      return AcknowledgedDamage.parse(answer);
    },
    verify() {
      verifying ??= (async () => {
        await assertThere();
        const outside = await file.read();
        return verifyAuditLog({
          db: slowQueryDb,
          publicKey: outside.publicKey,
          accepted: await file.acceptedKeys(),
          outside: outside.last,
        });
      })().finally(() => {
        verifying = undefined;
      });
      return verifying;
    },
  };
}

const placeOf = (checkpoint: Checkpoint | undefined) =>
  checkpoint === undefined ? null : { n: checkpoint.n, digest: checkpointDigest(checkpoint) };
