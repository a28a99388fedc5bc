import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { costOf, estimateCost, type Extent } from './condition-cost.ts';
import { findUse } from './condition-use.ts';

/** What a condition sees. */
export interface ConditionContext {
  action: string;
  agent: string;
  details: object;
  /** Absent when the request does not say it: a condition that reads it then cannot be evaluated. */
  cost_usd?: number;
}

/** Why a condition could not be evaluated; never what it met. */
type Fault =
  | 'a field is missing'
  | 'a value has the wrong type'
  | 'its result is neither true nor false'
  | 'it would take too long'
  | 'the details hold something that conditions cannot read'
  | 'it failed';

export interface Condition {
  /** Whether it uses a macro that walks a list. */
  walksLists: boolean;
  /** True, false, or why there is no answer. Never throws. */
  evaluate(context: ConditionContext, extent: Extent): boolean | Fault;
}

export type CompiledCondition =
  | { ok: true; condition: Condition }
  /** `offset`: characters from the beginning of the text. */
  | { ok: false; message: string; offset: number };

// What 2,000 characters can reasonably say.
const limits = {
  maxAstNodes: 300,
  maxDepth: 40,
  maxListElements: 200,
  maxMapEntries: 50,
  maxCallArguments: 8,
};

const language = new Environment({ unlistedVariablesAreDyn: false, limits })
  .registerVariable('action', 'string')
  .registerVariable('agent', 'string')
  .registerVariable('details', 'map')
  .registerVariable('cost_usd', 'double');

/** Reads a condition once (CEL), so that a request only evaluates it. */
export function compileCondition(text: string): CompiledCondition {
  try {
    const run = language.parse(text);
    const refused = findUse(run.ast);
    if (refused) return { ok: false, ...refused };
    const { valid, type, error } = run.check();
    if (!valid) return { ok: false, ...positioned(error) };
    if (type !== 'bool' && type !== 'dyn') {
      return { ok: false, message: 'must be true or false, and is neither', offset: 0 };
    }
    return { ok: true, condition: conditionOf(run, run.ast) };
  } catch (error) {
    return { ok: false, ...positioned(error) };
  }
}

function conditionOf(run: (context: ConditionContext) => unknown, ast: ASTNode): Condition {
  const weight = estimateCost(ast);
  return {
    walksLists: weight.walksLists,
    evaluate(context, extent) {
      if (!extent.readable) return 'the details hold something that conditions cannot read';
      if (costOf(weight, extent) > maxCost) return 'it would take too long';
      try {
        const result = run(context);
        return typeof result === 'boolean' ? result : 'its result is neither true nor false';
      } catch (error) {
        return faults[codeOf(error)] ?? 'it failed';
      }
    },
  };
}

// Steps: about 20 ms (2-core machine, bench/src/guard.bench.ts shows what a step takes).
const maxCost = 200_000;

const faults: Record<string, Fault | undefined> = Object.assign(Object.create(null), {
  no_such_key: 'a field is missing',
  unknown_variable: 'a field is missing',
  no_such_overload: 'a value has the wrong type',
} satisfies Record<string, Fault>);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

// The library's summary speaks of the condition alone, which stands in the policy; at this point there is no request.
function positioned(error: unknown): { message: string; offset: number } {
  if (!(error instanceof Error)) return { message: 'cannot be read', offset: 0 };
  const summary = 'summary' in error && typeof error.summary === 'string' ? error.summary : error.message;
  const range = 'range' in error ? error.range : undefined;
  const start = typeof range === 'object' && range !== null && 'start' in range ? range.start : 0;
  return { message: `is not a valid condition: ${summary}`, offset: typeof start === 'number' ? start : 0 };
}
