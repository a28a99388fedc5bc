import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';
import { auditHandlers } from '../audit/audit.fixture.ts';
import { json, openGateway, openWorker, type TestGateway } from '../gateway.fixture.ts';

interface Answer {
  effect: string;
  rule: string;
  reasons: Array<{ code: string; detail: string }>;
  grant_id?: string;
  approval?: { id: string; status: string };
}

const stores = await openStores();
const limits = { POLICY_FILE: 'apps/gateway/src/guard/limits.policy.yaml' };
const gateway = await openGateway(stores, limits);
const other = await openGateway(stores, limits);
openWorker(stores, 'audit', auditHandlers(createDb(stores.env, 'auditor', 20_000)));
const { asOperator, create, post, decide } = await approvalCalls(gateway);

const guard = async (body: object, agent = 'worker', at: TestGateway = gateway) => {
  const answer = await at.fetch('/v1/guard', json(body, { 'x-agent-id': agent }));
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
};
/** Asks again where the plane said that it is too busy to say. */
const persistently = async (body: object, agent: string, at: TestGateway): Promise<string> => {
  for (;;) {
    const answer = await at.fetch('/v1/guard', json(body, { 'x-agent-id': agent }));
    const { effect } = (await answer.json()) as Partial<Answer>;
    if (effect !== undefined) return effect;
    expect(answer.status).toBe(503);
  }
};
const charge = (amount_usd: unknown) => ({ action: 'stripe.charge', details: { amount_usd } });
const send = (recipients: unknown) => ({ action: 'dm.bulk_send', details: { recipients } });
const reportAs = (agent: string) => async (grantId: string | undefined, body: object) => {
  const answer = await gateway.fetch(`/v1/guard/${grantId}/outcome`, json(body, { 'x-agent-id': agent }));
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const forget = () => stores.sql.query('truncate actp_limit_uses, actp_limit_grants');

describe('a limit of the policy', () => {
  it('[SEC-012] [POL-002] is not got around by splitting: 3 x 9 messages, 6 x 90 USD', async () => {
    const sent = [await guard(send(9), 'a'), await guard(send(9), 'b'), await guard(send([1, 2]), 'c')];
    expect(sent.map(({ effect }) => effect)).toEqual(['allow', 'require_approval', 'require_approval']);
    expect(sent[1]).toEqual({
      effect: 'require_approval',
      rule: 'gate:dm.bulk_send',
      reasons: [
        {
          code: 'limit_reached',
          detail:
            'the limit of dm.bulk_send is reached: the number of details.recipients per all within 1h, at most 10',
        },
      ],
    });
    expect((await guard(send(['ada']), 'c')).effect).toBe('allow');
    const charged = [];
    for (let n = 0; n < 6; n += 1) charged.push(await guard(charge(90), 'buyer', n % 2 ? gateway : other));
    expect(charged.map(({ effect }) => effect)).toEqual([
      ...Array.from({ length: 5 }, () => 'allow'),
      'require_approval',
    ]);
    expect(charged[0]?.grant_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(charged[5]).not.toHaveProperty('grant_id');
    expect((await guard(charge(90), 'another-buyer')).effect).toBe('allow');
    expect((await guard(charge(50), 'Buyer')).effect).toBe('allow');
    await forget();
  });

  it('lets exactly as much through two gateways at the same moment as fits', async () => {
    const effects = await Promise.all(
      Array.from({ length: 30 }, (_, n) => persistently(charge(33.34), 'rush', n % 2 ? gateway : other)),
    );
    const { rowCount: taken } = await stores.sql.query('select from actp_limit_uses');
    // 14 x 33.34 = 466.76
    expect(taken).toBe(14);
    // What came too late to be heard stays taken.
    expect(effects.filter((effect) => effect === 'allow').length).toBeLessThanOrEqual(14);
    expect(effects.filter((effect) => effect === 'allow').length).toBeGreaterThan(0);
    await forget();
  });

  it('adds tenths as tenths', async () => {
    const call = { action: 'llm.call', details: {}, cost_usd: 0.1 };
    const effects = [];
    for (let n = 0; n < 4; n += 1) effects.push((await guard(call)).effect);
    expect(effects).toEqual(['allow', 'allow', 'allow', 'require_approval']);
    await forget();
  });

  it('denies where its gate says so, and that is a violation', async () => {
    const one = { action: 'Post.tweet', details: {} };
    expect((await guard(one)).effect).toBe('allow');
    expect((await guard(one)).effect).toBe('allow');
    expect(await guard(one)).toMatchObject({ effect: 'deny', rule: 'gate:post.*' });
    expect((await guard({ action: 'post.story', details: {} })).effect).toBe('allow');
    await eventually(async () => {
      const { rows } = await stores.sql.query(
        `select 1 from actp_agent_audit_log
         where action_type = 'security.policy_violation' and result ->> 'rule' = 'gate:post.*'`,
      );
      return rows.length === 1;
    });
    await forget();
  });

  it.each([
    [charge('90'), 'a value has the wrong type'],
    [{ action: 'stripe.charge', details: {} }, 'a field is missing'],
    [charge(-5), 'a value is out of range'],
    [charge(null), 'a value has the wrong type'],
    [charge({ valueOf: 1 }), 'a value has the wrong type'],
    [send(1.5), 'a value is not a whole number'],
    [send('9'), 'a value has the wrong type'],
    [{ action: 'llm.call', details: { cost_usd: 1 } }, 'a field is missing'],
  ])('needs a person for what cannot be counted: %j', async (body, why) => {
    const { effect, reasons } = await guard(body);
    expect(effect).toBe('require_approval');
    expect(reasons).toEqual([{ code: 'limit_not_evaluable', detail: expect.stringContaining(why) }]);
  });

  it('counts a failure before any effect no more', async () => {
    const { grant_id } = await guard(charge(500), 'giver');
    expect((await guard(charge(1), 'giver')).effect).toBe('require_approval');
    expect(await reportAs('giver')(grant_id, { status: 'failed', before_effect: true })).toEqual({
      status: 200,
      body: { grant_id, status: 'failed', before_effect: true },
    });
    expect((await reportAs('giver')(grant_id, { status: 'failed', before_effect: true })).status).toBe(200);
    const again = await guard(charge(500), 'giver');
    expect(again.effect).toBe('allow');
    expect((await reportAs('giver')(grant_id, { status: 'succeeded' })).status).toBe(409);
    expect((await reportAs('giver')(again.grant_id, { status: 'failed' })).status).toBe(200);
    expect((await reportAs('giver')(again.grant_id, { status: 'failed', before_effect: true })).status).toBe(
      409,
    );
    expect((await guard(charge(1), 'giver')).effect).toBe('require_approval');
    expect((await reportAs('giver')(randomUUID(), { status: 'failed' })).status).toBe(404);
    expect((await reportAs('giver')('x', { status: 'failed' })).status).toBe(400);
    expect(await reportAs('giver')(grant_id, { status: 'succeeded', before_effect: true })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'before_effect' }] },
    });
    expect((await reportAs('giver')(grant_id, { status: 'failed', before: 1 })).status).toBe(400);
    await forget();
  });

  it('lets nobody else report what an agent was allowed', async () => {
    const { grant_id } = await guard(charge(500), 'owner');
    expect((await reportAs('thief')(grant_id, { status: 'failed', before_effect: true })).status).toBe(404);
    expect((await guard(charge(1), 'owner')).effect).toBe('require_approval');
    expect((await reportAs('owner')(grant_id, { status: 'succeeded' })).status).toBe(200);
    await forget();
  });

  it('asks nothing of the database where there is none', async () => {
    await guard({ action: 'report.read', details: {} });
    const { rows } = await stores.sql.query('select 1 from actp_limit_grants');
    expect(rows).toEqual([]);
  });
});

