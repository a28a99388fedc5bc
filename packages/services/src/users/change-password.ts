import { AppError } from '@actp/shared/errors';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { SessionDeps } from '../sessions/end.ts';
import { findUser } from './find.ts';
import { hashPassword, verifyPassword } from './password.ts';

/**
 * Replaces the caller's password. All sessions of the account end, that of the caller too.
 *
 * @param hours how long the new session lasts
 * @returns the id of a session in place of the caller's; undefined when the current password is wrong
 * @throws AppError `conflict` when the account has changed meanwhile
 */
export async function changePassword(
  { db, sessions }: SessionDeps,
  { current, replacement, hours }: { current: string; replacement: string; hours: number },
  context: RequestContext,
): Promise<string | undefined> {
  assertActor(context.actor, ['operator', 'user']);
  const { id, email } = context.actor;
  const user = await findUser(db, email);
  const stored = user?.password_hash ?? undefined;
  const fits = await verifyPassword(stored, current);
  if (!fits || stored === undefined || user?.id !== id) return undefined;
  const hash = await hashPassword(replacement);
  const session: string | null = await db.call((client) =>
    client.rpc('change_password', {
      p_user_id: id,
      p_stored_hash: stored,
      p_new_hash: hash,
      p_hours: hours,
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  sessions.invalidate();
  if (session === null) throw new AppError('conflict', 'the account or the session has changed meanwhile');
  return session;
}
