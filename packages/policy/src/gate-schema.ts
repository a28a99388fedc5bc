import { z } from 'zod';
import { compileCondition } from './condition.ts';
import { Limit, limitProblem } from './limit.ts';

export const maxGates = 1_000;

const ActionPattern = z
  .string()
  .regex(
    /^[a-z0-9*][a-z0-9*._:/-]{0,127}$/,
    'must be an action name in lower case, in which * stands for anything',
  );

const When = z.string().min(1).max(2_000);

/** One line of the policy file: an action, perhaps a condition, and what then holds. */
export const Gate = z.strictObject({
  action: ActionPattern,
  /** CEL over `action`, `agent`, `details` and `cost_usd`; without it the gate always applies. */
  when: When.optional(),
  /** How much is allowed; beyond it, what the next two say, or a person is asked. */
  limit: Limit.optional(),
  /** One of these two: a person is asked, or nobody is and it is refused. */
  approval: z.literal('required').optional(),
  effect: z.literal('deny').optional(),
  /** A second, confirming press is needed. */
  critical: z.boolean().default(false),
  /** How many different people must say yes. */
  approvers: z.int().min(1).max(10).default(1),
});
type Gate = z.infer<typeof Gate>;

// Each may look at every element of a long list.
const maxListConditions = 20;

export interface GateProblem {
  path: Array<string | number>;
  message: string;
}

/**
 * What the form alone does not say: each gate does one thing, and its condition can be evaluated.
 *
 * @param value the whole policy file; what has the wrong form hides nothing that is wrong beside it
 */
export function gateProblems(value: unknown): GateProblem[] {
  const problems: GateProblem[] = [];
  let listConditions = 0;
  const problem = (message: string, ...path: Array<string | number>) =>
    problems.push({ path: ['gates', ...path], message });
  for (const [index, gate] of gatesOf(value)) {
    const { approval, effect } = gate;
    const both = approval !== undefined && effect !== undefined;
    // A gate with another mistake may say it under a name that is spelled wrongly.
    const neither = approval === undefined && effect === undefined && gate.limit === undefined;
    if (both || (neither && Gate.safeParse(gate).success)) {
      problem('must say either approval: required or effect: deny', index);
    }
    const limit = Limit.safeParse(gate.limit).data;
    const wrong = limit && limitProblem(limit);
    if (wrong) problem(wrong.message, index, 'limit', ...(wrong.field ? [wrong.field] : []));
    const when = When.safeParse(gate.when).data;
    const compiled = when === undefined ? undefined : compileCondition(when);
    if (compiled?.ok === false) {
      const place = compiled.offset === 0 ? '' : ` (character ${compiled.offset + 1})`;
      problem(`${compiled.message}${place}`, index, 'when');
    }
    if (compiled?.ok === true && compiled.condition.walksLists) listConditions += 1;
    if (compiled?.ok === true && compiled.condition.walksLists && listConditions === maxListConditions + 1) {
      problem(`at most ${maxListConditions} conditions may walk through lists`, index, 'when');
    }
  }
  return problems;
}

type AnyGate = Partial<Record<keyof Gate, unknown>>;

function gatesOf(value: unknown): Array<[number, AnyGate]> {
  const gates = typeof value === 'object' && value !== null && 'gates' in value ? value.gates : undefined;
  if (!Array.isArray(gates)) return [];
  const items: unknown[] = gates.slice(0, maxGates);
  return items.flatMap((gate, index): Array<[number, AnyGate]> =>
    typeof gate === 'object' && gate !== null && !Array.isArray(gate) ? [[index, gate]] : [],
  );
}
