import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { FailedBeforeEffect, OutcomeUnknown, PolicyDenied, WorkFinished } from './errors.ts';
import type { ReportFailure } from './options.ts';
import { openStandIn } from './stand-in-gateway.fixture.ts';

const action = 'stripe.charge';
const details = { amount_usd: 25, customer: 'c-1' };

describe('guarding asks the policy first [TRU-006]', () => {
  it('runs what it allows: nobody is asked, in one call', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow');
    const result = await standIn.client().guard(action, details, ({ approval, grantId, details: shown }) => {
      expect(approval).toBeUndefined();
      expect(grantId).toMatch(/^[0-9a-f-]{36}$/);
      return shown.amount_usd;
    });
    expect(result).toBe(25);
    expect(standIn.seen().map(({ call }) => call)).toEqual(['guard']);
    expect(standIn.approvals.all()).toEqual([]);
  });

  it('throws PolicyDenied for what it denies, with rule and reasons, and runs nothing', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('deny');
    let runs = 0;
    const guarded = standIn.client().guard(action, details, () => (runs += 1));
    await expect(guarded).rejects.toThrow(PolicyDenied);
    await expect(guarded).rejects.toMatchObject({
      code: 'policy_denied',
      message: 'the policy denies it (gate:deny): the policy denies it',
      rule: 'gate:deny',
      reasons: [{ code: 'denied', detail: 'the policy denies it' }],
    });
    expect(runs).toBe(0);
    expect(standIn.seen()).toHaveLength(1);
  });

  it('sends everything that an approval would need along', async () => {
    const standIn = await openStandIn();
    await standIn.client().guard(action, details, () => undefined, {
      ...{
        workId: 'order-1',
        reason: 'why',
        ttlSeconds: 60,
        chatId: '-1',
        callbackUrl: 'http://127.0.0.1:9/',
      },
      ...{ text: 'please', textSource: 'user', costUsd: 2.5 },
      onPending: ({ id }) => standIn.approvals.decide(id, 'approved'),
    });
    const [asked] = standIn.seen('guard');
    expect(asked?.headers['idempotency-key']).toMatch(/^work-[0-9a-f]{64}$/);
    expect(asked?.body).toEqual({
      ...{ action, details, request_approval: true, once: true },
      ...{ reason: 'why', ttl_seconds: 60, chat_id: '-1', callback_url: 'http://127.0.0.1:9/' },
      ...{ text: 'please', text_source: 'user', cost_usd: 2.5 },
    });
    expect(standIn.seen('ask')).toEqual([]);
  });

  it('says no when the policy denies what was approved, at the last moment', async () => {
    const standIn = await openStandIn();
    standIn.fail('redeem', {
      status: 403,
      body: {
        code: 'policy_denied',
        detail: 'never',
        rule: 'gate:x',
        reasons: [{ code: 'denied', detail: 'd' }],
      },
    });
    let runs = 0;
    const guarded = standIn.client().guard(action, details, () => (runs += 1), {
      onPending: ({ id }) => standIn.approvals.decide(id, 'approved'),
    });
    await expect(guarded).rejects.toMatchObject({
      name: 'PolicyDenied',
      rule: 'gate:x',
      reasons: [{ code: 'denied', detail: 'd' }],
    });
    expect(runs).toBe(0);
  });

  it.each<[string, unknown]>([
    ['no effect', { rule: 'r', reasons: [] }],
    ['an effect that is not known', { effect: 'perhaps', rule: 'r', reasons: [] }],
    ['an approval that is none', { effect: 'require_approval', rule: 'r', approval: { status: 'approved' } }],
    ['no approval', { effect: 'require_approval', rule: 'r', reasons: [] }],
    ['a list', []],
  ])('takes no yes from an answer with %s', async (_what, body) => {
    const standIn = await openStandIn();
    standIn.fail('guard', { status: 200, body });
    let runs = 0;
    const guarded = standIn.client({ retrySeconds: 0 }).guard(action, details, () => (runs += 1));
    await expect(guarded).rejects.toMatchObject({ code: 'unavailable' });
    expect(runs).toBe(0);
  });
});

