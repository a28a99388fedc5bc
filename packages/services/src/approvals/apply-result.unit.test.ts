import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { asAgent, policyOf } from '../verbs.fixture.ts';
import type { Approval } from './approval-schema.ts';
import { settle, settledApproval } from './apply-result.ts';
import { facts } from './card/card.fixture.ts';
import { importApprovals } from './import.ts';
import { redeemApproval } from './redeem.ts';

const approval: Approval = { ...facts('{}').approval, details: {} };
const announced: Approval[] = [];
/** A database that gives these answers, one after the other. */
const answering = (...answers: unknown[]) => ({ call: () => Promise.resolve(answers.shift() as never) });
const depsOf = (...answers: unknown[]) => {
  announced.length = 0;
  return { db: answering(...answers), announce: (one: Approval) => void announced.push(one) };
};

describe('what the database answers', () => {
  it('is announced when something has changed, and only then', () => {
    const deps = depsOf();
    expect(settle(deps, { result: 'decided', approval })).toEqual({ approval });
    expect(announced).toEqual([approval]);
    announced.length = 0;
    expect(settle(deps, { result: 'decided', traceparent: 't', grant_id: 'g' })).toEqual({ grant_id: 'g' });
    expect(() => settle(deps, { result: 'already_decided', approval })).toThrow('already decided');
    expect(announced).toEqual([]);
    // What a refused call has found to be over is a change.
    expect(() => settle(deps, { result: 'expired', approval })).toThrow('expired without a decision');
    expect(announced).toEqual([approval]);
    announced.length = 0;
    expect(() => settle(deps, { result: 'expired' })).toThrow('expired without a decision');
    expect(announced).toEqual([]);
  });

  it('brings the approval, and the grant', async () => {
    expect(settledApproval(depsOf(), { result: 'decided', approval })).toEqual(approval);
    expect(() => settledApproval(depsOf(), { result: 'decided' })).toThrow(
      expect.objectContaining({ code: 'internal', message: 'the database returned no approval' }),
    );
    const redeem = (answer: object) => {
      const deps = { ...depsOf(answer), policy: () => policyOf(), maxSpendPerTask: 100 };
      return redeemApproval(deps, approval.id, { action: 'pay', details: {} }, asAgent());
    };
    const none = { code: 'internal', message: 'the database returned no grant' };
    const redeemed_at = '2026-11-02T13:00:00.000Z';
    await expect(redeem({ result: 'redeemed', redeemed_at })).rejects.toMatchObject(none);
    await expect(redeem({ result: 'redeemed', grant_id: 'g' })).rejects.toMatchObject(none);
    expect(await redeem({ result: 'redeemed', grant_id: 'g', redeemed_at })).toEqual({
      grant_id: 'g',
      redeemed_at,
    });
  });
});

describe('rows that other programs inserted', () => {
  const row = (over: object = {}) => ({
    ...{ id: approval.id, action: 'pay', requested_by: 'billing', details: '{}' },
    ...over,
  });
  const lines: Array<{ level: string; msg: string; problem?: string; approval_id: string; rule?: string }> =
    [];
  const importOf = (rows: object[], ...answers: unknown[]) => {
    lines.length = 0;
    return importApprovals({
      db: answering(rows, ...answers),
      policy: () => policyOf('{ action: sell, effect: deny }'),
      ...{ ttlSeconds: 900, grantSeconds: 300 },
      log: createLogger({
        app: 'test',
        level: 'info',
        destination: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
      }),
    });
  };

  it('that cannot be read are cancelled, and keep no other waiting', async () => {
    const other = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
    const changed = await importOf(
      [row({ details: '{' }), row({ id: other })],
      { result: 'cancelled' },
      true,
    );
    expect(changed).toEqual([approval.id, other]);
    expect(lines).toMatchObject([
      {
        ...{ level: 'warn', approval_id: approval.id },
        msg: 'inserted approval cancelled: it cannot be imported',
        problem: expect.stringMatching(/^it cannot be read: ./) as string,
      },
      { level: 'info', msg: 'inserted approval imported', approval_id: other },
    ]);
  });

  it.each([
    ['imported', 'pay', []],
    ['denied', 'sell', [{ rule: 'gate:sell', approval_id: approval.id, level: 'warn' }]],
  ])('are changed by one copy alone when they are %s', async (_what, action, warned) => {
    expect(await importOf([row({ action })], false)).toEqual([]);
    expect(lines).toMatchObject(warned);
    expect(lines).toHaveLength(warned.length);
    expect(await importOf([row({ action })], true)).toEqual([approval.id]);
  });
});
