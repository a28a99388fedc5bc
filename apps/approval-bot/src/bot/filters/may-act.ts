import type { Context } from 'grammy';
import type { TelegramLinks } from '@actp/services/operators/telegram-links';
import type { Logger } from '@actp/shared/log';

/**
 * Whether a message comes from somebody who may give commands and, where the id is linked to an operator, from one who is not disabled.
 * Asked once for each update. While the database does not answer the list alone counts: what a command changes there is refused there.
 *
 * @param may whether the sender is on the list, and in a chat for commands
 */
export function createMayAct(deps: {
  may: (ctx: Context) => boolean;
  links: Pick<TelegramLinks, 'mayAct'>;
  log: Logger;
}): (ctx: Context) => Promise<boolean> {
  const asked = new WeakMap<object, Promise<boolean>>();

  async function ask(ctx: Context): Promise<boolean> {
    const userId = ctx.msg?.from?.id;
    if (userId === undefined || !deps.may(ctx)) return false;
    try {
      return await deps.links.mayAct(userId);
    } catch (error) {
      deps.log.warn({ user_id: userId, err: error }, 'whether an operator is disabled is not known');
      return true;
    }
  }

  return (ctx) => {
    const answer = asked.get(ctx.update) ?? ask(ctx);
    asked.set(ctx.update, answer);
    return answer;
  };
}
