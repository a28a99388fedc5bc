import { z } from 'zod';
import type { Db } from '@actp/db/client';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import { span } from '@actp/shared/telemetry/tracer';
import { ApprovalHead } from './approval-head.ts';
import type { StoredApproval } from './card-store.ts';
import { asJson, checkPolicy } from './policy-check.ts';
import { Traced, recordDecisionTime, traceOfApproval } from './trace.ts';

const Outcome = z.object({ result: z.string(), approval: ApprovalHead.optional(), ...Traced.shape });
/** What became of a press, in the words of the SQL functions. */
export type PressOutcome = z.output<typeof Outcome>;

export type PressStore = ReturnType<typeof createPressStore>;

interface RecordedPress {
  id: string;
  actor: string;
  updateId: number;
}

/**
 * Presses as the database takes them: each update once, in the transaction of its effect.
 *
 * @param policy the policy in force: what it denies cannot be approved
 */
export function createPressStore(db: Db, policy: () => LoadedPolicy) {
  const contextOf = (updateId: number) => ({ request_id: `telegram-${updateId}` });
  return {
    async press(
      press: RecordedPress & {
        decision: 'approved' | 'rejected';
        confirmed: boolean;
        actionDigest: string;
        chatId: string;
        messageId: number;
        /** What it is about. */
        stored: Pick<StoredApproval, 'approval' | 'details' | 'traceparent'>;
      },
    ): Promise<PressOutcome> {
      const { updateId, chatId, messageId, stored } = press;
      const { action, requested_by: agent } = stored.approval;
      // What has a digest has a normal form, and an object for details.
      const details = JSON.parse(stored.details) as object;
      const check =
        press.decision === 'approved' ? checkPolicy(policy(), { action, details, agent }).check : undefined;
      const pressed = () =>
        db.call((client) =>
          client.rpc('press_approval', {
            p_id: press.id,
            p_decision: press.decision,
            p_confirmed: press.confirmed,
            p_action_digest: press.actionDigest,
            p_actor: press.actor,
            p_telegram: { update_id: updateId, chat_id: chatId, message_id: messageId },
            p_context: contextOf(updateId),
            ...(check && { p_policy: asJson(check) }),
          }),
        );
      const spanOptions = { parent: traceOfApproval(stored), attributes: { 'actp.approval_id': press.id } };
      return span('approval press', spanOptions, async () => {
        const outcome = Outcome.parse(await pressed());
        recordDecisionTime(outcome);
        return outcome;
      });
    },
    /** Undoes the first of the two presses that a critical approval needs. */
    async withdraw({ id, actor, updateId }: RecordedPress): Promise<PressOutcome> {
      const outcome = await db.call((client) =>
        client.rpc('take_back_press', {
          p_id: id,
          p_actor: actor,
          p_update_id: updateId,
          p_context: contextOf(updateId),
        }),
      );
      return Outcome.parse(outcome);
    },
    /** Records a press that could not count. False when this update was seen before. */
    recordRefused: (updateId: number, actor: string, facts: Record<string, string | number>) =>
      db.call((client) =>
        client.rpc('record_refused_press', { p_update_id: updateId, p_actor: actor, p_facts: facts }),
      ),
  };
}
