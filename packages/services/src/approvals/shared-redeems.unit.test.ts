import { describe, expect, it } from 'vitest';
import type { Db } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import type { ApprovalPayload } from '@actp/shared/approvals/digest';
import { UnavailableError } from '@actp/shared/errors';
import type { RequestContext } from '../request-context.ts';
import type { Grant, RedeemApprovalDeps } from './redeem.ts';
import { refusalOf } from './refusals.ts';
import { createSharedRedeems } from './shared-redeems.ts';

const approvalId = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
const payload = { action: 'dm.bulk_send', details: { recipients: 25 } };
const contextOf = (id: string, requestId = 'r'): RequestContext => ({
  actor: { kind: 'agent', id },
  ip: '127.0.0.1',
  userAgent: null,
  requestId,
});

type Question = { payload: ApprovalPayload; context: RequestContext };

/** A database that is asked by hand: each question waits for its answer. */
function openRedeems(answer: (question: Question) => Grant) {
  const questions: Question[] = [];
  const rows: AuditRow[] = [];
  const open: Array<() => void> = [];
  const never = () => Promise.reject(new Error('not asked here'));
  const db: Db = { call: never };
  // What the real one needs beside these is the database's own.
  const deps = { db, announce: () => undefined } as unknown as RedeemApprovalDeps;
  const redeem = createSharedRedeems(
    {
      ...deps,
      audit: {
        record: never,
        write: never,
        writeLater: (row) => void rows.push(row),
        settled: () => Promise.resolve(),
      },
    },
    async (_deps, _id, asked, context) => {
      questions.push({ payload: asked, context });
      await new Promise<void>((resolve) => open.push(resolve));
      return answer({ payload: asked, context });
    },
  );
  return {
    questions,
    rows,
    redeem,
    /** Answers what is asked and will be asked. */
    async answerAll<T>(results: Promise<T>): Promise<T> {
      const over = new AbortController();
      const ended = results.finally(() => over.abort());
      ended.catch(() => undefined); // whoever waits for it hears it later
      while (!over.signal.aborted) {
        open.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return ended;
    },
  };
}

/** An approval that gives its grant once. */
function once(): () => Grant {
  let given = false;
  return () => {
    if (given) throw refusalOf('already_redeemed') ?? new Error();
    given = true;
    return { grant_id: 'the one', redeemed_at: '2026-01-01T00:00:00.000Z' };
  };
}

const codes = (results: ReadonlyArray<PromiseSettledResult<Grant>>) =>
  Map.groupBy(results, (result) =>
    result.status === 'fulfilled' ? 'granted' : String((result.reason as { code: unknown }).code),
  );

describe('parallel redeems of one approval', () => {
  it('are two questions, however many they are; one is granted, and each refused one is recorded', async () => {
    const { redeem, questions, rows, answerAll } = openRedeems(once());
    const asked = Array.from({ length: 2_000 }, (_, index) =>
      redeem(approvalId, payload, contextOf('worker', `request-${index}`)),
    );
    const results = codes(await answerAll(Promise.allSettled(asked)));
    expect(results.get('granted')).toHaveLength(1);
    expect(results.get('conflict')).toHaveLength(1_999);
    expect(questions).toHaveLength(2);
    // The database has recorded the first ones of both questions.
    expect(new Set(rows.map(({ request_id }) => request_id)).size).toBe(1_998);
    expect(rows[0]).toMatchObject({
      agent_id: 'worker',
      action_type: 'approval.redeem',
      status: 'denied',
      approval_id: approvalId,
      source: 'plane',
      result: { action: 'dm.bulk_send', refused: 'already_redeemed' },
    });
  });

  it('give the one grant to one of those who share, when those who came first were refused', async () => {
    let approved = false;
    const grant = once();
    const { redeem, answerAll } = openRedeems(() => {
      if (!approved) throw refusalOf('not_approved') ?? new Error();
      return grant();
    });
    const early = redeem(approvalId, payload, contextOf('worker'));
    // Under way: what it is told is not what is true for those who come later.
    const late = Promise.allSettled([1, 2, 3].map(() => redeem(approvalId, payload, contextOf('worker'))));
    await expect(answerAll(early)).rejects.toMatchObject({ message: 'not approved' });
    approved = true;
    const results = codes(await answerAll(late));
    expect(results.get('granted')).toHaveLength(1);
    expect(results.get('conflict')).toHaveLength(2);
  });

  it('are answered in many turns, with room for others in between', async () => {
    const { redeem, answerAll } = openRedeems(once());
    const answered: number[] = [];
    const seen = new Set<number>();
    const asked = Array.from({ length: 1_000 }, (_, index) =>
      redeem(approvalId, payload, contextOf('worker')).then(
        () => answered.push(index),
        () => answered.push(index),
      ),
    );
    const watch = async () => {
      while (answered.length < asked.length) {
        seen.add(answered.length);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await answerAll(Promise.all([...asked, watch()]));
    expect(seen.size).toBeGreaterThan(10);
  });

  it('with another payload or of another agent have a question and an answer of their own', async () => {
    const { redeem, questions, answerAll } = openRedeems(({ payload: asked }) => {
      if (asked.action !== payload.action) throw refusalOf('digest_mismatch') ?? new Error();
      return once()();
    });
    const other = { ...payload, action: 'other' };
    const results = await answerAll(
      Promise.allSettled([
        redeem(approvalId, other, contextOf('worker')),
        redeem(approvalId, payload, contextOf('worker')),
        redeem(approvalId, payload, contextOf('second')),
        redeem(approvalId, other, contextOf('worker')),
      ]),
    );
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'rejected']);
    expect([...codes(results).keys()]).toEqual(['digest_mismatch', 'granted']);
    expect(questions.map(({ context }) => context.actor.id)).toEqual([
      'worker',
      'worker',
      'second',
      'worker',
    ]);
  });

  it('share the failure of the database, and the next one asks again', async () => {
    let away = true;
    const grant = once();
    const { redeem, rows, answerAll } = openRedeems(() => {
      if (away) throw new UnavailableError('the database');
      return grant();
    });
    const asked = Array.from({ length: 5 }, () => redeem(approvalId, payload, contextOf('worker')));
    const results = codes(await answerAll(Promise.allSettled(asked)));
    expect(results.get('unavailable')).toHaveLength(5);
    expect(rows).toEqual([]);
    away = false;
    expect(await answerAll(redeem(approvalId, payload, contextOf('worker')))).toMatchObject({
      grant_id: 'the one',
    });
  });

  it('of too many different kinds are refused, and take nothing from other approvals', async () => {
    const { redeem, answerAll } = openRedeems(() => once()());
    const asked = Array.from({ length: 40 }, (_, index) =>
      redeem(approvalId, { ...payload, action: `other.${index}` }, contextOf('worker')),
    );
    const elsewhere = redeem('0b0e3c1e-6a55-4a0c-9a39-6a1f1b1f0c11', payload, contextOf('worker'));
    const results = codes(await answerAll(Promise.allSettled([...asked, elsewhere])));
    expect(results.get('unavailable')).toHaveLength(7);
    expect(results.get('granted')).toHaveLength(34);
  });

  it('share a question of theirs though there is no room for another kind', async () => {
    const { redeem, questions, answerAll } = openRedeems(() => once()());
    const kinds = [...Array.from({ length: 33 }, (_, index) => index), 32, 1];
    const asked = kinds.map((kind) =>
      redeem(approvalId, { ...payload, action: `other.${kind}` }, contextOf('worker')),
    );
    const results = codes(await answerAll(Promise.allSettled(asked)));
    expect(results.get('unavailable')).toBeUndefined();
    expect(results.get('granted')).toHaveLength(33);
    expect(results.get('conflict')).toHaveLength(2);
    expect(questions).toHaveLength(33);
  });

  it('of one that is not there leave no rows, as the database leaves none', async () => {
    const { redeem, rows, answerAll } = openRedeems(() => {
      throw refusalOf('not_found') ?? new Error();
    });
    const asked = [1, 2, 3].map(() => redeem(approvalId, payload, contextOf('worker')));
    expect([...codes(await answerAll(Promise.allSettled(asked))).keys()]).toEqual(['not_found']);
    expect(rows).toEqual([]);
  });
});
