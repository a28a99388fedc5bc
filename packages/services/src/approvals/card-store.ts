import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { ApprovalHead } from './approval-head.ts';
import { Traced } from './trace.ts';

const Stored = z.object({
  approval: ApprovalHead,
  details: z.string(),
  /** JSON in the order in which the details were sent; null when nobody knows it. */
  details_order: z.string().nullable(),
  /** What was reported with a failure; null otherwise. */
  outcome_result: z.unknown(),
  /** Where the card is, or the chat that was requested for it. */
  chat_id: z.string().nullable(),
  message_id: z.number().nullable(),
  reminders: z.number().nullable(),
  now: z.string(),
  ...Traced.shape,
});
/** An approval and its card as the database has them. */
export type StoredApproval = z.output<typeof Stored>;

const CardWork = z.array(
  z.object({ id: z.uuid(), kind: z.enum(['edit', 'deliver', 'remind']), chat_id: z.string() }),
);
export type CardWork = z.output<typeof CardWork>[number];

export type ApprovalCardStore = ReturnType<typeof createApprovalCardStore>;

/** The messages that show approvals to people: what is due about them, and what was sent. */
export function createApprovalCardStore(db: Db) {
  return {
    /** Undefined when there is no such approval. */
    async read(id: string): Promise<StoredApproval | undefined> {
      const stored: unknown = await db.call((client) => client.rpc('read_approval_card', { p_id: id }));
      return stored === null ? undefined : Stored.parse(stored);
    },
    /**
     * What is due, most urgent first, but for chats, kinds of work in a chat (`kind:chat`) and approvals that cannot be
     * served just now.
     */
    async due(query: {
      chatId: string | undefined;
      withoutChats: string[];
      withoutIds: string[];
      limit: number;
    }): Promise<CardWork[]> {
      const due = await db.call((client) =>
        client.rpc('due_approval_work', {
          p_default_chat_id: nullable(query.chatId),
          p_without_chats: query.withoutChats,
          p_without_ids: query.withoutIds,
          p_limit: query.limit,
        }),
      );
      return CardWork.parse(due);
    },
    recordCard: (id: string, card: { chatId: string; messageId: number; version: number }) =>
      db.call((client) =>
        client.rpc('record_approval_card', {
          p_id: id,
          p_chat_id: card.chatId,
          p_message_id: card.messageId,
          p_version: card.version,
        }),
      ),
    recordShown: (id: string, version: number) =>
      db.call((client) => client.rpc('record_card_shown', { p_id: id, p_version: version })),
    forgetCard: (id: string, messageId: number) =>
      db.call((client) => client.rpc('forget_approval_card', { p_id: id, p_message_id: messageId })),
    /** Forgets the cards of pending approvals that are in no chat of these; returns their number. */
    forgetCardsInOtherChats: (chatIds: string[]) =>
      db.call((client) => client.rpc('forget_cards_elsewhere', { p_chat_ids: chatIds })),
    claimReminder: (id: string, sentSoFar: number) =>
      db.call((client) => client.rpc('claim_reminder', { p_id: id, p_sent_so_far: sentSoFar })),
  };
}

/** Whether a person can still decide. */
export function isPending({ approval }: StoredApproval): boolean {
  return approval.status === 'pending';
}

/** Whether a card makes sense now: what has expired is not shown as something to decide. */
export function isAskable(stored: StoredApproval): boolean {
  return isPending(stored) && Date.parse(stored.approval.expires_at) > Date.parse(stored.now);
}
