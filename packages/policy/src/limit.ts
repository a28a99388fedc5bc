import { createHash } from 'node:crypto';
import { z } from 'zod';
import { joinedName } from './action-name.ts';
import { normalName } from './normal-name.ts';
import { toMillionths } from './millionths.ts';

const path = /^(?:cost_usd|details(?:\.[A-Za-z_][A-Za-z0-9_-]{0,63}){1,8})$/;
const sumRule = 'must be cost_usd or a path such as details.amount_usd';
const countRule = 'must be true, or a path such as details.recipients';
const largest = 2 ** 53;

/** How much of something is allowed within a time, however it is split. */
export const Limit = z.strictObject({
  /** The field whose amounts are added up. */
  sum: z.string(sumRule).regex(path, sumRule).optional(),
  /** `true` counts requests; a path counts what stands there: a whole number, or the length of a list. */
  count: z.union([z.literal(true), z.string().regex(path, countRule)], countRule).optional(),
  /** Whose requests are counted together: an agent's, those of one action name, or all that the gate covers. */
  per: z.enum(['agent', 'action', 'all']),
  within: z
    .string()
    .regex(/^[1-9]\d{0,6}[smhd]$/, 'must be a time such as 90s, 15m, 1h or 1d, up to 31d')
    .refine((text) => !(secondsOf(text) > 31 * 86_400), 'must be at most 31d'),
  max: z.number().min(0, 'must not be negative').max(largest, 'must be at most 2^53'),
});
export type Limit = z.infer<typeof Limit>;

/** What the form of a limit alone does not say; undefined when nothing is wrong. */
export function limitProblem({ sum, count, max }: Limit): { message: string; field?: 'max' } | undefined {
  if ((sum === undefined) === (count === undefined)) return { message: 'must say either sum or count' };
  if (count !== undefined && !Number.isInteger(max))
    return { message: 'must be a whole number', field: 'max' };
  return undefined;
}

/** A gate's limit as it applies to one request: what the database is asked to count. */
export interface LimitClaim {
  /** Which counter. The same limit has the same counter whatever its `max` and `within` become. */
  counter: string;
  /** Millionths, as text. */
  amount: string;
  max: string;
  seconds: number;
  /** What holds when it is too much. */
  over: 'require_approval' | 'deny';
  /** `gate:<its action>`. */
  rule: string;
  /** Says which limit; never quotes the request. */
  detail: string;
}

export interface ReadyLimit {
  /** What is summed or counted; undefined: the requests themselves. */
  field: string | undefined;
  /** The claim for a request, or why there is none. */
  claim(request: {
    action: string;
    agent: string;
    details: object;
    cost_usd?: number | undefined;
  }): LimitClaim | string;
}

/** Makes a gate's limit ready. */
export function readyLimit(
  gate: { action: string; when: string | undefined; effect: 'deny' | 'require_approval' },
  limit: Limit,
): ReadyLimit {
  const { per, within, max, sum, count } = limit;
  const field = sum ?? (count === true ? undefined : count);
  const kind = sum === undefined ? 'count' : 'sum';
  const what = `${gate.action}\n${gate.when ?? ''}\n${kind}\n${field ?? ''}\n${per}`;
  const print = createHash('sha256').update(what).digest('hex').slice(0, 32);
  const of = field === undefined ? 'requests' : `${kind === 'sum' ? 'the sum of' : 'the number of'} ${field}`;
  const common = {
    max: toMillionths(max, 'down'),
    seconds: secondsOf(within),
    over: gate.effect,
    rule: `gate:${gate.action}`,
    detail: `the limit of ${gate.action} is reached: ${of} per ${per} within ${within}, at most ${max}`,
  };
  return {
    field,
    claim(request) {
      const amount = amountOf(kind, field, request);
      if (typeof amount === 'string') return amount;
      const whose =
        per === 'agent' ? normalName(request.agent) : per === 'action' ? joinedName(request.action) : '';
      return { ...common, counter: `${print}:${whose}`, amount: toMillionths(amount, 'up') };
    },
  };
}

function amountOf(
  kind: 'sum' | 'count',
  field: string | undefined,
  request: { details: object; cost_usd?: number | undefined },
): number | string {
  if (field === undefined) return 1;
  const value = valueAt(field, request);
  if (value === undefined) return 'a field is missing';
  if (kind === 'count' && Array.isArray(value)) return value.length;
  if (typeof value !== 'number') return 'a value has the wrong type';
  if (!(value >= 0 && value <= largest)) return 'a value is out of range';
  return kind === 'sum' || Number.isInteger(value) ? value : 'a value is not a whole number';
}

function valueAt(field: string, request: object): unknown {
  let value: unknown = request;
  for (const key of field.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function secondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (unitSeconds[text.slice(-1)] ?? Number.NaN);
}
