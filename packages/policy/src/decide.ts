import { AppError } from '@actp/shared/errors';
import { normaliseAction } from './action-name.ts';
import type { ConditionContext } from './condition.ts';
import { measure } from './condition-cost.ts';
import type { Gates, ReadyGate } from './gates.ts';
import type { LimitClaim } from './limit.ts';
import type { Policy } from './policy.ts';
import { applyScreening, type ScreenedText } from './screening.ts';

export type Effect = Policy['defaults']['effect'];

/** A finding against a request. `detail` is a sentence about the policy: it never quotes the request. */
export interface Reason {
  code:
    | 'approval_required'
    | 'denied'
    | 'condition_not_evaluable'
    | 'spend_limit'
    | 'kill_switch'
    | 'limit_reached'
    | 'limit_not_evaluable'
    | 'default_denies'
    | 'default_requires_approval'
    | `injection.${string}`;
  detail: string;
}

export interface Decision {
  effect: Effect;
  /** What decided: `gate:<its action>`, `defaults.effect`, `MAX_SPEND_PER_TASK` or `screening.<threshold>`. */
  rule: string;
  /** Everything that stood against the request, the most particular gate first; empty when nothing did. */
  reasons: Reason[];
}

export interface DecideRequest {
  action: string;
  details: object;
  /** Who asks. */
  agent: string;
  cost_usd?: number | undefined;
  /** What screening said about the text that came along. */
  text?: ScreenedText | undefined;
}

/** A policy that is ready to decide. */
export interface Rules {
  policy: Policy;
  gates: Gates;
  /** USD. */
  maxSpendPerTask: number;
}

/** The largest amount, in USD, that is taken at all: the integers that a double keeps exactly. */
export const maxCostUsd = 2 ** 53;

const strictness = { allow: 0, require_approval: 1, deny: 2 } as const satisfies Record<Effect, number>;

/**
 * Decides about one request: of everything that applies the strictest wins, and the order of gates plays no part. The
 * default applies where no gate does. A condition that cannot be evaluated asks for approval, or does what the default does
 * where that is stricter. Reads nothing but its arguments.
 *
 * @throws AppError `validation_failed` when the action has no normal form, or the cost is no amount
 */
export function decide(rules: Rules, request: DecideRequest): Decision {
  return evaluatePolicy(rules, request).decision;
}

/** The same, with the limits that apply: an `allow` holds when the database can count the request against all of them. */
export function evaluatePolicy(
  rules: Rules,
  request: DecideRequest,
): { decision: Decision; claims: readonly LimitClaim[] } {
  const action = normaliseAction(request.action);
  if (action === undefined) throw refusal('action', 'must be an action name');
  const { cost_usd: cost } = request;
  if (cost !== undefined && !(cost >= 0 && cost <= maxCostUsd)) {
    throw refusal('cost_usd', 'must be an amount from 0 to 2^53');
  }
  const fallback = rules.policy.defaults.effect;
  const found: Finding[] = [];
  const claims: LimitClaim[] = [];
  if (cost !== undefined && cost > rules.maxSpendPerTask) found.push(tooExpensive);
  found.push(...askGates(rules.gates.covering(action), { ...request, action }, fallback, claims));
  if (!found.some(({ byGate }) => byGate)) found.push(...byDefault[fallback]);
  const verdict = applyScreening(rules.policy.screening, request.text);
  if (verdict) {
    const { effect, rule } = verdict;
    for (const reason of verdict.reasons) found.push({ effect, rule, reason, byGate: false });
  }

  let strictest: Finding | undefined;
  for (const one of found) {
    if (strictest === undefined || strictness[one.effect] > strictness[strictest.effect]) strictest = one;
  }
  const decision: Decision = strictest
    ? { effect: strictest.effect, rule: strictest.rule, reasons: found.map(({ reason }) => reason) }
    : { effect: 'allow', rule: 'defaults.effect', reasons: [] };
  return { decision, claims };
}

interface Finding {
  effect: Effect;
  rule: string;
  reason: Reason;
  byGate: boolean;
}

function askGates(
  gates: readonly ReadyGate[],
  request: DecideRequest,
  fallback: Effect,
  claims: LimitClaim[],
): Finding[] {
  if (gates.length === 0) return [];
  const { action, agent, details, cost_usd } = request;
  const context: ConditionContext = {
    action,
    agent,
    details,
    ...(cost_usd === undefined ? {} : { cost_usd }),
  };
  const found: Finding[] = [];
  let extent: ReturnType<typeof measure> | undefined;
  for (const gate of gates) {
    const answer = gate.condition?.evaluate(context, (extent ??= measure(details))) ?? true;
    if (answer === false) continue;
    const rule = `gate:${gate.action}`;
    if (answer === true && gate.limit) {
      const claim = gate.limit.claim(request);
      if (typeof claim !== 'string') claims.push(claim);
      else {
        const detail = `the limit of ${gate.action} cannot be evaluated: ${claim}`;
        const effect = fallback === 'deny' ? 'deny' : 'require_approval';
        found.push({ effect, rule, reason: { code: 'limit_not_evaluable', detail }, byGate: true });
      }
    } else if (answer === true) {
      const [code, verb] = words[gate.effect];
      const when = gate.when === undefined ? '' : ` when ${gate.when}`;
      const reason: Reason = { code, detail: `the policy ${verb} ${gate.action}${when}` };
      found.push({ effect: gate.effect, rule, reason, byGate: true });
    } else {
      const detail = `the condition of ${gate.action} (${gate.when}) cannot be evaluated: ${answer}`;
      const effect = fallback === 'deny' ? 'deny' : 'require_approval';
      found.push({ effect, rule, reason: { code: 'condition_not_evaluable', detail }, byGate: true });
    }
  }
  return found;
}

const words = {
  deny: ['denied', 'denies'],
  require_approval: ['approval_required', 'asks for approval of'],
} as const;

const tooExpensive: Finding = {
  effect: 'deny',
  rule: 'MAX_SPEND_PER_TASK',
  reason: { code: 'spend_limit', detail: 'cost_usd is above MAX_SPEND_PER_TASK' },
  byGate: false,
};

const defaultFinding = (effect: Effect, code: Reason['code'], detail: string): Finding[] => [
  { effect, rule: 'defaults.effect', reason: { code, detail }, byGate: false },
];
const byDefault: Record<Effect, readonly Finding[]> = {
  allow: [],
  deny: defaultFinding('deny', 'default_denies', 'no gate covers it, and the default denies'),
  require_approval: defaultFinding(
    'require_approval',
    'default_requires_approval',
    'no gate covers it, and the default asks for approval',
  ),
};

const refusal = (field: string, message: string) =>
  new AppError('validation_failed', 'the request is not valid', { fields: [{ field, message }] });
