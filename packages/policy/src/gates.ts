import { matchesAction } from './action-name.ts';
import { compileCondition, type Condition } from './condition.ts';
import { readyLimit, type ReadyLimit } from './limit.ts';
import type { Policy } from './policy.ts';

type Gate = Policy['gates'][number];

/** A gate that is ready to be asked. */
export interface ReadyGate {
  action: string;
  effect: 'deny' | 'require_approval';
  /** As it stands in the policy. */
  when: string | undefined;
  condition: Condition | undefined;
  /** With it, `effect` holds only for what is too much. */
  limit: ReadyLimit | undefined;
}

/** Which gates cover an action. */
export interface Gates {
  covering(action: string): readonly ReadyGate[];
}

// Actions whose gates are remembered. There are few; a flood of invented ones only makes it forget.
const maxKnown = 1_000;

/**
 * Makes a policy's gates ready: conditions compiled, the most particular gate first, whatever the order in the file.
 *
 * @param gates whose conditions were checked when the policy was read
 */
export function readyGates(gates: readonly Gate[]): Gates {
  const ready = gates.map(readyGate).toSorted(byParticularity);
  const known = new Map<string, readonly ReadyGate[]>();
  return {
    covering(action) {
      const found = known.get(action);
      if (found) return found;
      const covering = ready.filter((gate) => matchesAction(gate.action, action));
      if (known.size >= maxKnown) known.clear();
      known.set(action, covering);
      return covering;
    },
  };
}

function readyGate(gate: Gate): ReadyGate {
  const compiled = gate.when === undefined ? undefined : compileCondition(gate.when);
  if (compiled?.ok === false) throw new TypeError('a policy with a bad condition was not refused');
  const effect = gate.effect ?? 'require_approval';
  const { action, when } = gate;
  const limit = gate.limit && readyLimit({ action, when, effect }, gate.limit);
  return { action, effect, when, condition: compiled?.condition, limit };
}

function byParticularity(a: ReadyGate, b: ReadyGate): number {
  return (
    Number(a.action.includes('*')) - Number(b.action.includes('*')) ||
    b.action.length - a.action.length ||
    compare(a.action, b.action) ||
    compare(a.when ?? '', b.when ?? '') ||
    compare(a.effect, b.effect)
  );
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
