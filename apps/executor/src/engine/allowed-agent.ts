import type { Agent } from '../agents/agent.ts';
import { TaskError } from '../agents/task-error.ts';
import type { EngineDeps } from './engine-deps.ts';

/**
 * The agent of this name, if it is registered and the policy in force lets the executor run it: asked when a task is planned, and again each
 * time it goes on.
 *
 * @throws TaskError `agent_not_allowed`
 */
export function allowedAgent({ agents, guard }: Pick<EngineDeps, 'agents' | 'guard'>, name: string): Agent {
  const agent = agents.get(name);
  if (agent !== undefined && guard.policy().policy.tools.allow.includes(name)) return agent;
  throw new TaskError(
    'agent_not_allowed',
    agent === undefined
      ? 'there is no agent of this name'
      : `tools.allow of the policy does not name the agent ${name}`,
  );
}
