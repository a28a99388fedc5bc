import { decide, type Decision, type DecideRequest, type Rules } from './decide.ts';
import { readyGates } from './gates.ts';
import { Policy } from './policy.ts';

export type GateText = { action: string; when?: string } & ({ approval: 'required' } | { effect: 'deny' });

/** Rules as a policy file with these gates would give them. */
export function rulesOf(
  gates: readonly GateText[],
  effect: Policy['defaults']['effect'] = 'allow',
  maxSpendPerTask = 1_000,
): Rules {
  const policy = Policy.parse({ version: 1, tools: { allow: [] }, gates, defaults: { effect } });
  return { policy, gates: readyGates(policy.gates), maxSpendPerTask };
}

/** Decides about an action of the agent `worker`. */
export function ask(
  rules: Rules,
  action: string,
  details: object = {},
  more: Partial<DecideRequest> = {},
): Decision {
  return decide(rules, { action, details, agent: 'worker', ...more });
}
