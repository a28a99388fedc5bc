import { nullable } from '@actp/db/nullable';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { SessionDeps } from '../sessions/end.ts';
import { OperatorResult, type Operator } from './operator.ts';

/**
 * Renames, disables or enables an operator. Whoever is disabled has no session any more, and does not decide in Telegram either.
 *
 * @throws AppError `forbidden`, `not_found`, `conflict` for the last enabled operator
 */
export async function changeOperator(
  { db, sessions }: SessionDeps,
  id: string,
  { name, disabled }: { name: string | undefined; disabled: boolean | undefined },
  context: RequestContext,
): Promise<Operator> {
  assertActor(context.actor, ['operator']);
  const returned: unknown = await db.call((client) =>
    client.rpc('change_operator', {
      p_id: id,
      p_name: nullable(name),
      p_disabled: nullable(disabled),
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  sessions.invalidate();
  const { result, operator } = OperatorResult.parse(returned);
  if (result === 'last_operator') {
    throw new AppError('conflict', 'the last enabled operator cannot be disabled');
  }
  if (!operator) throw new AppError('not_found', 'no such operator');
  return operator;
}
