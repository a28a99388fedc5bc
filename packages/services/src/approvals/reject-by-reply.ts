import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { cleanText } from '@actp/shared/audit/clean-text';
import { ApprovalHead } from './approval-head.ts';
import type { PressOutcome } from './press-store.ts';
import { Traced, recordDecisionTime } from './trace.ts';

/** As the API takes it. */
export const maxDecisionReason = 2_000;

const Outcome = z.object({ result: z.string(), approval: ApprovalHead.optional(), ...Traced.shape });

export type ReplyStore = ReturnType<typeof createReplyStore>;

/** Replies to cards, each update once, in the transaction of its effect. */
export function createReplyStore(db: Db) {
  return {
    /** The approval that a message shows. */
    find: async (chatId: string, messageId: number): Promise<string | undefined> => {
      const id: string | null = await db.call((client) =>
        client.rpc('approval_of_card', { p_chat_id: chatId, p_message_id: messageId }),
      );
      return id ?? undefined;
    },
    /** Rejects with a reason, or gives the reason to a rejection by the same person. The words are those of the SQL functions. */
    async reject(reply: {
      id: string;
      reason: string;
      actionDigest: string;
      actor: string;
      updateId: number;
      chatId: string;
      messageId: number;
    }): Promise<PressOutcome> {
      const { updateId, chatId, messageId } = reply;
      const outcome = await db.call((client) =>
        client.rpc('reject_by_reply', {
          p_id: reply.id,
          p_reason: cleanText(reply.reason.toWellFormed().replaceAll('\0', ''), maxDecisionReason),
          p_action_digest: reply.actionDigest,
          p_actor: reply.actor,
          p_telegram: { update_id: updateId, chat_id: chatId, message_id: messageId },
          p_context: { request_id: `telegram-${updateId}` },
        }),
      );
      const rejected = Outcome.parse(outcome);
      recordDecisionTime(rejected);
      return rejected;
    },
  };
}
