import { actorName, assertActor } from '../actor.ts';
import { auditContext, type RequestContext } from '../request-context.ts';
import type { AgentDeps } from './agent-deps.ts';
import { settleAgent, type Agent } from './agent-schema.ts';

/** Ends an agent's key. Its name stays taken: nobody else becomes it. @throws AppError `forbidden`, `not_found` */
export async function deleteAgent(deps: AgentDeps, id: string, context: RequestContext): Promise<Agent> {
  assertActor(context.actor, ['operator']);
  const { actor } = context;
  const returned = await deps.db.call((client) =>
    client.rpc('delete_agent', { p_id: id, p_actor: actorName(actor), p_context: auditContext(context) }),
  );
  const agent = settleAgent(returned);
  deps.changed();
  return agent;
}
