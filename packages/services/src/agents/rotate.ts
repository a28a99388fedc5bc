import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { AgentDeps } from './agent-deps.ts';
import { settleAgent, type Agent } from './agent-schema.ts';
import { hashAgentKey, newAgentKey } from './key.ts';

/**
 * Gives an agent another key.
 *
 * @param graceSeconds how long the one before stays valid
 * @throws AppError `forbidden`, `not_found`
 */
export async function rotateAgentKey(
  deps: AgentDeps,
  id: string,
  graceSeconds: number,
  context: RequestContext,
): Promise<{ agent: Agent; key: string }> {
  assertActor(context.actor, ['operator']);
  const { actor } = context;
  const key = newAgentKey();
  const returned = await deps.db.call((client) =>
    client.rpc('rotate_agent_key', {
      p_id: id,
      p_key_hash: hashAgentKey(key),
      p_grace_seconds: graceSeconds,
      p_actor: actorName(actor),
      p_context: auditContext(context),
    }),
  );
  const agent = settleAgent(returned);
  deps.changed();
  return { agent, key };
}
