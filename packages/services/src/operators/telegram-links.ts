import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { typedCodeHash } from './one-time-code.ts';

const Outcome = z.object({
  result: z.enum(['linked', 'wrong', 'too_many', 'not_private', 'taken', 'duplicate']),
  name: z.string().optional(),
});
/** What became of a `/link` command, in the words of the SQL function. */
export type LinkOutcome = z.output<typeof Outcome>;

export type TelegramLinks = ReturnType<typeof createTelegramLinks>;

/** Which operator a Telegram id is, as the bot needs it. */
export function createTelegramLinks(db: Db) {
  return {
    /** False when the id is linked to an operator who is disabled or deleted. */
    mayAct: (telegramId: number): Promise<boolean> =>
      db.call((client) => client.rpc('telegram_may_act', { p_telegram_id: telegramId })),
    /** Uses up a code; each update counts once. */
    async link(command: {
      telegramId: number;
      code: string;
      isPrivate: boolean;
      updateId: number;
    }): Promise<LinkOutcome> {
      const outcome: unknown = await db.call((client) =>
        client.rpc('link_telegram', {
          p_telegram_id: command.telegramId,
          p_code_hash: typedCodeHash(command.code),
          p_private: command.isPrivate,
          p_update_id: command.updateId,
        }),
      );
      return Outcome.parse(outcome);
    },
  };
}
