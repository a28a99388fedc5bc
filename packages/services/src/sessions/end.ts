import type { Db } from '@actp/db/client';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor, noLongerActs } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { SessionCache } from './cache.ts';

export interface SessionDeps {
  db: Db;
  sessions: Pick<SessionCache, 'invalidate'>;
}

/**
 * A person ends their own session, an operator any.
 *
 * @throws AppError `forbidden`, `not_found`, `unauthenticated`
 */
export async function endSession(
  { db, sessions }: SessionDeps,
  id: string,
  reason: 'logout' | 'operator',
  context: RequestContext,
): Promise<void> {
  assertActor(context.actor, ['operator', 'user']);
  const result = await db.call((client) =>
    client.rpc('end_session', {
      p_id: id,
      p_reason: reason,
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  sessions.invalidate();
  // An operator is refused only when the account or the session has ended since the request was let through.
  if (result === 'forbidden' && context.actor.kind === 'operator')
    throw new AppError('unauthenticated', noLongerActs);
  if (result === 'forbidden') throw new AppError('forbidden', 'only operators end sessions of others');
  if (result !== 'ended') throw new AppError('not_found', 'no such session');
}
