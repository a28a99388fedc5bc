import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor, type Actor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { hashPassword } from './password.ts';

export interface RegisterDeps {
  db: Db;
  /** OPERATOR_EMAIL: taken, also before its account was made. */
  operatorEmail: string;
}

/** Where a registration comes from; `actor`: the operator who makes the account, or nobody. */
export type RegistrationContext = Omit<RequestContext, 'actor'> & { actor: Actor | undefined };

const Registered = z.object({
  result: z.enum(['registered', 'exists', 'free']),
  user: z.object({ id: z.uuid(), email: z.string() }).optional(),
});

/**
 * Makes the account of a user: a person registers, or an operator does it for them. The role is always `user`.
 *
 * @param hashing waits for the right to hash a password, which takes much of the processor, and gives it back
 * @throws AppError `conflict` when there is an account of this address, of whatever kind and in whatever state
 */
export async function registerUser(
  { db, operatorEmail }: RegisterDeps,
  { email, password }: { email: string; password: string },
  context: RegistrationContext,
  hashing: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
): Promise<{ id: string; email: string }> {
  const { actor, ip, userAgent, requestId } = context;
  if (actor !== undefined) assertActor(actor, ['operator']);
  const call = async (hash: string | undefined) =>
    Registered.parse(
      await db.call((client) =>
        client.rpc('register_user', {
          p_email: email,
          p_password_hash: nullable(hash),
          p_operator_email: operatorEmail,
          p_actor: nullable(actor && actorName(actor)),
          p_context:
            actor === undefined
              ? { ip, user_agent: userAgent, request_id: requestId }
              : auditContext({ actor, ip, userAgent, requestId }),
        }),
      ),
    );
  const { user } = await hashing(async () => {
    const looked = await call(undefined);
    return looked.result === 'free' ? call(await hashPassword(password)) : looked;
  });
  if (user === undefined) throw new AppError('conflict', 'there is an account of this address');
  return user;
}
