import type { Db } from '@actp/db/client';
import { redact } from '@actp/redaction/redact';
import { reasonsOf } from '@actp/screening/reasons';
import { screen } from '@actp/screening/screen';
import { digestOf } from '@actp/shared/approvals/digest';
import { AppError } from '@actp/shared/errors';
import { z } from 'zod';
import type { Json } from '@actp/db/database-types';
import { assertActor } from '../actor.ts';
import { storedKey } from '../idempotency-key.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { StoredTask, type Task } from './task-schema.ts';

export interface CreateTaskDeps {
  db: Db;
  /** USD. */
  maxSpendPerTask: number;
  /** Called after the task is stored, so that an executor learns of it soon; must not throw. */
  announce: (task: Task) => void;
}

export interface TaskRequest {
  /** What the person wants, in words. */
  prompt: string;
  /** USD; undefined is what a task may spend at most. */
  maxSpend: number | undefined;
  idempotencyKey: string | undefined;
}

// The score from which a text is worth a look, as the screening defines it.
const worthALook = 0.5;

const Created = z.object({ result: z.string(), task: StoredTask.optional() });

/**
 * A person asks for something in words. The prompt is screened, and kept without secrets: it goes to agents, cards and language models.
 *
 * @returns the task; the one of before for the same idempotency key
 * @throws AppError `forbidden`, `validation_failed` for a max_spend above what a task may spend, `idempotency_mismatch`
 */
export async function createTask(
  deps: CreateTaskDeps,
  { prompt, maxSpend, idempotencyKey }: TaskRequest,
  context: RequestContext,
): Promise<Task> {
  assertActor(context.actor, ['user']);
  const screening = screen(prompt, { source: 'user' });
  const findings = screening.score < worthALook ? [] : reasonsOf(screening);
  const { result, task } = Created.parse(
    await deps.db.call((client) =>
      client.rpc('create_task', {
        p_request: {
          user_id: context.actor.id,
          prompt: redact(prompt),
          max_spend_minor: maxSpend === undefined ? null : toCents(maxSpend, deps.maxSpendPerTask),
          most_minor: toCents(deps.maxSpendPerTask, deps.maxSpendPerTask),
          idempotency_key: idempotencyKey === undefined ? null : storedKey(idempotencyKey),
          request_digest: digestOf({ prompt, max_spend: maxSpend ?? null }),
          findings: findings as unknown as Json,
        },
        p_context: auditContext(context),
      }),
    ),
  );
  switch (result) {
    case 'above_most':
      throw new AppError('validation_failed', 'the task may not spend so much', {
        fields: [
          {
            field: 'max_spend',
            message: `must not be above MAX_SPEND_PER_TASK (${deps.maxSpendPerTask} USD)`,
          },
        ],
      });
    case 'idempotency_mismatch':
      throw new AppError('idempotency_mismatch', 'Idempotency-Key reused with a different body', {
        fields: [{ field: 'Idempotency-Key', message: 'was used with another body' }],
      });
    case 'not_user':
      throw new AppError('forbidden', 'the account is disabled, or the session has ended');
  }
  if (!task) throw new AppError('internal', 'the database returned no task');
  if (result === 'created') deps.announce(task);
  return task;
}

/** Whole cents that are allowed: a part of one is not. What is above the limit stays above it. */
function toCents(usd: number, most: number): number {
  const whole = (amount: number) => Math.min(Math.floor(Number((amount * 100).toFixed(6))), 2 ** 53 - 1);
  return usd > most ? Math.max(whole(usd), whole(most) + 1) : whole(usd);
}
