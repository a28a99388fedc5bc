import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import { notify } from '../notifications/notify.ts';
import { writeAuditEvents } from '@actp/db/audit/write-events';
import type { Db } from '@actp/db/client';

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
export function createPolicyReporter(deps: {
  db: Db;
  producer: Pick<Producer, 'add'>;
  log: Logger;
  app: string;
}) {
  const { db, producer, log, app } = deps;

  async function alert(change: Change): Promise<void> {
    const body = `The changed policy file is not valid, and version ${change.version} stays in force. POLICY_FILE ${change.problem}`;
    await notify(
      { db, producer, log },
      { key: `policy:${change.key}`, kind: 'policy.refused', body: body.slice(0, maxBody) },
    );
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
        source: 'plane',
      },
    ]);
  };
}

// Telegram takes 4,096 characters.
const maxBody = 3_000;
