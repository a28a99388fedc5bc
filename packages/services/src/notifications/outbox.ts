import type { Db } from '@actp/db/client';
import { nullable } from '@actp/db/nullable';

// Everything that waits is looked at together, to tell what is still true; more than this is an outage of weeks.
const batch = 500;

/** A message that people should get, as the database has it. */
export interface WaitingMessage {
  id: string;
  kind: string;
  /** Why it is sent: one message per reason. */
  dedupeKey: string;
  body: string;
  /** Which text of it this is; a message whose text has changed since is edited where people see it. */
  revision: number;
  /** Null when it was never sent. */
  messageId: number | null;
  createdAt: string;
  waitedSeconds: number;
}

/** What was sent: which text of which message, under which number, and what went into it beside. */
export interface SentMessage {
  id: string;
  revision: number;
  /** Null when it stands in a message that must not be edited for it. */
  messageId: number | null;
  with: ReadonlyArray<{ id: string; revision: number }>;
}

export type NotificationOutbox = ReturnType<typeof createNotificationOutbox>;

/** The messages in the database that people should get, and what became of them. */
export function createNotificationOutbox(db: Db) {
  return {
    /** What waits, oldest first: people read in the order in which things happened. */
    async waiting(): Promise<WaitingMessage[]> {
      const rows = await db.call((client) => client.rpc('waiting_notifications', { p_limit: batch }));
      return rows.map(({ id, kind, dedupe_key, body, revision, message_id, created_at, waited_seconds }) => ({
        id,
        kind,
        dedupeKey: dedupe_key,
        body,
        revision,
        // The generated types do not know that this one may be null.
        messageId: message_id as number | null,
        createdAt: created_at,
        waitedSeconds: waited_seconds,
      }));
    },
    /** `gone` when there is no such message. */
    async stateOf(id: string): Promise<'pending' | 'sent' | 'logged' | 'gone'> {
      const [row] = await db.call((client) =>
        client.from('actp_notifications').select('state, revision, sent_revision').eq('id', id).limit(1),
      );
      if (row === undefined) return 'gone';
      if (row.revision > row.sent_revision) return 'pending';
      if (row.state === 'sent' || row.state === 'logged') return row.state;
      return 'pending';
    },
    sent: ({ id, revision, messageId, with: others }: SentMessage) =>
      db.call((client) =>
        client.rpc('finish_notifications', {
          p_id: id,
          p_message_id: nullable(messageId),
          p_revision: revision,
          p_with: others.map((other) => other.id),
          p_with_revisions: others.map((other) => other.revision),
        }),
      ),
    logged: (id: string, revision: number) =>
      db.call((client) =>
        client.rpc('finish_notification', { p_id: id, p_state: 'logged', p_revision: revision }),
      ),
    failed: (id: string, reason: string) =>
      db.call((client) => client.rpc('note_notification_failure', { p_id: id, p_error: reason })),
    /** Whether anything has waited longer than the queue should have needed. */
    async overdue(seconds: number): Promise<boolean> {
      const due = await db.call((client) =>
        client.rpc('due_notifications', { p_older_than_seconds: seconds, p_limit: 1 }),
      );
      return due.length > 0;
    },
  };
}
