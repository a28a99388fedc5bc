import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { actionDigest, payloadDigest } from '@actp/shared/approvals/digest';
import { openStores } from '@actp/testing/stores';
import { asAgent, asUser, openVerbs, policyOf } from '../verbs.fixture.ts';
import type { Approval } from './approval-schema.ts';
import { decideApproval } from './decide.ts';
import { readApproval } from './read.ts';
import { recordApprovalOutcome } from './record-outcome.ts';
import { redeemApproval } from './redeem.ts';
import { requestApproval, type ApprovalRequest } from './request.ts';
import { resolveApproval } from './resolve.ts';

const stores = await openStores();
const { deps, state, announced, operator, audited, sql } = await openVerbs(stores);
const ann = await operator('ann@example.com');
const bob = await operator('bob@example.com');
const pay = { action: 'pay', details: { to: 'somebody', amount: 5 } };
const required = '{ action: pay, approval: required }';

const request = (over: Partial<ApprovalRequest> = {}, context = asAgent()) =>
  requestApproval(
    deps,
    {
      ...pay,
      requested_by: 'buyer',
      reason: null,
      ttl_seconds: 600,
      chat_id: null,
      callback_url: null,
      idempotency: null,
      ...over,
    },
    context,
  );
const decide = (
  { id, action_digest }: Approval,
  decision: 'approved' | 'rejected' = 'approved',
  {
    by = ann,
    reason = null,
    digest = action_digest ?? '',
  }: { by?: typeof ann; reason?: string | null; digest?: string } = {},
) => decideApproval(deps, id, { decision, action_digest: digest, reason }, by);
const redeem = ({ id }: { id: string }, payload = pay, context = asAgent()) =>
  redeemApproval(deps, id, payload, context);
const approved = async (over: Partial<ApprovalRequest> = {}) => decide(await request(over));
const denial = (rule: string) => ({ code: 'policy_denied', members: { rule, reasons: expect.any(Array) } });

beforeEach(() => {
  state.policy = policyOf(required);
  state.maxSpendPerTask = 1_000;
  announced.length = 0;
});

