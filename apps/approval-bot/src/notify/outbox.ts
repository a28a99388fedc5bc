import type { Db } from '@actp/db/client';
import type { OutgoingMessage } from './channel.ts';

const batch = 20;

export type Outbox = ReturnType<typeof createOutbox>;

/** The messages in the database that people should get, and what became of them. */
export function createOutbox(db: Db) {
  return {
    /** What waits, oldest first: people read in the order in which things happened. */
    async waiting(): Promise<OutgoingMessage[]> {
      const rows = await db.call((client) => client.rpc('waiting_notifications', { p_limit: batch }));
      return rows.map(({ id, kind, body, revision, message_id }) => ({
        id,
        kind,
        body,
        revision,
        // The generated types do not know that this one may be null.
        messageId: message_id as number | null,
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
    sent: (id: string, messageId: number, revision: number) =>
      db.call((client) =>
        client.rpc('finish_notification', {
          p_id: id,
          p_state: 'sent',
          p_message_id: messageId,
          p_revision: revision,
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
