import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import type { Approval } from './approval.ts';
import { FailedBeforeEffect, OutcomeUnknown, WorkFinished } from './errors.ts';
import type { ReportFailure } from './options.ts';
import { openStandIn, secret, type StandIn } from './stand-in-gateway.fixture.ts';

const action = 'stripe.charge';
const details = { amount_usd: 250, customer: 'c-1' };

/** A person who says yes as soon as it is asked for. */
const approve = (standIn: StandIn) => ({
  onPending: ({ id }: Approval) => standIn.approvals.decide(id, 'approved'),
});

describe('guarding an action', () => {
  it('runs it once after the yes, gives its result and reports the outcome', async () => {
    const standIn = await openStandIn();
    const seen: unknown[] = [];
    const result = await standIn.client().guard(
      action,
      details,
      ({ approval, grantId, details: shown }) => {
        seen.push(shown);
        expect(approval?.status).toBe('approved');
        expect(grantId).toMatch(/^[0-9a-f-]{36}$/);
        return { receipt: 'r-1' };
      },
      { ...approve(standIn), resultToReport: ({ receipt }) => ({ receipt }) },
    );
    expect(result).toEqual({ receipt: 'r-1' });
    expect(seen).toEqual([details]);
    expect(standIn.approvals.all()).toMatchObject([{ outcome: 'succeeded' }]);
    expect(standIn.seen('redeem')).toMatchObject([{ body: { action, details } }]);
    expect(standIn.seen('report')).toMatchObject([
      { body: { status: 'succeeded', result: { receipt: 'r-1' } } },
    ]);
  });

  it('does not run it when a person says no', async () => {
    const standIn = await openStandIn();
    let runs = 0;
    const guarded = standIn.client().guard(action, details, () => (runs += 1), {
      onPending: ({ id }) => standIn.approvals.decide(id, 'rejected'),
    });
    await expect(guarded).rejects.toMatchObject({ code: 'approval_rejected' });
    expect(runs).toBe(0);
    expect(standIn.seen('redeem')).toEqual([]);
  });

  it('acts on what the person saw, whatever became of the details meanwhile', async () => {
    const standIn = await openStandIn();
    const changing = { ...details };
    const charged = await standIn.client().guard(action, changing, (permit) => permit.details.amount_usd, {
      onPending: ({ id }) => {
        changing.amount_usd = 1_000_000;
        standIn.approvals.decide(id, 'approved');
      },
    });
    expect(charged).toBe(250);
    expect(standIn.seen('redeem')).toMatchObject([{ body: { details: { amount_usd: 250 } } }]);
  });

  it('throws what the action throws, and reports that it failed, without the secret', async () => {
    const standIn = await openStandIn();
    const failure = new Error(`the card was declined (key ${secret})`);
    const guarded = standIn.client().guard(action, details, () => Promise.reject(failure), approve(standIn));
    await expect(guarded).rejects.toBe(failure);
    expect(standIn.seen('report')).toMatchObject([
      { body: { status: 'failed', result: { error: 'Error: the card was declined (key [secret])' } } },
    ]);
  });

  it('refuses the same work after it was done, and does other work', async () => {
    const standIn = await openStandIn();
    let runs = 0;
    const charge = (workId?: string) =>
      standIn.client().guard(action, details, () => (runs += 1), { ...approve(standIn), workId });
    await charge();
    await expect(charge()).rejects.toThrow(WorkFinished);
    await expect(charge()).rejects.toThrow('needs another workId');
    await charge('order-2');
    expect(runs).toBe(2);
  });

  it('never runs what somebody else has begun', async () => {
    const standIn = await openStandIn();
    let runs = 0;
    const client = standIn.client();
    const first = client.guard(
      action,
      details,
      async () => {
        runs += 1;
        await expect(client.guard(action, details, () => (runs += 1))).rejects.toThrow(OutcomeUnknown);
      },
      approve(standIn),
    );
    await first;
    expect(runs).toBe(1);
  });

  it('lets one of many run that want the same work at the same moment', async () => {
    const standIn = await openStandIn();
    let runs = 0;
    const all = Array.from({ length: 20 }, () => standIn.client().guard(action, details, () => (runs += 1)));
    const settled = Promise.allSettled(all);
    await eventually(() => standIn.waiting() === 20);
    const [approval] = standIn.approvals.all();
    standIn.approvals.decide(approval?.id ?? '', 'approved');
    const results = await settled;
    expect(runs).toBe(1);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(standIn.approvals.all()).toHaveLength(1);
  });

  it('reports "failed" when it is stopped after the permission was used and before the action ran', async () => {
    const standIn = await openStandIn();
    const stopping = new AbortController();
    let runs = 0;
    standIn.approvals.onChange(() => {
      if (standIn.approvals.all()[0]?.redeemed_at) stopping.abort(new Error('stopped'));
    });
    const guarded = standIn.client().guard(action, details, () => (runs += 1), {
      ...approve(standIn),
      signal: stopping.signal,
    });
    await expect(guarded).rejects.toThrow('stopped');
    expect(runs).toBe(0);
    expect(standIn.approvals.all()).toMatchObject([{ outcome: 'failed' }]);
    expect(standIn.seen('report')).toMatchObject([{ body: { status: 'failed', before_effect: true } }]);
  });

  it('says so when the action failed before it had any effect, and only then', async () => {
    const standIn = await openStandIn();
    const nothing = new FailedBeforeEffect('no route to the bank');
    const guarded = standIn.client().guard(action, details, () => Promise.reject(nothing), approve(standIn));
    await expect(guarded).rejects.toBe(nothing);
    expect(standIn.seen('report')).toMatchObject([
      {
        body: {
          status: 'failed',
          before_effect: true,
          result: { error: expect.stringContaining('no route') },
        },
      },
    ]);
    const other = standIn.client().guard(action, details, () => Promise.reject(new Error('half of it')), {
      ...approve(standIn),
      workId: 'b',
    });
    await expect(other).rejects.toThrow('half of it');
    expect(standIn.seen('report')[1]?.body).not.toHaveProperty('before_effect');
  });
});