describe('allowed work that has a workId [TRU-006]', () => {
  const workId = 'order-7';

  it('runs once; what was done is not done again', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow');
    let runs = 0;
    const charge = (id: string) => standIn.client().guard(action, details, () => (runs += 1), { workId: id });
    await charge(workId);
    await expect(charge(workId)).rejects.toThrow(WorkFinished);
    await charge('order-8');
    expect(runs).toBe(2);
    expect(standIn.guard.grants().map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  });

  it('runs once of many at the same moment', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow');
    let runs = 0;
    const all = Array.from({ length: 20 }, () =>
      standIn.client().guard(action, details, () => (runs += 1), { workId }),
    );
    const results = await Promise.allSettled(all);
    expect(runs).toBe(1);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('does not run when the answer got lost: another attempt may be doing it', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow');
    standIn.fail('guard', 'lost');
    let runs = 0;
    const guarded = standIn.client().guard(action, details, () => (runs += 1), { workId });
    await expect(guarded).rejects.toThrow(OutcomeUnknown);
    expect(runs).toBe(0);
  });

  it('is not run again after the process ended in the middle of it', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow');
    let runs = 0;
    const charge = () =>
      standIn
        .client({ onReportFailure: () => undefined })
        .guard(action, details, () => (runs += 1), { workId });
    standIn.fail('guard-outcome', ...Array<'reset'>(30).fill('reset'));
    await charge();
    await expect(charge()).rejects.toMatchObject({ code: 'outcome_unknown', approval: undefined });
    expect(runs).toBe(1);
  });

  it('is not asked about when the policy has become stricter since it was allowed', async () => {
    const standIn = await openStandIn();
    standIn.fail('guard', { status: 409, body: { code: 'conflict', detail: 'allowed before' } });
    let runs = 0;
    const guarded = standIn.client().guard(action, details, () => (runs += 1), { workId });
    await expect(guarded).rejects.toThrow(OutcomeUnknown);
    expect(runs).toBe(0);
  });

  it('without a workId runs as often as it is allowed', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow');
    let runs = 0;
    for (let n = 0; n < 3; n += 1) await standIn.client().guard(action, details, () => (runs += 1));
    expect(runs).toBe(3);
  });

  it('is reported as failed when it is stopped before it ran', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow');
    const stopping = new AbortController();
    standIn.fail('guard', { status: 503, body: { code: 'unavailable' } });
    let runs = 0;
    const guarded = standIn.client().guard(action, details, () => (runs += 1), {
      workId,
      signal: stopping.signal,
    });
    const failure = guarded.catch((error: unknown) => error);
    await eventually(() => standIn.seen('guard').length === 1);
    stopping.abort(new Error('stopped'));
    expect(await failure).toMatchObject({ message: 'stopped' });
    expect(runs).toBe(0);
    expect(standIn.guard.grants()).toMatchObject([{ outcome: 'failed' }]);
  });
});

describe('an allow that counts against limits', () => {
  it.each<[string, () => unknown, object]>([
    ['that it succeeded', () => 1, { status: 'succeeded' }],
    ['that it failed', () => Promise.reject(new Error('half')), { status: 'failed' }],
    [
      'that it failed before any effect',
      () => Promise.reject(new FailedBeforeEffect('no route')),
      { status: 'failed', before_effect: true },
    ],
  ])('has its outcome reported: %s', async (_what, run, report) => {
    const standIn = await openStandIn();
    standIn.guard.say('allow', { counted: true });
    const guarded = standIn
      .client()
      .guard(action, details, run, { resultToReport: () => ({ never: 'sent' }) });
    await guarded.catch(() => undefined);
    expect(standIn.seen('guard-outcome').map(({ body }) => body)).toEqual([report]);
  });

  it('gives its result and says so when the outcome cannot be reported', async () => {
    const standIn = await openStandIn();
    standIn.guard.say('allow', { counted: true });
    standIn.fail('guard-outcome', { status: 409, body: { code: 'conflict' } });
    const failures: ReportFailure[] = [];
    const client = standIn.client({ onReportFailure: (failure) => failures.push(failure) });
    expect(await client.guard(action, details, () => 'charged')).toBe('charged');
    const [grant] = standIn.guard.grants();
    expect(failures).toMatchObject([{ approval: undefined, grantId: grant?.id, outcome: 'succeeded' }]);
  });
});
