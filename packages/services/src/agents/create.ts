import { cleanText } from '@actp/shared/audit/clean-text';
import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { AgentDeps } from './agent-deps.ts';
import { settleAgent, type Agent } from './agent-schema.ts';
import { hashAgentKey, newAgentKey } from './key.ts';

export interface NewAgent {
  id: string;
  note: string | null;
  actions: string[] | null;
  expires_at: string | null;
}

/**
 * An operator gives an agent a key of its own.
 *
 * @returns the key, which is not kept: nobody sees it again
 * @throws AppError `forbidden`, `conflict`, `validation_failed`
 */
export async function createAgent(
  deps: AgentDeps,
  given: NewAgent,
  context: RequestContext,
): Promise<{ agent: Agent; key: string }> {
  assertActor(context.actor, ['operator']);
  const { actor } = context;
  const key = newAgentKey();
  const returned = await deps.db.call((client) =>
    client.rpc('create_agent', {
      p_agent: {
        ...given,
        note: given.note === null ? null : cleanText(given.note, 500),
        key_hash: hashAgentKey(key),
      },
      p_actor: actorName(actor),
      p_context: auditContext(context),
    }),
  );
  const agent = settleAgent(returned);
  deps.changed();
  return { agent, key };
}
