import type { EffectAnswer, EffectDone } from '@actp/providers/effect-answer';
import type { Effect, EffectRecord, TaskPlan, TaskWork } from '@actp/services/tasks/task-store';
import { messageOf, UnavailableError } from '@actp/shared/errors';
import { setTimeout as delay } from 'node:timers/promises';
import type { Performance } from '../agents/agent.ts';
import { TaskError } from '../agents/task-error.ts';
import type { EngineDeps } from './engine-deps.ts';
import { TaskDelayed, TaskLost } from './interruptions.ts';
import { releaseEffect } from './release.ts';

// How often an effect whose answer is lost is asked for with the same key before it is shown as unknown.
const mostAttempts = 6;
// How often a service may say "not now".
const mostDelays = 8;
const longestDelayMs = 300_000;
// An attempt that is under way is waited for even if the task is lost or the executor stops: its answer is worth having.
const attemptMs = 20_000;

/**
 * Has an effect at most once. What is known of it is in the database before and after every attempt: whoever comes back after a crash goes on from there.
 *
 * @throws TaskError when it has not happened and will not, or nobody knows; TaskDelayed, TaskLost
 */
export async function performEffect(
  deps: EngineDeps,
  work: TaskWork,
  plan: TaskPlan,
  place: number,
  performance: Performance,
): Promise<EffectDone> {
  const effect =
    work.effects.find((known) => known.place === place) ??
    (await releaseEffect(deps, work, plan, place, performance));
  // Whatever this task knows of it from here on.
  work.effects = [...work.effects.filter((known) => known.place !== place), effect];
  if (effect.state !== 'reserved') return ended(effect);

  const begun = await deps.store.beginAttempt(work.id, effect.id);
  if (begun.result === 'lost' || !begun.effect) throw new TaskLost();
  const current = begun.effect;
  if (begun.result === 'settled' || begun.result === 'stopped') return ended(current);
  const answer = await answerOf(deps, current, performance, begun.result === 'look_up');
  return settle(deps, work, current, answer);
}

async function answerOf(
  deps: EngineDeps,
  { payload, key, attempts }: Effect,
  performance: Performance,
  lookUpOnly: boolean,
): Promise<EffectAnswer> {
  const signal = AbortSignal.timeout(attemptMs);
  try {
    // An earlier attempt may have happened: who can be asked, is asked first.
    if (performance.lookUp && (lookUpOnly || attempts > 1)) {
      const known = await performance.lookUp(payload, key, signal);
      if (known) return known;
    }
    if (lookUpOnly) return { state: 'unknown', reason: 'the service no longer knows the key', again: false };
    return await performance.attempt(payload, key, signal);
  } catch (error) {
    deps.log.error({ err: error }, 'an attempt at an effect threw');
    return { state: 'unknown', reason: messageOf(error), again: true };
  }
}

async function settle(
  deps: EngineDeps,
  work: TaskWork,
  effect: Effect,
  answer: EffectAnswer,
): Promise<EffectDone> {
  const { attempts } = effect;
  switch (answer.state) {
    case 'done': {
      const { reference, facts = {} } = answer;
      await record(deps, work, effect, { state: 'done', reference, facts });
      return answer;
    }
    case 'not_done':
      // What is refused now may have happened before.
      if (attempts > 1) {
        const reason = `an earlier attempt may have happened, and a later one was refused: ${answer.reason}`;
        return ended(await record(deps, work, effect, { state: 'unknown', reason }));
      }
      return ended(await record(deps, work, effect, { state: 'not_done', reason: answer.reason }));
    case 'later':
      await record(deps, work, effect, { state: 'not_sent' });
      if (work.claims >= mostDelays) {
        const state = attempts > 1 ? 'unknown' : 'not_done';
        return ended(await record(deps, work, effect, { state, reason: answer.reason }));
      }
      throw new TaskDelayed(pause(deps, work.claims, answer.afterMs), answer.reason);
    case 'unknown':
      if (answer.again && attempts < mostAttempts && effect.key_kept) {
        throw new TaskDelayed(pause(deps, attempts, answer.afterMs), answer.reason);
      }
      return ended(await record(deps, work, effect, { state: 'unknown', reason: answer.reason }));
  }
}

const pause = ({ retryMs }: EngineDeps, count: number, wanted: number | undefined) =>
  Math.min(Math.max(retryMs * 2 ** Math.max(0, count - 1), wanted ?? 0), longestDelayMs);

// An answer of a service is not lost because the database is away for a moment.
async function record(
  deps: EngineDeps,
  work: TaskWork,
  { id }: Effect,
  answer: EffectRecord,
): Promise<Effect> {
  for (let left = 5; ; left -= 1) {
    try {
      const { effect } = await deps.store.record(work.id, id, answer);
      if (!effect) throw new TaskLost();
      work.effects = [...work.effects.filter((known) => known.id !== id), effect];
      return effect;
    } catch (error) {
      if (!(error instanceof UnavailableError) || left === 0) throw error;
      await delay(deps.retryMs / 2);
    }
  }
}

/** @throws TaskError unless it is done */
function ended({ state, reference, facts, reason }: Effect): EffectDone {
  if (state === 'done') return { state, reference: reference ?? '', facts };
  if (state === 'not_done') throw new TaskError('effect_not_done', reason ?? 'it has not happened');
  throw new TaskError('effect_unknown', reason ?? 'nobody knows whether it has happened');
}
