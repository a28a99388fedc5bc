import type { Db } from '@actp/db/client';
import { AppError } from '@actp/shared/errors';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import { newTypedCode, typedCodeHash } from './one-time-code.ts';

/** How long a code is good for. */
export const telegramCodeMinutes = 10;

const onlyOneself = 'everybody links only their own Telegram id';

/**
 * A code with which an operator links a Telegram id to their own account: `/link <code>`, sent to the bot in private.
 *
 * @throws AppError `forbidden` for another account, `rate_limited`
 */
export async function createTelegramCode(
  { db }: { db: Db },
  id: string,
  context: RequestContext,
): Promise<string> {
  assertActor(context.actor, ['operator']);
  const code = newTypedCode();
  const result = await db.call((client) =>
    client.rpc('make_telegram_code', {
      p_user_id: id,
      p_code_hash: typedCodeHash(code),
      p_minutes: telegramCodeMinutes,
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  if (result === 'forbidden') throw new AppError('forbidden', onlyOneself);
  if (result !== 'created') {
    throw new AppError('rate_limited', 'more than 10 codes in an hour', { retryAfter: 3_600 });
  }
  return code;
}

/**
 * Ends the link of the caller's own account to a Telegram id.
 *
 * @throws AppError `forbidden` for another account, `not_found`
 */
export async function unlinkTelegram({ db }: { db: Db }, id: string, context: RequestContext): Promise<void> {
  assertActor(context.actor, ['operator']);
  const result = await db.call((client) =>
    client.rpc('unlink_telegram', {
      p_user_id: id,
      p_actor: actorName(context.actor),
      p_context: auditContext(context),
    }),
  );
  if (result === 'forbidden') throw new AppError('forbidden', onlyOneself);
  if (result !== 'unlinked') throw new AppError('not_found', 'no Telegram id is linked to this account');
}
