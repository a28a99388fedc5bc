import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { ApprovalHead } from './card/card-facts.ts';

const Stored = z.object({
  approval: ApprovalHead,
  details: z.string(),
  /** Where the card is, or where it was asked to be. */
  chat_id: z.string().nullable(),
  message_id: z.number().nullable(),
  reminders: z.number().nullable(),
  now: z.string(),
});
/** An approval and its card as the database has them. */
export type StoredApproval = z.output<typeof Stored>;

const Work = z.array(
  z.object({ id: z.uuid(), kind: z.enum(['edit', 'deliver', 'remind']), chat_id: z.string() }),
);
export type Work = z.output<typeof Work>[number];

const Unadopted = z.array(
  z.object({ id: z.uuid(), action: z.string(), requested_by: z.string(), details: z.string() }),
);
export type UnadoptedApproval = z.output<typeof Unadopted>[number];

const Waiting = z.object({
  now: z.string(),
  waiting: z.int(),
  approvals: z.array(
    z.object({ id: z.uuid(), action: z.string(), requested_by: z.string(), expires_at: z.string() }),
  ),
});
export type WaitingApprovals = z.output<typeof Waiting>;

export interface Adoption {
  p_action_digest: string;
  p_payload_digest: string;
  p_policy_version: string;
  p_ttl_seconds: number;
  p_grant_seconds: number;
  p_critical: boolean;
  p_approvers: number;
}

export type Register = ReturnType<typeof createRegister>;

// Many expire at once only after an outage; the next turn takes the rest.
const sweepLimit = 500;
// An agent that has reported nothing for a day is not going to.
const unknownAfterSeconds = 86_400;

/** Approvals in the database, as far as the bot shows them and keeps their time. */
export function createRegister(db: Db) {
  return {
    /** Undefined when there is no such approval. */
    async read(id: string): Promise<StoredApproval | undefined> {
      const answer: unknown = await db.call((client) => client.rpc('read_approval_card', { p_id: id }));
      return answer === null ? undefined : Stored.parse(answer);
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
    }) {
      const answer = await db.call((client) =>
        client.rpc('due_approval_work', {
          // The generated types do not know that it may be null.
          p_default_chat_id: (query.chatId ?? null) as string,
          p_without_chats: query.withoutChats,
          p_without_ids: query.withoutIds,
          p_limit: query.limit,
        }),
      );
      return Work.parse(answer);
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
    /** Of approvals that wait; gives their number. */
    forgetCardsElsewhere: (chatIds: string[]) =>
      db.call((client) => client.rpc('forget_cards_elsewhere', { p_chat_ids: chatIds })),
    /** What chats refused that the settings no longer name. */
    forgetRefusalsElsewhere: (chatIds: string[]) =>
      db.call((client) => client.rpc('forget_telegram_refusals_elsewhere', { p_chat_ids: chatIds })),
    forgetOldUpdates: () => db.call((client) => client.rpc('forget_telegram_updates')),
    claimReminder: (id: string, sentSoFar: number) =>
      db.call((client) => client.rpc('claim_reminder', { p_id: id, p_sent_so_far: sentSoFar })),
    /** Writes down what time has done; gives the ids that changed. */
    expire: (): Promise<string[]> =>
      db.call((client) =>
        client.rpc('expire_approvals', { p_limit: sweepLimit, p_unknown_after_seconds: unknownAfterSeconds }),
      ),
    async unadopted(limit: number): Promise<UnadoptedApproval[]> {
      return Unadopted.parse(
        await db.call((client) => client.rpc('unadopted_approvals', { p_limit: limit })),
      );
    },
    /** False when another copy was faster. */
    adopt: (id: string, adoption: Adoption) =>
      db.call((client) => client.rpc('adopt_approval', { p_id: id, ...adoption })),
    /** What the plane itself does not take up is taken back, so that who asked hears of it. */
    cancel: (id: string) =>
      db.call((client) => client.rpc('cancel_approval', { p_id: id, p_context: { agent_id: 'plane' } })),
    async waiting(limit: number): Promise<WaitingApprovals> {
      return Waiting.parse(await db.call((client) => client.rpc('waiting_approvals', { p_limit: limit })));
    },
  };
}

/** Whether it makes sense to ask a person now: what has expired is not shown as something to decide. */
export function isAskable(stored: StoredApproval): boolean {
  return isWaiting(stored) && Date.parse(stored.approval.expires_at) > Date.parse(stored.now);
}

/** Whether a person can still decide. */
export function isWaiting({ approval }: StoredApproval): boolean {
  return approval.status === 'pending';
}
