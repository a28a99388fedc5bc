import type { AgentKeys } from '@actp/services/agents/keys';
import { AppError } from '@actp/shared/errors';
import type { Caller } from '../../app-env.ts';

/**
 * An agent with a key of its own writes in its own name; who holds the worker secret, in no name that belongs to such an agent.
 *
 * @param names the agent of each event, in their order
 * @throws AppError `forbidden`, naming the first event; then none is accepted
 */
export async function assertOwnNames(
  agentKeys: AgentKeys,
  caller: Extract<Caller, { kind: 'agent' }>,
  names: readonly string[],
): Promise<void> {
  const checked = new Set([caller.id]);
  for (const [index, name] of names.entries()) {
    if (checked.has(name)) continue;
    checked.add(name);
    if (caller.ownKey !== true && !(await agentKeys.isTaken(name))) continue;
    const message =
      caller.ownKey === true ? 'must be the agent that the key belongs to' : 'needs the key of that agent';
    throw new AppError(
      'forbidden',
      'an event is in the name of another agent; none of the events was accepted',
      {
        fields: [{ field: names.length === 1 ? 'agent_id' : `events.${index}.agent_id`, message }],
      },
    );
  }
}
