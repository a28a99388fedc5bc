import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { ApprovalHead } from '../card/card-facts.ts';

const Answer = z.object({ result: z.string(), approval: ApprovalHead.optional() });
/** What became of a press, in the words of the SQL functions. */
export type PressAnswer = z.output<typeof Answer>;

export type PressRegister = ReturnType<typeof createPressRegister>;

interface RecordedPress {
  id: string;
  actor: string;
  updateId: number;
}

/** Presses as the database takes them: each update once, in the transaction of its effect. */
export function createPressRegister(db: Db) {
  const contextOf = (updateId: number) => ({ request_id: `telegram-${updateId}` });
  return {
    async press(
      press: RecordedPress & {
        decision: 'approved' | 'rejected';
        confirmed: boolean;
        actionDigest: string;
        chatId: string;
        messageId: number;
      },
    ): Promise<PressAnswer> {
      const { updateId, chatId, messageId } = press;
      const answer = await db.call((client) =>
        client.rpc('press_approval', {
          p_id: press.id,
          p_decision: press.decision,
          p_confirmed: press.confirmed,
          p_action_digest: press.actionDigest,
          p_actor: press.actor,
          p_telegram: { update_id: updateId, chat_id: chatId, message_id: messageId },
          p_context: contextOf(updateId),
        }),
      );
      return Answer.parse(answer);
    },
    async takeBack({ id, actor, updateId }: RecordedPress): Promise<PressAnswer> {
      const answer = await db.call((client) =>
        client.rpc('take_back_press', {
          p_id: id,
          p_actor: actor,
          p_update_id: updateId,
          p_context: contextOf(updateId),
        }),
      );
      return Answer.parse(answer);
    },
    /** Leaves a trace of a press that could not count. */
    refused: (updateId: number, actor: string, facts: Record<string, string | number>) =>
      db.call((client) =>
        client.rpc('record_refused_press', { p_update_id: updateId, p_actor: actor, p_facts: facts }),
      ),
  };
}
