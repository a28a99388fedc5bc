import { z } from 'zod';
import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';
import { cleanText } from '@actp/shared/audit/clean-text';
import { maxReason } from './apply-result.ts';

const Active = z.object({
  id: z.uuid(),
  scope: z.string(),
  reason: z.string(),
  since: z.string(),
  set_by: z.string(),
  set_by_name: z.string().nullable(),
});
/** A scope that is stopped, with the id of its switch. */
export type ActiveSwitch = z.output<typeof Active>;

const Outcome = z.object({
  result: z.enum(['set', 'known', 'too_many', 'lifted', 'not_found', 'dismissed', 'duplicate', 'refused']),
  refusal: z.string().optional(),
  scope: z.string().nullish(),
  notification_id: z.uuid().optional(),
});
/** What became of a pressed button, in the words of the SQL functions. */
export type KillSwitchPressOutcome = z.output<typeof Outcome>;

export type KillSwitchCommandStore = ReturnType<typeof createKillSwitchCommandStore>;

/** Kill switch commands that a person confirms with a button. */
export function createKillSwitchCommandStore(db: Db) {
  return {
    /** Newest first. */
    async active(): Promise<ActiveSwitch[]> {
      return z.array(Active).parse(await db.call((client) => client.rpc('active_kill_switches')));
    },
    /** Whether an agent of this name has a key or has asked for an approval. */
    isKnownAgent: (name: string): Promise<boolean> =>
      db.call((client) => client.rpc('is_known_agent', { p_name: name })),
    /** Stores a command before its button is shown; returns the id for the button. */
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
          p_switch_id: nullable(command.switchId),
          p_reason: nullable(command.reason === undefined ? undefined : cleanText(command.reason, maxReason)),
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
    }): Promise<KillSwitchPressOutcome> {
      const outcome = await db.call((client) =>
        client.rpc('press_kill_switch', {
          p_id: press.id,
          p_confirmed: press.confirmed,
          p_actor: press.actor,
          p_chat_id: nullable(press.chatId),
          p_update_id: press.updateId,
          p_refusal: nullable(press.refusal),
          p_context: { request_id: `telegram-${press.updateId}` },
        }),
      );
      return Outcome.parse(outcome);
    },
  };
}
