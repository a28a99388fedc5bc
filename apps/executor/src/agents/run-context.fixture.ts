import type { EffectAnswer, EffectDone } from '@actp/providers/effect-answer';
import type { Agent, Cost, JsonObject, Performance, RunContext } from './agent.ts';
import { TaskError } from './task-error.ts';

const { signal } = new AbortController();
const mostAttempts = 6;

/** What is kept of a task's effect, as the database would. */
interface Kept {
  payload: JsonObject;
  attempts: number;
  settled: EffectAnswer | undefined;
}

/**
 * A task of one agent without the executor: plans it, and has its effect at most once, by the same rules. What it knows outlives a run that
 * breaks off, so that `run` can be called again as after a crash.
 */
export async function planTask<Input>(agent: Agent<Input>, input: unknown, key = 'actp-key-1') {
  const parsed = agent.input.parse(input);
  const cost: Cost = await agent.estimateCost(parsed, { taskId: 'task-1', signal });
  const effects = agent.effects(parsed, cost, { taskId: 'task-1' });
  const kept: Kept[] = [];

  async function perform(index: number, performance: Performance): Promise<EffectDone> {
    const effect = (kept[index] ??= {
      payload: await performance.prepare(),
      attempts: 0,
      settled: undefined,
    });
    while (effect.settled === undefined) {
      effect.attempts += 1;
      const earlier = effect.attempts > 1;
      const found = earlier ? await performance.lookUp?.(effect.payload, key, signal) : undefined;
      const answer = found ?? (await performance.attempt(stored(effect.payload), key, signal));
      if (answer.state === 'done') effect.settled = answer;
      else if (effect.attempts >= mostAttempts)
        effect.settled = { ...answer, state: 'unknown', again: false };
      else if (answer.state === 'not_done') {
        effect.settled = earlier ? { state: 'unknown', reason: answer.reason, again: false } : answer;
      } else if (answer.state === 'unknown' && !answer.again) effect.settled = answer;
    }
    if (effect.settled.state === 'done') return effect.settled;
    throw new TaskError(`effect_${effect.settled.state}`, effect.settled.reason);
  }

  const context: RunContext<Input> = {
    taskId: 'task-1',
    signal,
    input: parsed,
    facts: cost.facts,
    atMostMinor: cost.atMostMinor === 'unknown' ? 100_000 : cost.atMostMinor,
    perform,
    step: async () => undefined,
  };
  return {
    cost,
    effects,
    kept,
    run: (changes: Partial<RunContext<Input>> = {}) => agent.run({ ...context, ...changes }),
  };
}

/** The same payload as the database gives it back: its fields in another order. */
const stored = (payload: JsonObject): JsonObject => Object.fromEntries(Object.entries(payload).toReversed());