describe('an approval beyond a limit', () => {
  it('is made when asked for, lets it through once, and is counted', async () => {
    const agent = { 'x-agent-id': 'approved' };
    await guard(charge(500), 'approved');
    const asked = await guard({ ...charge(100), request_approval: true }, 'approved');
    expect(asked).toMatchObject({ effect: 'require_approval', approval: { status: 'pending' } });
    const read = await gateway.fetch(`/v1/approvals/${asked.approval?.id}`, { headers: agent });
    const approval = (await read.json()) as Parameters<typeof decide>[0];
    await decide(approval);
    expect((await post(approval.id, 'redeem', charge(100), agent)).status).toBe(200);
    const { rows } = await stores.sql.query('select sum(amount)::text from actp_limit_uses');
    expect(rows).toEqual([{ sum: '600000000' }]);
    const failed = { status: 'failed', before_effect: true };
    expect((await post(approval.id, 'outcome', failed, agent)).status).toBe(200);
    expect((await post(approval.id, 'outcome', failed, agent)).status).toBe(200);
    expect((await post(approval.id, 'outcome', { status: 'failed' }, agent)).status).toBe(409);
    const counted = async () =>
      (await stores.sql.query<{ sum: string }>('select sum(amount)::text from actp_limit_uses')).rows[0]?.sum;
    // The agent's own word makes no room; an operator's does.
    expect(await counted()).toBe('600000000');
    expect((await post(approval.id, 'resolution', { happened: false }, agent)).status).toBe(403);
    expect(await counted()).toBe('600000000');
    expect(await post(approval.id, 'resolution', { happened: false }, asOperator)).toMatchObject({
      status: 200,
      body: { outcome: 'failed' },
    });
    expect(await counted()).toBe('500000000');
    await forget();
  });

  it('is not redeemed past a limit that denies; afterwards it is', async () => {
    const mail = { action: 'email.send', details: { to: 'ada@example.com' } };
    const [{ body: first }, { body: second }] = await Promise.all([create(mail), create(mail)]);
    await Promise.all([decide(first), decide(second)]);
    expect((await post(first.id, 'redeem', mail)).status).toBe(200);
    expect(await post(second.id, 'redeem', mail)).toMatchObject({
      status: 409,
      body: { code: 'limit_reached' },
    });
    await forget();
    expect((await post(second.id, 'redeem', mail)).status).toBe(200);
    await forget();
  });
});
