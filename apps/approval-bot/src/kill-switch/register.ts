import type { Db } from '@actp/db/client';
import { cleanText } from '@actp/shared/audit/clean-text';
import { z } from 'zod';

const Active = z.object({
  id: z.uuid(),
  scope: z.string(),
  reason: z.string(),
  since: z.string(),
  set_by: z.string(),
});
/** What is stopped, as the database has it. */
export type ActiveSwitch = z.output<typeof Active>;

const Answer = z.object({
  result: z.enum(['set', 'known', 'too_many', 'lifted', 'not_found', 'dismissed', 'duplicate', 'refused']),
  refusal: z.string().optional(),
  scope: z.string().nullish(),
  notification_id: z.uuid().optional(),
});
/** What became of a pressed button, in the words of the SQL functions. */
export type SwitchAnswer = z.output<typeof Answer>;

export type SwitchRegister = ReturnType<typeof createSwitchRegister>;

/** The kill switch in the database, as far as people use it in Telegram. */
export function createSwitchRegister(db: Db) {
  return {
    /** Newest first. */
    async active(): Promise<ActiveSwitch[]> {
      return z.array(Active).parse(await db.call((client) => client.rpc('active_kill_switches')));
    },
    /** Keeps what a person is about to be shown; gives the id for its button. */
    prepare: (command: {
      kind: 'stop' | 'lift';
      scope: string;
      switchId?: string;
      reason?: string | undefined;
      actor: string;
      chatId: string;
    }): Promise<string> =>
      db.call((client) =>
        client.rpc('prepare_kill_switch', {
          p_kind: command.kind,
          p_scope: command.scope,
          // The generated types do not know that these may be null.
          p_switch_id: (command.switchId ?? null) as string,
          p_reason: (command.reason === undefined ? null : cleanText(command.reason, 500)) as string,
          p_actor: command.actor,
          p_chat_id: command.chatId,
        }),
      ),
    async press(press: {
      id: string;
      confirmed: boolean;
      actor: string;
      chatId: string | undefined;
      updateId: number;
      refusal: string | undefined;
    }): Promise<SwitchAnswer> {
      const answer = await db.call((client) =>
        client.rpc('press_kill_switch', {
          p_id: press.id,
          p_confirmed: press.confirmed,
          p_actor: press.actor,
          p_chat_id: (press.chatId ?? null) as string,
          p_update_id: press.updateId,
          p_refusal: (press.refusal ?? null) as string,
          p_context: { request_id: `telegram-${press.updateId}` },
        }),
      );
      return Answer.parse(answer);
    },
  };
}
