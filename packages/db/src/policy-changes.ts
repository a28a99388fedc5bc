import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { messageOf } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import { writeAuditEvents } from './audit/write-events.ts';
import type { Db } from './client.ts';

interface Change {
  kind: 'loaded' | 'refused';
  version: string;
  previous?: string;
  problem?: string;
  first?: boolean;
  key?: string;
}

/**
 * Records what became of a changed policy file: an audit event `policy.reload` of each process, and one message to the
 * operators when it is not valid, however many processes see it.
 *
 * @param app who has it in force; stands as agent and user agent
 * @returns a function that throws when the database does not take it
 */
export function createPolicyReporter(deps: { db: Db; producer: Pick<Producer, 'add'>; app: string }) {
  const { db, producer, app } = deps;

  async function alert(change: Change): Promise<void> {
    const body = `The changed policy file is not valid, and version ${change.version} stays in force. POLICY_FILE ${change.problem}`;
    const id = await db.call((client) =>
      client.rpc('enqueue_notification', {
        p_dedupe_key: `policy:${change.key}`,
        p_kind: 'policy.refused',
        p_body: body.slice(0, maxBody),
      }),
    );
    // The row is what counts: without Redis the bot finds it by itself.
    await producer
      .add('send-notification', { notification_id: id }, { jobId: `notification-${id}` })
      .catch((error: unknown) => messageOf(error));
  }

  return async (change: Change): Promise<void> => {
    const refused = change.kind === 'refused';
    if (refused && change.first === true) await alert(change);
    await writeAuditEvents(db, [
      {
        event_id: randomUUID(),
        agent_id: app,
        action_type: 'policy.reload',
        status: refused ? 'error' : 'ok',
        result: { policy_version: change.version, previous: change.previous ?? null },
        error: change.problem ?? null,
        completed_at: new Date().toISOString(),
        user_agent: `actp-worker/${app} (${hostname()})`,
      },
    ]);
  };
}

// Telegram takes 4,096 characters.
const maxBody = 3_000;
