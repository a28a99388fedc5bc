import type { Db } from '@actp/db/client';
import { cleanText } from '@actp/shared/audit/clean-text';
import { AppError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { z } from 'zod';
import type { RequestContext } from '../approvals/service.ts';

const Time = z.string().transform((text) => new Date(text).toISOString());

/** A switch that is set, as the database gives it. */
export const ActiveSwitch = z.object({
  scope: z.string(),
  reason: z.string(),
  since: Time,
  set_by: z.string(),
});
export type ActiveSwitch = z.output<typeof ActiveSwitch>;

// As the table has it; redaction can make a text longer.
const maxReason = 500;

const Answer = z.object({
  result: z.enum(['set', 'known', 'too_many', 'lifted', 'not_found']),
  switch: ActiveSwitch.optional(),
  notification_id: z.uuid().optional(),
});

export interface KillSwitches {
  /** `alreadySet`: it was, and stays so for the reason that was given then. */
  set(
    scope: string,
    reason: string,
    actor: string,
    context: RequestContext,
  ): Promise<{ active: ActiveSwitch; alreadySet: boolean }>;
  /** @throws AppError `not_found` */
  lift(
    scope: string,
    reason: string | undefined,
    actor: string,
    context: RequestContext,
  ): Promise<ActiveSwitch>;
  /** Newest first. */
  active(): Promise<ActiveSwitch[]>;
}

/** The kill switch as operators use it: each call one SQL function, which changes, audits and tells in one transaction. */
export function createKillSwitches(deps: {
  db: Db;
  producer: Pick<Producer, 'add'>;
  log: Logger;
  /** Told after every change, so that this process need not find out by itself. */
  changed: () => void;
}): KillSwitches {
  const { db, producer, log, changed } = deps;

  function read(answer: unknown) {
    const { result, switch: active, notification_id } = Answer.parse(answer);
    changed();
    // The row is what counts: without Redis the bot finds it by itself.
    if (notification_id !== undefined) {
      producer
        .add('send-notification', { notification_id }, { jobId: `notification-${notification_id}` })
        .catch((error: unknown) => log.warn({ err: error }, 'the bot will find the message by itself'));
    }
    return { result, active };
  }

  return {
    async set(scope, reason, actor, context) {
      const { result, active } = read(
        await db.call((client) =>
          client.rpc('set_kill_switch', {
            p_scope: scope,
            p_reason: cleanText(reason, maxReason),
            p_actor: actor,
            p_context: { ...context },
          }),
        ),
      );
      if (result === 'too_many') {
        throw new AppError('conflict', 'too many scopes are stopped already; stop all, or lift some');
      }
      if (!active) throw new AppError('internal', 'the database answered without the switch');
      return { active, alreadySet: result === 'known' };
    },
    async lift(scope, reason, actor, context) {
      const { active } = read(
        await db.call((client) =>
          client.rpc('lift_kill_switch', {
            p_scope: scope,
            // The generated types do not know that these may be null.
            p_id: null as unknown as string,
            p_reason: (reason === undefined ? null : cleanText(reason, maxReason)) as string,
            p_actor: actor,
            p_context: { ...context },
          }),
        ),
      );
      if (!active) throw new AppError('not_found', 'this scope is not stopped');
      return active;
    },
    async active() {
      return z.array(ActiveSwitch).parse(await db.call((client) => client.rpc('active_kill_switches')));
    },
  };
}
