import type { EffectAnswer } from '@actp/providers/effect-answer';
import { afterEach, describe, expect, it } from 'vitest';
import { openExecutor } from '../executor.fixture.ts';

const bench = await openExecutor();
afterEach(() => bench.sql.query('delete from actp_kill_switches'));

type Answers = ReadonlyArray<EffectAnswer | Error | undefined>;

const done: EffectAnswer = { state: 'done', reference: 'paid' };
const lost: EffectAnswer = { state: 'unknown', reason: 'no answer', again: true };
const hopeless: EffectAnswer = { state: 'unknown', reason: 'the key is used', again: false };
const refused: EffectAnswer = { state: 'not_done', reason: 'declined' };
const later: EffectAnswer = { state: 'later', reason: 'too many requests' };

/** A payment whose provider answers in this turn, the last answer again and again. */
async function paidWith(
  attempts: Answers,
  lookUps: Answers = [],
  meanwhile = () => Promise.resolve<unknown>(0),
) {
  const keys: string[] = [];
  let looks = 0;
  const turn = (answers: Answers, at: number) => {
    const answer = answers[Math.min(at, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  await bench.start({
    timings: { retryMs: 2, sweepMs: 20 },
    outside: {
      async pay(_payload, key) {
        keys.push(key);
        await meanwhile();
        return turn(attempts, keys.length - 1) ?? done;
      },
      ...(lookUps.length > 0 && { lookUp: () => Promise.resolve(turn(lookUps, (looks += 1) - 1)) }),
    },
  });
  const id = await bench.ask(await bench.user(), 'pay 500');
  const { approval_id } = await bench.inStatus(id, 'awaiting_approval');
  await bench.decide(approval_id, 'approved');
  const { status, error_code, effects } = await bench.ended(id);
  expect(new Set(keys).size).toBe(1);
  return { end: error_code ?? status, state: effects[0]?.state, attempts: keys.length, looks };
}

describe('[EFF-001] a payment', () => {
  it.each<[what: string, attempts: Answers, lookUps: Answers, end: string, attempts: number, looks: number]>([
    ['lost is looked up before it is made again', [lost], [done], 'succeeded', 1, 1],
    ['lost and not found is made again', [lost, done], [undefined], 'succeeded', 2, 1],
    ['lost and then refused may have happened', [lost, refused], [undefined], 'effect_unknown', 2, 1],
    ['refused at once has not happened', [refused], [undefined], 'effect_not_done', 1, 0],
    ['that must not be asked for again is not', [hopeless, done], [done], 'effect_unknown', 1, 0],
    ['whose attempt throws is unknown, and made again', [new Error('x'), done], [], 'succeeded', 2, 0],
    ['that is never taken has not happened', [later], [], 'effect_not_done', 9, 0],
    ['lost, and never taken again, may have happened', [lost, later], [], 'effect_unknown', 9, 0],
    ['lost again and again is unknown at some time', [lost], [], 'effect_unknown', 6, 0],
  ])('%s', async (_what, attempts, lookUps, end, made, looks) => {
    expect(await paidWith(attempts, lookUps)).toMatchObject({ end, attempts: made, looks });
  });

  const forget = () =>
    bench.sql.query(`update actp_task_effects set first_attempt_at = first_attempt_at - interval '2 days'`);
  it.each<[lookUps: Answers, end: string]>([
    [[], 'effect_unknown'],
    [[undefined], 'effect_unknown'],
    [[done], 'succeeded'],
  ])('whose key is forgotten is not made again, and looked up where that can be: %j', async (found, end) => {
    expect(await paidWith([lost, done], found, forget)).toMatchObject({ end, attempts: 1 });
  });

  it('[SEC-012] that was lost is not made again once it is stopped', async () => {
    const stop = () =>
      bench.sql.query(`select set_kill_switch('action:payment.*', 'wrong', 'operator:op@example.com', '{}')`);
    expect(await paidWith([lost, done], [done], stop)).toMatchObject({
      end: 'effect_unknown',
      attempts: 1,
      looks: 0,
    });
  });
});
