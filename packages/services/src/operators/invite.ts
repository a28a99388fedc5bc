import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { copiedCodeHash, newCopiedCode } from './one-time-code.ts';
import { OperatorResult, type Operator } from './operator.ts';

const inviteHours = 72;

/**
 * An operator invites another, or gives who has not accepted yet another code.
 *
 * @returns the account, and the code with which its first password is set: it is stored nowhere
 * @throws AppError `forbidden`, `conflict` when there is such an account
 */
export async function inviteOperator(
  { db }: { db: Db },
  { email, name }: { email: string; name: string | undefined },
  context: RequestContext,
): Promise<{ operator: Operator; code: string }> {
  assertActor(context.actor, ['operator']);
  const code = newCopiedCode();
  const returned: unknown = await db.call((client) =>
    client.rpc('invite_operator', {
      p_email: email,
      p_name: nullable(name),
      p_code_hash: copiedCodeHash(code),
      p_hours: inviteHours,
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  const { operator } = OperatorResult.parse(returned);
  if (!operator) throw new AppError('conflict', 'there is an account of this address');
  return { operator, code };
}
