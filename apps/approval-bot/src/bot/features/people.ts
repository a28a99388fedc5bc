import { Composer, type Context } from 'grammy';
import { recordPerson } from '@actp/services/telegram/people';
import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';
import type { Access } from '../access.ts';

/** What approvers are called in Telegram is recorded before anything else they do, so that it stands where their id stands. Of others nothing is. */
export function peopleFeature({
  db,
  access,
  log,
}: {
  db: Db;
  access: Access;
  log: Logger;
}): Composer<Context> {
  const feature = new Composer();
  const known = new Map<number, string>();
  feature.use(async (ctx, next) => {
    const { from } = ctx;
    if (from && !from.is_bot && access.approverIds.has(from.id) && known.get(from.id) !== from.first_name) {
      try {
        await recordPerson(db, from.id, from.first_name);
        known.set(from.id, from.first_name);
      } catch (error) {
        log.debug({ user_id: from.id, err: error }, 'recording a name failed');
      }
    }
    await next();
  });
  return feature;
}
