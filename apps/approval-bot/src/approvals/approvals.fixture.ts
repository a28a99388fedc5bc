import type { Json } from '@actp/db/database-types';
import { Approval } from '@actp/services/approvals/approval-schema';
import { keyOrder } from '@actp/services/approvals/key-order';
import { actionDigest, payloadDigest } from '@actp/shared/approvals/digest';
import { eventually } from '@actp/testing/eventually';
import type { ChatMessage } from '@actp/testing/telegram/state/messages';
import { alertChat, approver, type Bench } from '../approval-bot.fixture.ts';

export interface Asked {
  action: string;
  details: Record<string, unknown>;
  requested_by: string;
  reason: string | null;
  ttl_seconds: number;
  grant_seconds: number;
  chat_id: string | null;
  callback_url: string | null;
  critical: boolean;
  approvers: number;
}

export interface AuditRow {
  action_type: string;
  status: string;
  agent_id: string;
  result: Record<string, unknown>;
}

const policy_version = 'policy-of-tests';
const context = { agent_id: 'agent-1', ip: '127.0.0.1', user_agent: 'test' };

/** What agents, people and time do about approvals in one test file. */
export function approvalsOn(bench: Bench) {
  const { db } = bench;
  const digests = new Map<string, { action: string; payload: string }>();

  const here = {
    /** An agent asks, as the gateway would put it into the database; nothing is queued. */
    async ask(asked: Partial<Asked> = {}): Promise<string> {
      const request: Asked = {
        action: 'dm.bulk_send',
        details: { recipients: 25 },
        requested_by: 'agent-1',
        reason: null,
        ttl_seconds: 3_600,
        grant_seconds: 600,
        chat_id: null,
        callback_url: null,
        critical: false,
        approvers: 1,
        ...asked,
      };
      const action = actionDigest({ ...request, policy_version });
      const payload = payloadDigest(request);
      const answer = await db.call((client) =>
        client.rpc('request_approval', {
          p_request: {
            ...request,
            details: request.details as Json,
            details_order: keyOrder(request.details),
            policy_version,
            action_digest: action,
            payload_digest: payload,
          },
          // In its own name.
          p_context: { ...context, agent_id: request.requested_by },
        }),
      );
      const { id } = (answer as { approval: { id: string } }).approval;
      digests.set(id, { action, payload });
      return id;
    },
    async read(id: string): Promise<Approval> {
      return Approval.parse(await db.call((client) => client.rpc('read_approval', { p_id: id })));
    },
    digestOf(id: string): string {
      return digests.get(id)?.action ?? '';
    },
    redeem: (id: string) =>
      db.call((client) =>
        client.rpc('redeem_approval', {
          p_id: id,
          p_payload_digest: digests.get(id)?.payload ?? '',
          p_context: context,
        }),
      ),
    report: (id: string, outcome: 'succeeded' | 'failed', result: Json = null) =>
      db.call((client) =>
        client.rpc('record_outcome', { p_id: id, p_outcome: outcome, p_result: result, p_context: context }),
      ),
    cancel: (id: string) =>
      db.call((client) => client.rpc('cancel_approval', { p_id: id, p_context: context })),
    /** An operator decides over HTTP. */
    decide: (id: string, decision: 'approved' | 'rejected', actor = 'operator:op@example.com') =>
      db.call((client) =>
        client.rpc('decide_approval', {
          p_id: id,
          p_decision: decision,
          p_action_digest: here.digestOf(id),
          p_actor: actor,
          // The generated types do not know that it may be null.
          p_reason: null as unknown as string,
          p_telegram: null,
          p_context: context,
        }),
      ),
    /** What the clock would do: as the owner, every time of this approval moves into the past. */
    async elapse(id: string, seconds: number): Promise<void> {
      await bench.stores.sql.query(
        `update actp_approval_queue set
           created_at = created_at - make_interval(secs => $2), expires_at = expires_at - make_interval(secs => $2),
           decided_at = decided_at - make_interval(secs => $2), redeemed_at = redeemed_at - make_interval(secs => $2)
         where id = $1`,
        [id, seconds],
      );
    },
    /** The message that may decide, as soon as it is recorded and a press is not taken for one that had waited at Telegram. */
    async card(id: string): Promise<ChatMessage> {
      await eventually(() =>
        bench.telegram.calls('getUpdates').find(({ params }) => Number(params['timeout']) > 0),
      );
      const { chat_id, message_id } = await eventually(async () => {
        const { rows } = await bench.stores.sql.query<{ chat_id: string; message_id: string }>(
          'select chat_id, message_id from actp_approval_cards where approval_id = $1',
          [id],
        );
        return rows[0];
      });
      const [message] = bench.telegram.messages({ chat_id: Number(chat_id), message_id: Number(message_id) });
      if (!message) throw new Error('the recorded card is not there');
      return message;
    },
    /** How many reminders the database has counted. */
    async remindersOf(id: string): Promise<number | undefined> {
      const { rows } = await bench.stores.sql.query<{ reminders: number }>(
        'select reminders from actp_approval_cards where approval_id = $1',
        [id],
      );
      return rows[0]?.reminders;
    },
    /** Presses a button of a card and gives what the person is shown. */
    async press(card: ChatMessage, button: string | number, from = approver): Promise<string | undefined> {
      const { chat_id, message_id } = card;
      const { answer } = await bench.telegram.press({ chat_id, message_id, button, from });
      return answer?.text;
    },
    /** Messages of the bot in the chat for cards, as they are now. */
    said: (chat_id = alertChat): string[] =>
      bench.telegram.messages({ chat_id, outgoing: true }).map(textNow),
    async audit(id: string): Promise<AuditRow[]> {
      const { rows } = await bench.stores.sql.query<AuditRow>(
        'select action_type, status, agent_id, result from actp_agent_audit_log where approval_id = $1 order by id',
        [id],
      );
      return rows;
    },
    /** Presses that never reached an approval. */
    async refusedPresses(): Promise<AuditRow[]> {
      const { rows } = await bench.stores.sql.query<AuditRow>(
        `select action_type, status, agent_id, result from actp_agent_audit_log
         where approval_id is null and action_type = 'approval.decide' order by id`,
      );
      return rows;
    },
  };
  return here;
}

export function textNow(message: ChatMessage): string {
  return message.versions.at(-1)?.text ?? '';
}

/** The buttons under a message as they are now. */
export function buttonsNow(message: ChatMessage): string[] {
  const rows = message.versions.at(-1)?.reply_markup?.inline_keyboard ?? [];
  return rows.flat().map(({ text }) => text);
}
