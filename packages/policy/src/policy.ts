import { createHash } from 'node:crypto';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { compileCondition } from './condition.ts';
import { matchesAction } from './action-name.ts';
import { Limit, limitProblem } from './limit.ts';

const ActionPattern = z
  .string()
  .regex(
    /^[a-z0-9*][a-z0-9*._:/-]{0,127}$/,
    'must be an action name in lower case, in which * stands for anything',
  );

const Gate = z.strictObject({
  action: ActionPattern,
  /** CEL over `action`, `agent`, `details` and `cost_usd`; without it the gate always applies. */
  when: z.string().min(1).max(2_000).optional(),
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

// Each may look at every element of a long list.
const maxListConditions = 20;

/** What the form alone does not say: each gate does one thing, and its condition can be evaluated. */
function checkGates(gates: ReadonlyArray<z.infer<typeof Gate>>, context: z.RefinementCtx): void {
  let listConditions = 0;
  const problem = (message: string, ...path: Array<string | number>) =>
    context.addIssue({ code: 'custom', message, path });
  for (const [index, { approval, effect, when, limit }] of gates.entries()) {
    const said = Number(approval !== undefined) + Number(effect !== undefined);
    if (said > 1 || (said === 0 && limit === undefined)) {
      problem('must say either approval: required or effect: deny', index);
    }
    const wrong = limit && limitProblem(limit);
    if (wrong) problem(wrong.message, index, 'limit', ...(wrong.field ? [wrong.field] : []));
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
}

/** The policy file. */
export const Policy = z.strictObject({
  version: z.literal(1),
  tools: z.strictObject({ allow: z.array(z.string().min(1).max(128)) }),
  gates: z.array(Gate).max(1_000).superRefine(checkGates),
  defaults: z.strictObject({ effect: z.enum(['allow', 'deny', 'require_approval']) }),
});
export type Policy = z.infer<typeof Policy>;

export interface PolicyProblem {
  line: number;
  path: string;
  message: string;
}

export type ParsedPolicy =
  | { ok: true; policy: Policy; version: string }
  | { ok: false; version: string; problems: PolicyProblem[] };

/**
 * Reads a policy file.
 *
 * @param text YAML
 * @returns the policy and its version (SHA-256 of the text, 16 hex digits), or every problem with its line
 */
export function parsePolicy(text: string): ParsedPolicy {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    // Pretty ones quote the line: a file that was meant to be something else may hold secrets.
    prettyErrors: false,
  });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const problems = document.errors.map((e) => ({ line: lineAt(e.pos[0]), path: '', message: e.message }));
    return { ok: false, version: versionOf(text), problems };
  }
  const value = valueOf(document);
  if (value === unresolved) {
    const problem = { line: 1, path: '', message: 'an alias is not known, or there are too many of them' };
    return { ok: false, version: versionOf(text), problems: [problem] };
  }
  const parsed = Policy.safeParse(value);
  if (parsed.success) return { ok: true, policy: parsed.data, version: versionOf(text) };
  return {
    ok: false,
    version: versionOf(text),
    problems: parsed.error.issues.map((issue) => ({
      line: lineAt(offsetOf(document, issue.path)),
      path: issue.path.join('.'),
      message: issue.message,
    })),
  };
}

/** What the policy asks of the people who approve an action: the strictest of all gates that cover it. */
export function approvalRule(policy: Policy, action: string): { critical: boolean; approvers: number } {
  const gates = policy.gates.filter((gate) => matchesAction(gate.action, action));
  return {
    critical: gates.some((gate) => gate.critical),
    approvers: Math.max(1, ...gates.map((gate) => gate.approvers)),
  };
}

const unresolved = Symbol('unresolved');

// Aliases within aliases make little text large; the library throws beyond this many.
function valueOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return unresolved;
  }
}

const versionOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

// Where the value stands, or the nearest thing around it that is really there.
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return range[0];
  }
  return isMap(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}
