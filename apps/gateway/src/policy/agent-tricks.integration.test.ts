import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';
import { json, openGateway, type TestGateway } from '../gateway.fixture.ts';

const stores = await openStores();
const shipped = await openGateway(stores);
const own = await openGateway(stores, { POLICY_FILE: 'apps/gateway/src/policy/tricks.policy.yaml' });
const { asOperator, create, post, decide } = await approvalCalls(own);

/** What became of a request, in a word: the effect of a decision, or status and code of a refusal. */
async function wordOf(answer: Response): Promise<string> {
  const body = (await answer.json()) as { effect?: string; code?: string; approval?: object };
  if (answer.ok) return body.effect ?? String(answer.status);
  return `${answer.status} ${body.code}`;
}
const ask = async (gateway: TestGateway, path: string, body: unknown, headers = {}) =>
  wordOf(
    await gateway.fetch(
      path,
      typeof body === 'string'
        ? { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
        : json(body, headers),
    ),
  );
const bad = '400 validation_failed';
const denied = '403 policy_denied';

describe('the shipped policy is not got around [TRU-006]', () => {
  const named = (action: unknown, details: object = {}) => ({ action, details });
  const amount = (amount_usd: unknown) => named('stripe.charge', { amount_usd });
  const recipients = (count: unknown) => named('dm.bulk_send', { recipients: count });
  it.each<[trick: unknown, answer: string]>([
    // Another spelling of the same words.
    [named('email:send'), 'require_approval'],
    [named('email/send'), 'require_approval'],
    [named('email_send'), 'require_approval'],
    [named('email-send'), 'require_approval'],
    [named('Email::Send'), 'require_approval'],
    [named(' EMAIL./send\n'), 'require_approval'],
    [named('\uFF45mail\uFE52send'), 'require_approval'],
    [named('ads/deploy'), 'require_approval'],
    [named('ads:deploy'), 'require_approval'],
    [named('ADS__DEPLOY'), 'require_approval'],
    [named('system.deploy.code'), 'require_approval'],
    [named('system/deploy/code'), 'require_approval'],
    [named('payment-refund'), 'require_approval'],
    [named('payment:sepa/transfer'), 'require_approval'],
    [named('dm.bulk.send', { recipients: 11 }), 'require_approval'],
    [named('dm-bulk-send', { recipients: 11 }), 'require_approval'],
    [named('stripe_charge', { amount_usd: 101 }), 'require_approval'],
    [named('\u017Ftripe.charge', { amount_usd: 101 }), 'require_approval'],
    // What only looks like a name.
    [named('EMAIL..SEND'), bad],
    [named('email.send.'), bad],
    [named('.email.send'), bad],
    [named('email.send/'), bad],
    [named('email .send'), bad],
    [named('\u0435mail.send'), bad],
    [named('email\u200B.send'), bad],
    [named('email.send\u202E'), bad],
    [named('email\u2215send'), bad],
    [named('email\0.send'), bad],
    [named(''), bad],
    [named(['email.send']), bad],
    [named({ toString: 'email.send' }), bad],
    // Amounts that are none.
    [amount(-1), 'deny'],
    [amount(-0.000001), 'deny'],
    [amount(-1e300), 'deny'],
    [recipients(-1), 'deny'],
    [named('payment.refund', { amount_usd: -5 }), 'deny'],
    [named('payment:refund', { amount_usd: -5 }), 'deny'],
    [amount('5'), 'require_approval'],
    [amount('-5'), 'require_approval'],
    [amount('NaN'), 'require_approval'],
    [amount('Infinity'), 'require_approval'],
    [amount(null), 'require_approval'],
    [amount(true), 'require_approval'],
    [amount([5]), 'require_approval'],
    [amount({ value: 5 }), 'require_approval'],
    [amount(1e300), 'require_approval'],
    [named('stripe.charge'), 'require_approval'],
    [named('stripe.charge', { Amount_USD: 5 }), 'require_approval'],
    [named('stripe.charge', { 'amount_usd ': 5 }), 'require_approval'],
    [recipients(['a']), 'require_approval'],
    [recipients('1'), 'require_approval'],
    [named('dm.bulk_send', { to: ['a'] }), 'require_approval'],
    ['{"action":"stripe.charge","details":{"amount_usd":5,"amount_usd":5000}}', bad],
    ['{"action":"stripe.charge","action":"a","details":{"amount_usd":5000}}', bad],
    ['{"action":"stripe.charge","details":{"amount_usd":NaN}}', bad],
    ['{"action":"stripe.charge","details":{"amount_usd":1e999}}', bad],
    // Costs that hide, or are none.
    [{ ...amount(5_000), cost_usd: 1 }, 'require_approval'],
    [{ ...amount(5), cost_usd: 1_000.01 }, 'deny'],
    [{ ...amount(5), cost_usd: -1 }, bad],
    [{ ...amount(5), cost_usd: '1' }, bad],
    [{ ...amount(5), cost_usd: 1e300 }, bad],
    [{ ...amount(5), cost: 5_000 }, bad],
    // Fields of an approval that is not asked for, and of none.
    [{ ...amount(5), reason: 'because' }, bad],
    [{ ...amount(5), request_approval: false, chat_id: '-1001' }, bad],
    [{ ...amount(5_000), request_approval: true, approved: true }, bad],
    [{ ...amount(5_000), request_approval: true, ttl_seconds: 1e9 }, bad],
    [{ ...amount(5_000), request_approval: true, chat_id: '-666' }, bad],
    [{ ...amount(5_000), request_approval: 'true' }, bad],
  ])('%j: %s', async (body, answer) => {
    expect(await ask(shipped, '/v1/guard', body)).toBe(answer);
  });
});

describe('what a policy denies cannot be approved [TRU-006]', () => {
  it.each<[path: string, body: object, answer: string, headers?: Record<string, string>]>([
    ['/v1/approvals', { action: 'db.drop', details: {} }, denied],
    ['/v1/approvals', { action: 'DB:drop', details: {} }, denied],
    ['/v1/approvals', { action: 'db/drop', details: {} }, denied],
    ['/v1/approvals', { action: 'db_drop', details: {} }, denied],
    ['/v1/approvals', { action: 'db.read', details: {} }, denied],
    ['/v1/approvals', { action: 'db.drop', details: {}, requested_by: 'someone else' }, denied],
    ['/v1/approvals', { action: 'db.drop', details: {} }, denied, { 'idempotency-key': randomUUID() }],
    ['/v1/approvals', { action: 'db..drop', details: {} }, bad],
    ['/v1/approvals', { action: 'fund.transfer', details: { amount_usd: 1_000.01 } }, denied],
    ['/v1/approvals', { action: 'fs.delete', details: { path: '/etc' } }, denied],
    ['/v1/approvals', { action: 'fund.peek', details: {} }, denied, { 'x-agent-id': 'intern' }],
    [
      '/v1/approvals',
      { action: 'fund.peek', details: {}, requested_by: 'boss' },
      denied,
      { 'x-agent-id': 'intern' },
    ],
    ['/v1/guard', { action: 'db.drop', details: {}, request_approval: true }, 'deny'],
    ['/v1/guard', { action: 'api.call', details: {}, cost_usd: 5.01, request_approval: true }, 'deny'],
  ])('POST %s %j: %s', async (path, body, answer, headers) => {
    expect(await ask(own, path, body, headers)).toBe(answer);
    const { rows } = await stores.sql.query('select 1 from actp_approval_queue');
    expect(rows).toEqual([]);
  });

  it('says what denies it', async () => {
    const answer = await own.fetch('/v1/approvals', json({ action: 'db:drop', details: {} }));
    expect(await answer.json()).toMatchObject({
      status: 403,
      code: 'policy_denied',
      detail: 'the policy denies it (gate:db.*): the policy denies db.*',
      rule: 'gate:db.*',
      reasons: [{ code: 'denied', detail: 'the policy denies db.*' }],
    });
  });
});

describe('what was approved is what can be done [TRU-006]', () => {
  const payload = { action: 'fund.transfer', details: { amount_usd: 400, to: 'c-1' } };
  const approved = async (body: object = payload) => {
    const { body: approval } = await create(body);
    await decide(approval);
    return approval.id;
  };

  it.each<[string, object]>([
    ['another spelling', { ...payload, action: 'fund:transfer' }],
    ['upper case', { ...payload, action: 'Fund.Transfer' }],
    ['a number as text', { ...payload, details: { ...payload.details, amount_usd: '400' } }],
    ['a list for a value', { ...payload, details: { ...payload.details, to: ['c-1'] } }],
    ['more', { ...payload, details: { ...payload.details, amount_usd: 401 } }],
    ['less', { ...payload, details: { ...payload.details, amount_usd: 399 } }],
    ['a field more', { ...payload, details: { ...payload.details, note: '' } }],
    ['a field less', { ...payload, details: { amount_usd: 400 } }],
    ['null for nothing', { ...payload, details: { ...payload.details, iban: null } }],
  ])('not %s', async (_trick, other) => {
    const id = await approved();
    expect((await post(id, 'redeem', other)).status).toBe(412);
  });

  it('by an agent that decides itself', async () => {
    const { body } = await create(payload);
    const decision = { decision: 'approved', action_digest: body.action_digest };
    expect((await post(body.id, 'decision', decision)).status).toBe(403);
    expect((await post(body.id, 'redeem', payload)).status).toBe(409);
  });
});

describe('a limit behind an approval counts what was redeemed [TRU-006]', () => {
  const forget = () => stores.sql.query('truncate actp_limit_uses, actp_limit_grants');
  const transfer = (amount_usd: number) => ({ action: 'fund.transfer', details: { amount_usd } });
  const redeemed = async (body: { action: string; details: object }) => {
    const { body: approval } = await create(body);
    await decide(approval);
    return { id: approval.id, ...(await post(approval.id, 'redeem', body)) };
  };

  it('whatever the agent says of it afterwards', async () => {
    const first = await redeemed(transfer(900));
    expect(first.status).toBe(200);
    const lie = { status: 'failed', before_effect: true, result: { effect: 'none, honestly' } };
    expect((await post(first.id, 'outcome', lie)).status).toBe(200);
    expect(await redeemed(transfer(900))).toMatchObject({ status: 409, body: { code: 'limit_reached' } });
    const grant = `/v1/guard/${String(first.body['grant_id'])}/outcome`;
    expect(await ask(own, grant, { status: 'failed', before_effect: true })).toBe('404 not_found');
    expect((await post(first.id, 'resolution', { happened: false })).status).toBe(403);
    expect((await redeemed(transfer(101))).status).toBe(409);
    expect((await post(first.id, 'resolution', { happened: false }, asOperator)).status).toBe(200);
    expect((await redeemed(transfer(900))).status).toBe(200);
    await forget();
  });

  it('also the cost that the guard was told', async () => {
    const call = async () => {
      const body = { action: 'api.call', details: { n: randomUUID() } };
      const asked = await own.fetch('/v1/guard', json({ ...body, cost_usd: 4, request_approval: true }));
      const { approval } = (await asked.json()) as { approval: Parameters<typeof decide>[0] };
      await decide(approval);
      return post(approval.id, 'redeem', body);
    };
    expect((await call()).status).toBe(200);
    expect(await call()).toMatchObject({ status: 409, body: { code: 'limit_reached' } });
    await forget();
  });

  it('and one name, however it is written', async () => {
    const names = ['post.big_tweet', 'post:big_tweet', 'POST/big-tweet', 'post.big.tweet'];
    const effects = [];
    for (const action of names) effects.push(await ask(own, '/v1/guard', { action, details: {} }));
    expect(effects).toEqual(['allow', 'deny', 'deny', 'deny']);
    await forget();
  });
});