describe('reporting how a guarded action ended', () => {
  const charge = (standIn: StandIn, failures: ReportFailure[], run: () => unknown = () => 'charged') =>
    standIn
      .client({ onReportFailure: (failure) => failures.push(failure) })
      .guard(action, details, run, { ...approve(standIn), resultToReport: (result) => ({ result }) });

  it('reports again until the plane is back', async () => {
    const standIn = await openStandIn();
    const failures: ReportFailure[] = [];
    standIn.fail('report', 'reset', 'lost');
    expect(await charge(standIn, failures)).toBe('charged');
    expect(failures).toEqual([]);
    expect(standIn.approvals.all()).toMatchObject([{ outcome: 'succeeded' }]);
  });

  it('gives the result and says so when the plane stays away', async () => {
    const standIn = await openStandIn();
    const failures: ReportFailure[] = [];
    standIn.fail('report', ...Array<'reset'>(30).fill('reset'));
    expect(await charge(standIn, failures)).toBe('charged');
    expect(failures).toMatchObject([
      { outcome: 'succeeded', approval: { action }, error: { code: 'unavailable' } },
    ]);
  });

  it('throws what the action threw also when that cannot be reported', async () => {
    const standIn = await openStandIn();
    const failures: ReportFailure[] = [];
    standIn.fail('report', ...Array<'reset'>(30).fill('reset'));
    const failure = new Error('declined');
    await expect(charge(standIn, failures, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(failures).toMatchObject([{ outcome: 'failed' }]);
  });

  it.each<[string, () => unknown]>([
    ['the plane finds it too large', () => 'large'],
    ['it is not JSON', () => 1n],
  ])('reports the outcome without the result when %s, and says so', async (_why, run) => {
    const standIn = await openStandIn();
    const failures: ReportFailure[] = [];
    if (run() === 'large') standIn.fail('report', { status: 413, body: { code: 'too_large' } });
    expect(await charge(standIn, failures, run)).toBe(run());
    expect(failures).toHaveLength(1);
    expect(standIn.approvals.all()).toMatchObject([{ outcome: 'succeeded' }]);
    expect(standIn.seen('report').at(-1)?.body).toEqual({ status: 'succeeded' });
  });

  it('gives the result also when the listener throws', async () => {
    const standIn = await openStandIn();
    standIn.fail('report', { status: 409, body: { code: 'conflict' } });
    const client = standIn.client({
      onReportFailure: () => {
        throw new Error('a broken listener');
      },
    });
    expect(await client.guard(action, details, () => 'charged', approve(standIn))).toBe('charged');
  });
});
