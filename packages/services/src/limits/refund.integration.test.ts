import { beforeEach, describe, expect, it } from 'vitest';
import type { LimitClaim } from '@actp/policy/limit';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs } from '../verbs.fixture.ts';
import { claimLimits } from './claim.ts';
import { createLimits } from './limits.ts';
import { recordGuardOutcome } from './record-outcome.ts';

const stores = await openStores();
const { deps, sql, audited } = await openVerbs(stores);
const { db } = deps;
const logged: string[] = [];
const log = createLogger({
  app: 'test',
  level: 'info',
  destination: { write: (line) => void logged.push(line) },
});
const request = { agent: 'buyer', action: 'pay' };
const work = { key: 'job-1', bodyDigest: 'a'.repeat(64) };
const claimOf = (over: Partial<LimitClaim> = {}): LimitClaim => ({
  ...{ counter: 'c', amount: '5', max: '5', seconds: 600, over: 'deny' },
  ...{ rule: 'gate:pay', detail: 'at most 5' },
  ...over,
});
const granted = async (...asked: Parameters<typeof claimLimits>) => {
  const claimed = await claimLimits(...asked);
  if ('decision' in claimed) throw new Error('nothing was granted');
  return claimed.grantId;
};

beforeEach(async () => {
  logged.length = 0;
  await sql.query('truncate actp_limit_grants, actp_limit_uses cascade');
});

describe('a grant that is not given out after all', () => {
  it('is counted no more, and its work may be asked about again', async () => {
    const first = await granted(db, [claimOf()], request, work);
    expect(await claimLimits(db, [claimOf()], request, work)).toEqual({
      ...{ grantId: first, repeated: { outcome: null } },
    });
    await createLimits({ db, log }).refund(first, asAgent());
    const again = await createLimits({ db, log }).claim([claimOf()], request, work);
    expect(again).toEqual({ grantId: expect.stringMatching(/^[\da-f-]{36}$/) as string });
    expect(again).not.toEqual({ grantId: first });
    expect(logged).toEqual([]);
  });

  it('stays counted when that fails, which is said', async () => {
    const away = { call: () => Promise.reject(new Error('away')) };
    await createLimits({ db: away, log }).refund('a-grant', asAgent());
    expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'warn', msg: 'limit refund failed', grant_id: 'a-grant', err: { message: 'away' } },
    ]);
  });
});

describe('what became of a grant', () => {
  it('is recorded with who has said so', async () => {
    const grant = await granted(db, [claimOf()], request);
    await recordGuardOutcome(db, grant, { status: 'succeeded', beforeEffect: false }, asAgent());
    expect((await audited('guard.outcome')).at(-1)).toMatchObject({
      ...{ agent_id: 'buyer', ip: '203.0.113.7' },
    });
    expect(await claimLimits(db, [claimOf()], request)).toHaveProperty('decision');
    const refused = recordGuardOutcome(db, grant, { status: 'failed', beforeEffect: true }, asAgent());
    await expect(refused).rejects.toMatchObject({
      ...{ code: 'conflict', message: 'another outcome is already recorded' },
    });
    const nobodys = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
    const unknown = recordGuardOutcome(db, nobodys, { status: 'failed', beforeEffect: true }, asAgent());
    await expect(unknown).rejects.toMatchObject({ code: 'not_found', message: 'no such grant' });
  });

  it('gives back only what failed before any effect', async () => {
    const grant = await granted(db, [claimOf()], request);
    await recordGuardOutcome(db, grant, { status: 'failed', beforeEffect: false }, asAgent());
    expect(await claimLimits(db, [claimOf()], request)).toHaveProperty('decision');
    const once = { ...work, key: 'job-9' };
    const failed = await granted(db, [], request, once);
    await recordGuardOutcome(db, failed, { status: 'failed', beforeEffect: false }, asAgent());
    expect(await claimLimits(db, [], request, once)).toEqual({
      ...{ grantId: failed, repeated: { outcome: 'failed' } },
    });
  });
});

describe('limits that are reached', () => {
  const ask = { counter: 'b', over: 'require_approval', rule: 'gate:p*', detail: 'ask beyond 4' } as const;

  it.each([
    ['the only one', [ask], { effect: 'require_approval', rule: 'gate:p*' }, ['ask beyond 4']],
    ['the stricter', [ask, {}], { effect: 'deny', rule: 'gate:pay' }, ['ask beyond 4', 'at most 5']],
    [
      'the one of two',
      [ask, { max: '50' }],
      { effect: 'require_approval', rule: 'gate:p*' },
      ['ask beyond 4'],
    ],
  ])('decide as %s of them says, with what is against it', async (_which, claims, decision, details) => {
    const asked = claims.map((over) => claimOf({ amount: '6', ...over }));
    expect(await claimLimits(db, asked, request)).toEqual({
      decision: { ...decision, reasons: details.map((detail) => ({ code: 'limit_reached', detail })) },
    });
  });

  it('hold back work for which people were asked before', async () => {
    await sql.query(`select request_approval($1, $2)`, [
      {
        ...{ action: 'pay', details: {}, requested_by: 'buyer', ttl_seconds: 600, grant_seconds: 600 },
        ...{ idempotency_key: work.key, request_digest: work.bodyDigest },
      },
      { agent_id: 'buyer', source: 'http' },
    ]);
    const detail = 'an approval was requested for this work before, under the same Idempotency-Key';
    expect(await claimLimits(db, [], request, work)).toEqual({
      decision: {
        ...{ effect: 'require_approval', rule: 'idempotency' },
        reasons: [{ code: 'approval_required', detail }],
      },
    });
  });

  it('cannot be none of those that were asked about', async () => {
    const answers = (over: number[]) => ({ call: () => Promise.resolve({ result: 'over', over } as never) });
    for (const over of [[], [7]]) {
      await expect(claimLimits(answers(over), [claimOf()], request)).rejects.toMatchObject({
        ...{ code: 'internal', message: 'the database returned no limit' },
      });
    }
  });
});