describe('a request for an approval', () => {
  it('is kept as it was made, bound to the policy, and announced', async () => {
    state.policy = policyOf('{ action: pay, approval: required, critical: true, approvers: 2 }');
    const key = ['actp', 'key', 'f'.repeat(64)].join('_');
    const details = { z: 1, a: { y: 2, b: [3] } };
    const approval = await request({
      details,
      reason: `because ${key}`,
      requested_by: `me ${key}`,
      cost_usd: 7,
    });
    expect(approval).toMatchObject({
      status: 'pending',
      action: 'pay',
      details,
      agent_id: 'buyer',
      source: 'http',
      policy_version: state.policy.version,
      critical: true,
      approvers: 2,
      approvals: 0,
    });
    expect([approval.reason, approval.requested_by].join()).not.toContain('f'.repeat(64));
    expect(approval.reason).toMatch(/^because /);
    // The two times are of two moments.
    const lasts = Date.parse(approval.expires_at) - Date.parse(approval.created_at);
    expect(Math.round(lasts / 60_000)).toBe(10);
    const { requested_by } = approval;
    const bound = { action: 'pay', details, requested_by, policy_version: state.policy.version };
    expect(approval.action_digest).toBe(actionDigest(bound));
    expect(announced).toEqual([approval]);
    expect(await readApproval(deps.db, approval.id)).toEqual(approval);
    const { rows } = await sql.query(
      `select payload_digest, details_order::text as order, cost_usd::float, grant_seconds from actp_approval_queue where id = $1`,
      [approval.id],
    );
    expect(rows).toEqual([
      {
        payload_digest: payloadDigest({ action: 'pay', details }),
        order: '{"z":0,"a":{"y":0,"b":[0]}}',
        cost_usd: 7,
        grant_seconds: 600,
      },
    ]);
  });

  it('is made once under one key, and for one body', async () => {
    const idempotency = { key: 'order-1', bodyDigest: 'a'.repeat(64) };
    const first = await request({ idempotency });
    expect((await request({ idempotency })).id).toBe(first.id);
    const other = request({ idempotency: { ...idempotency, bodyDigest: 'b'.repeat(64) } });
    await expect(other).rejects.toMatchObject({
      code: 'idempotency_mismatch',
      fields: [{ field: 'Idempotency-Key' }],
    });
    const earlier = { key: 'order-1', bodyDigest: 'c'.repeat(64), earlierBodyDigest: 'a'.repeat(64) };
    expect((await request({ idempotency: earlier })).id).toBe(first.id);
    expect((await request()).id).not.toBe(first.id);
  });

  it('is refused with what the policy has against it, and nobody is asked', async () => {
    state.policy = policyOf(required, '{ action: pay, effect: deny, when: "details.amount > 3" }');
    await expect(request()).rejects.toMatchObject({
      ...denial('gate:pay'),
      message: expect.stringMatching(/^the policy denies it \(gate:pay\): ./),
    });
    expect(announced).toEqual([]);
    expect((await audited('security.policy_violation')).at(-1)).toMatchObject({
      status: 'denied',
      agent_id: 'buyer',
    });
  });

  it('is refused to an agent that may ask for other actions only, and without a normal form', async () => {
    await expect(request({}, asAgent('buyer', ['email.*']))).rejects.toMatchObject({
      code: 'action_not_allowed',
    });
    expect(await request({}, asAgent('buyer', ['email.*', 'pay']))).toMatchObject({ status: 'pending' });
    await expect(request({ action: ' ' })).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('a decision', () => {
  it('is an operator’s, about exactly what was shown', async () => {
    const approval = await request();
    for (const context of [asAgent(), asUser]) {
      await expect(decide(approval, 'approved', { by: context })).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    await expect(decide(approval, 'approved', { digest: 'a'.repeat(64) })).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
    announced.length = 0;
    const key = ['actp', 'key', 'e'.repeat(64)].join('_');
    const decided = await decide(approval, 'approved', { reason: `fine ${key}` });
    expect(decided).toMatchObject({ status: 'approved', decided_by: 'operator:ann@example.com' });
    expect(decided.decision_reason).toMatch(/^fine /);
    expect(decided.decision_reason).not.toContain('e'.repeat(64));
    expect(announced).toEqual([decided]);
    await expect(decide(approval, 'rejected')).rejects.toMatchObject({
      code: 'conflict',
      result: 'already_decided',
    });
    await expect(decide({ ...approval, id: randomUUID() })).rejects.toMatchObject({ code: 'not_found' });
    expect((await audited('approval.decide')).at(-1)).toMatchObject({
      agent_id: 'operator:ann@example.com',
      status: 'denied',
      ip: '203.0.113.7',
    });
  });

  it('takes as many people as the policy asks for, when it was asked or now', async () => {
    state.policy = policyOf('{ action: pay, approval: required, approvers: 2 }');
    const approval = await request();
    expect(await decide(approval)).toMatchObject({ status: 'pending', approvals: 1 });
    expect(await decide(approval, 'approved', { by: bob })).toMatchObject({
      status: 'approved',
      approvals: 2,
    });
  });

  it('cannot be a yes to what the policy denies by now, nor to a cost above the limit of a task', async () => {
    const [first, second] = [await request(), await request({ cost_usd: 50 })];
    state.policy = policyOf('{ action: pay, effect: deny, when: "details.amount > 3" }');
    await expect(decide(first)).rejects.toMatchObject(denial('gate:pay'));
    expect(await decide(first, 'rejected')).toMatchObject({ status: 'rejected' });
    state.policy = policyOf(required);
    state.maxSpendPerTask = 49;
    await expect(decide(second)).rejects.toMatchObject({ code: 'policy_denied' });
    state.maxSpendPerTask = 50;
    expect(await decide(second)).toMatchObject({ status: 'approved' });
  });

  it('that comes after the end finds that it has expired, and announces that', async () => {
    const approval = await request();
    await sql.query(
      `update actp_approval_queue set expires_at = now() - interval '1 second', created_at = now() - interval '1 hour' where id = $1`,
      [approval.id],
    );
    announced.length = 0;
    await expect(decide(approval)).rejects.toMatchObject({ code: 'gone', result: 'expired' });
    expect(announced).toMatchObject([{ id: approval.id, status: 'expired' }]);
  });
});

describe('a grant', () => {
  it('is given once, for what was approved, to who asked', async () => {
    const approval = await approved();
    await expect(
      redeem(approval, { action: 'pay', details: { ...pay.details, amount: 6 } }),
    ).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
    await expect(redeem(approval, pay, asAgent('seller'))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(redeem(approval, pay, asAgent('buyer', ['email.*']))).rejects.toMatchObject({
      code: 'action_not_allowed',
    });
    expect(await redeem(approval)).toEqual({
      grant_id: expect.stringMatching(/^[\da-f-]{36}$/),
      redeemed_at: expect.stringMatching(/Z$/),
    });
    await expect(redeem(approval)).rejects.toMatchObject({ code: 'conflict', result: 'already_redeemed' });
  });

  it('is none without an approval', async () => {
    const approval = await request();
    await expect(redeem(approval)).rejects.toMatchObject({ code: 'conflict', result: 'not_approved' });
    await decide(approval, 'rejected');
    await expect(redeem(approval)).rejects.toMatchObject({ code: 'conflict' });
    await expect(redeem({ id: randomUUID() })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is none for what the policy denies by now, also by its cost', async () => {
    const approval = await approved({ cost_usd: 50 });
    state.policy = policyOf(required, '{ action: pay, effect: deny, when: "cost_usd > 40.0" }');
    await expect(redeem(approval)).rejects.toMatchObject(denial('gate:pay'));
    state.policy = policyOf(required, '{ action: pay, effect: deny, when: "cost_usd > 60.0" }');
    state.maxSpendPerTask = 49;
    await expect(redeem(approval)).rejects.toMatchObject({ code: 'policy_denied' });
    state.maxSpendPerTask = 50;
    expect(await redeem(approval)).toMatchObject({ grant_id: expect.any(String) });
  });

  it('is counted against the limits of the policy, until an operator says that nothing happened', async () => {
    const limit = '{ action: pay, effect: deny, limit: { count: true, per: all, within: 1d, max: 1 } }';
    const [first, second] = [await approved(), await approved()];
    state.policy = policyOf(required, limit);
    await redeem(first);
    await expect(redeem(second)).rejects.toMatchObject({ code: 'limit_reached' });
    // The agent’s own word gives nothing back.
    const failed = { status: 'failed', beforeEffect: true } as const;
    await recordApprovalOutcome(deps, first.id, failed, { error: 'x' }, asAgent());
    await expect(redeem(second)).rejects.toMatchObject({ code: 'limit_reached' });
    for (const context of [asAgent(), asUser]) {
      await expect(resolveApproval(deps, first.id, false, context)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    await resolveApproval(deps, first.id, false, ann);
    expect(await redeem(second)).toMatchObject({ grant_id: expect.any(String) });
  });
});

describe('what became of a grant', () => {
  const outcome = async (
    id: string,
    status: 'succeeded' | 'failed',
    context = asAgent(),
    beforeEffect = false,
  ) => recordApprovalOutcome(deps, id, { status, beforeEffect }, { receipt: 1 }, context);

  it('is what the agent says, once', async () => {
    const approval = await approved();
    await expect(outcome(approval.id, 'succeeded')).rejects.toMatchObject({ result: 'not_redeemed' });
    await redeem(approval);
    await expect(outcome(approval.id, 'succeeded', asAgent('seller'))).rejects.toMatchObject({
      code: 'forbidden',
    });
    announced.length = 0;
    const done = await outcome(approval.id, 'succeeded');
    expect(done).toMatchObject({ outcome: 'succeeded' });
    expect(announced).toEqual([done]);
    expect(await outcome(approval.id, 'succeeded')).toMatchObject({ outcome: 'succeeded' });
    await expect(outcome(approval.id, 'failed')).rejects.toMatchObject({ result: 'already_recorded' });
    await expect(resolveApproval(deps, approval.id, false, ann)).rejects.toMatchObject({ code: 'conflict' });
    expect((await audited('approval.outcome')).at(-1)?.result).toMatchObject({ result: { receipt: 1 } });
  });

  it('is what an operator says where nobody else did', async () => {
    for (const [happened, said] of [
      [true, 'succeeded'],
      [false, 'failed'],
    ] as const) {
      const approval = await approved();
      await redeem(approval);
      expect(await resolveApproval(deps, approval.id, happened, ann)).toMatchObject({ outcome: said });
      expect((await audited('approval.outcome')).at(-1)).toMatchObject({
        agent_id: 'operator:ann@example.com',
        result: { outcome: said, confirmed: true },
      });
    }
  });
});
