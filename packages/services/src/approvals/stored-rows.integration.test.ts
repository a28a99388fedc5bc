import { beforeEach, describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { asAgent, openVerbs, policyOf } from '../verbs.fixture.ts';
import type { RequestContext } from '../request-context.ts';
import { createApprovalCardStore } from './card-store.ts';
import { decideApproval } from './decide.ts';
import { expireApprovals } from './expire.ts';
import { readApproval } from './read.ts';
import { recordApprovalOutcome } from './record-outcome.ts';
import { redeemApproval } from './redeem.ts';
import { requestApproval, type ApprovalRequest } from './request.ts';
import { sweepApprovals } from './sweep.ts';

const stores = await openStores();
const { deps, state, operator, audited, sql } = await openVerbs(stores);
const ann = await operator('ann@example.com');
const pay = { action: 'pay', details: { amount: 5 } };
const request = (over: Partial<ApprovalRequest> = {}, context = asAgent()) =>
  requestApproval(
    deps,
    {
      ...{ ...pay, requested_by: 'buyer', reason: null, ttl_seconds: 600 },
      ...{ chat_id: null, callback_url: null, idempotency: null },
      ...over,
    },
    context,
  );
const approve = (id: string, action_digest: string | null, reason: string | null = null) =>
  decideApproval(deps, id, { decision: 'approved', action_digest: action_digest ?? '', reason }, ann);

beforeEach(() => {
  state.policy = policyOf('{ action: pay, approval: required }');
});

describe('an approval of another program', () => {
  it('that was never shown cannot be decided, whatever its action is', async () => {
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_approval_queue (action, details, requested_by, expires_at)
       values ('  ', '{}', 'billing', now() + interval '1 hour') returning id`,
    );
    await expect(approve(rows[0]?.id ?? '', 'a'.repeat(64))).rejects.toMatchObject({
      code: 'digest_mismatch',
    });
    const swept = await sweepApprovals({
      db: createDb(stores.env, 'scheduler', 20_000),
      policy: () => state.policy,
      ...{ ttlSeconds: 900, grantSeconds: 300 },
      log: createLogger({ app: 'test', level: 'silent' }),
    });
    expect(swept).toEqual([rows[0]?.id]);
    expect((await audited('approval.cancel')).at(-1)).toMatchObject({ agent_id: 'plane', status: 'ok' });
  });
});

describe('what is kept of a request', () => {
  it('is where its card goes, and who hears of its end', async () => {
    const callback_url = 'https://agent.example/hook';
    const { id } = await request({ chat_id: '-7', callback_url });
    const { rows } = await sql.query('select chat_id, callback_url from actp_approval_queue where id = $1', [
      id,
    ]);
    expect(rows).toEqual([{ chat_id: '-7', callback_url }]);
    expect((await audited('approval.request')).at(-1)).toMatchObject({
      agent_id: 'buyer',
      ip: '203.0.113.7',
    });
  });

  it('is a short reason, and so is that of a decision', async () => {
    const long = 'x'.repeat(3_000);
    const made = await request({ reason: long, requested_by: 'y'.repeat(200) });
    expect([made.reason?.length, made.requested_by.length]).toEqual([2_000, 128]);
    const decided = await approve(made.id, made.action_digest, long);
    expect(decided.decision_reason?.length).toBe(2_000);
  });

  it('is its cost, which conditions read again when it is decided', async () => {
    const made = await request({ cost_usd: 50 });
    const other = await request();
    state.policy = policyOf('{ action: pay, effect: deny, when: "cost_usd > 40.0" }');
    await expect(request({ cost_usd: 50 })).rejects.toMatchObject({ code: 'policy_denied' });
    expect(await request({ cost_usd: 40 })).toMatchObject({ status: 'pending' });
    await expect(approve(made.id, made.action_digest)).rejects.toMatchObject({
      code: 'policy_denied',
      message: expect.stringMatching(/^the policy denies it \(gate:pay\)/) as string,
    });
    state.policy = policyOf('{ action: pay, approval: required }');
    expect(await approve(other.id, other.action_digest)).toMatchObject({ status: 'approved' });
  });
});

describe('what became of a grant', () => {
  it('gives back what limits count, when the part of the plane that did it says that nothing happened', async () => {
    const plane: RequestContext = { ...asAgent(), actor: { kind: 'system', id: 'executor' } };
    const approved = async () => {
      const { id, action_digest } = await request();
      await approve(id, action_digest);
      return id;
    };
    state.policy = policyOf('{ action: pay, approval: required }');
    const [first, second] = [await approved(), await approved()];
    state.policy = policyOf(
      '{ action: pay, approval: required }',
      '{ action: pay, effect: deny, limit: { count: true, per: all, within: 1d, max: 1 } }',
    );
    const redeem = (id: string) => redeemApproval(deps, id, pay, asAgent());
    await redeem(first);
    await expect(redeem(second)).rejects.toMatchObject({ code: 'limit_reached' });
    const failed = { status: 'failed', beforeEffect: true } as const;
    await recordApprovalOutcome(deps, first, failed, undefined, plane);
    expect((await audited('approval.outcome')).at(-1)).toMatchObject({
      ...{ agent_id: 'executor', result: { outcome: 'failed' } },
    });
    expect(await redeem(second)).toHaveProperty('grant_id');
  });
});

describe('where an approval comes from, and what became of it', () => {
  it.each([
    ['plane', { kind: 'system', id: 'executor' }],
    ['http', { kind: 'agent', id: 'buyer' }],
  ] as const)('is told: %s', async (source, actor) => {
    const { id } = await request({}, { ...asAgent(), actor });
    expect(await readApproval(deps.db, id)).toMatchObject({ source, agent_id: actor.id });
  });

  it('is not known when an agent has said nothing for a day', async () => {
    const { id, action_digest } = await request();
    await approve(id, action_digest);
    await redeemApproval(deps, id, pay, asAgent());
    await sql.query(
      `update actp_approval_queue set created_at = now() - interval '3 days', decided_at = now() - interval '3 days',
         redeemed_at = now() - interval '2 days' where id = $1`,
      [id],
    );
    expect(await expireApprovals(createDb(stores.env, 'scheduler', 20_000))).toContain(id);
    expect(await readApproval(deps.db, id)).toMatchObject({
      ...{ status: 'approved', outcome: 'unknown', decided_by: 'operator:ann@example.com' },
    });
  });
});

describe('a reminder', () => {
  it('is sent once by one process, when some of the time has passed', async () => {
    const cards = createApprovalCardStore(createDb(stores.env, 'bot', 20_000));
    const { id, version } = await request();
    await cards.recordCard(id, { chatId: '-1', messageId: 77, version });
    expect(await cards.claimReminder(id, 0)).toBe(false);
    await sql.query(
      `update actp_approval_queue set created_at = now() - interval '9 minutes', expires_at = now() + interval '1 minute' where id = $1`,
      [id],
    );
    expect(await cards.due({ chatId: '-1', withoutChats: [], withoutIds: [], limit: 99 })).toContainEqual({
      ...{ id, kind: 'remind', chat_id: '-1' },
    });
    const { reminders } = (await cards.read(id)) ?? {};
    expect(reminders).toBe(0);
    expect(await cards.claimReminder(id, 5)).toBe(false);
    expect(await cards.claimReminder(id, 0)).toBe(true);
    expect(await cards.claimReminder(id, 0)).toBe(false);
    expect((await cards.read(id))?.reminders).toBeGreaterThan(0);
  });
});
