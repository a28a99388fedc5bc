import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls, context, digest, payload, sha, type Answer } from './approvals.fixture.ts';

const stores = await openDatabase();
const approvals = approvalCalls(stores.sql);
const call = async (text: string, values: unknown[]) => {
  const { rows } = await stores.sql.query<{ answer: Answer & { outcome?: string | null } }>(
    `select ${text} as answer`,
    values,
  );
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
};
const denied = { rule: 'gate:dm.*', reasons: [{ code: 'denied', detail: 'the policy denies dm.*' }] };
const says = (over: object = {}) => ({ version: 'v2', denied: null, critical: false, approvers: 1, ...over });
const redeem = (id: string, policy: object) =>
  call('redeem_approval($1, $2, $3, null, $4)', [id, payload, context, policy]);
const decide = (id: string, decision: string, policy: object, actor = 'operator:op@example.com') =>
  call('decide_approval($1, $2, $3, $4, null, null, $5, $6)', [id, decision, digest, actor, context, policy]);
const eventsOf = async (id: string) => {
  const { rows } = await stores.sql.query<{ action_type: string; status: string; result: object }>(
    'select action_type, status, result from actp_agent_audit_log where approval_id = $1 order by id',
    [id],
  );
  return rows;
};

describe('the policy in force [TRU-006]', () => {
  it('has nobody asked about what it denies, and records that', async () => {
    const key = randomUUID();
    const request = {
      ...{ action: 'dm.bulk_send', details: {}, requested_by: 'a', ttl_seconds: 60, grant_seconds: 60 },
      ...{ action_digest: digest, payload_digest: payload, policy_version: 'v1' },
      ...{ idempotency_key: key, request_digest: sha('body') },
    };
    const asking = (over: object) => call('request_approval($1, $2)', [{ ...request, ...over }, context]);
    expect(await asking({ denied })).toEqual({ result: 'policy_denied' });
    const { rows } = await stores.sql.query(
      `select result from actp_agent_audit_log where action_type = 'security.policy_violation'`,
    );
    expect(rows).toEqual([
      { result: { rule: 'gate:dm.*', action: 'dm.bulk_send', attempt: 'approval.request' } },
    ]);
    // A retry of what was asked about before is answered as it was then; that is no permission.
    const asked = await asking({ denied: null });
    expect(asked.result).toBe('created');
    expect(await asking({ denied })).toMatchObject({ result: 'known', approval: { id: asked.approval?.id } });
  });

  it('lets nobody approve what it denies; it can be rejected', async () => {
    const { id } = await approvals.request();
    expect((await decide(id, 'approved', says({ denied }))).result).toBe('policy_denied');
    expect((await approvals.read(id)).status).toBe('pending');
    expect(await eventsOf(id)).toContainEqual({
      action_type: 'approval.decide',
      status: 'denied',
      result: expect.objectContaining({ refused: 'policy_denied', policy: { version: 'v2', ...denied } }),
    });
    expect((await decide(id, 'rejected', says({ denied }))).result).toBe('decided');
  });

  it('is what counts when the permission is handed out', async () => {
    const { id } = await approvals.request();
    await approvals.decide(id, 'approved');
    expect((await redeem(id, says({ denied }))).result).toBe('policy_denied');
    expect((await approvals.read(id)).redeemed_at).toBeNull();
    expect(await eventsOf(id)).toContainEqual({
      action_type: 'security.policy_violation',
      status: 'denied',
      result: { rule: 'gate:dm.*', action: 'dm.bulk_send', attempt: 'approval.redeem' },
    });
    // The policy was put right again, within the grant time.
    expect((await redeem(id, says())).result).toBe('redeemed');
  });

  it.each([
    ['two people', { approvers: 2 }],
    ['a confirming press', { critical: true }],
  ])('takes no approval that has less than it asks for: %s', async (_what, more) => {
    const { id } = await approvals.request();
    await approvals.decide(id, 'approved');
    expect((await redeem(id, says(more))).result).toBe('policy_stricter');
    expect((await redeem(id, says())).result).toBe('redeemed');
  });

  it('holds the cost that the guard was told against the limit of a task', async () => {
    const { id } = await approvals.request({ cost_usd: 900 });
    await approvals.decide(id, 'approved');
    expect((await redeem(id, says({ max_cost_usd: 899.99 }))).result).toBe('spend_limit');
    expect((await redeem(id, says({ max_cost_usd: 900 }))).result).toBe('redeemed');
  });

  it('has as many people decide as it asks for by then', async () => {
    const { id } = await approvals.request();
    const two = says({ approvers: 2, critical: true });
    expect((await decide(id, 'approved', two)).result).toBe('needs_more');
    expect((await decide(id, 'approved', two)).result).toBe('needs_more');
    expect((await decide(id, 'approved', says(), 'operator:other@example.com')).result).toBe('decided');
    expect((await redeem(id, two)).result).toBe('redeemed');
  });

  it('cancels what another program inserted and it denies', async () => {
    const { rows } = await stores.sql.query<{ id: string }>(
      `insert into actp_approval_queue (action, details, requested_by) values ('dm.x', '{}', 'py') returning id`,
    );
    const id = rows[0]?.id ?? '';
    const refuse = () => call('refuse_import($1, $2)', [id, { version: 'v2', ...denied }]);
    expect(await refuse()).toBe(true);
    expect(await refuse()).toBe(false);
    expect(await approvals.read(id)).toMatchObject({
      status: 'cancelled',
      decision_reason: 'denied by the policy: gate:dm.*',
    });
    expect((await eventsOf(id)).map(({ action_type }) => action_type)).toEqual([
      'approval.cancel',
      'security.policy_violation',
    ]);
  });
});

describe('work under an idempotency key', () => {
  const claim = (key: string, claims: object[] = [], body = 'body') =>
    call('claim_work($1, $2, $3, $4, $5)', ['agent-1', 'x', JSON.stringify(claims), key, sha(body)]);

  it('is allowed once, however many ask at the same moment', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => claim(key)));
    expect(answers.filter(({ result }) => result === 'taken')).toHaveLength(1);
    expect(answers.filter(({ result }) => result === 'repeated')).toHaveLength(49);
    expect(new Set(answers.map(({ grant_id }) => grant_id)).size).toBe(1);
    expect(await claim(key, [], 'other')).toEqual({ result: 'idempotency_mismatch' });
  });

  it('says how it ended, counts once, and is free again when it was never given out', async () => {
    const key = randomUUID();
    const one = { counter: randomUUID(), amount: 6, max: 10, seconds: 60, over: 'deny' };
    const { grant_id } = await claim(key, [one]);
    expect(await claim(key, [one])).toEqual({ result: 'repeated', grant_id, outcome: null });
    await call('record_guard_outcome($1, $2, false, $3)', [grant_id, 'succeeded', context]);
    expect(await claim(key, [one])).toEqual({ result: 'repeated', grant_id, outcome: 'succeeded' });
    expect((await claim(randomUUID(), [one])).result).toBe('over');
    const other = randomUUID();
    const never = await claim(other);
    await call('release_work($1)', [never.grant_id]);
    expect((await claim(other)).result).toBe('taken');
  });

  it('is either allowed or asked about, also when the policy changes in between', async () => {
    const asked = randomUUID();
    await approvals.request({ idempotency_key: asked, request_digest: sha('body') });
    expect(await claim(asked)).toEqual({ result: 'asked' });
    const allowed = randomUUID();
    const { grant_id } = await claim(allowed);
    const request = { idempotency_key: allowed, request_digest: sha('body') };
    expect(await call('request_approval($1, $2)', [request, context])).toEqual({
      result: 'allowed_before',
      grant_id,
      outcome: null,
    });
    const rushed = randomUUID();
    const both = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 ? claim(rushed) : approvals.request({ idempotency_key: rushed, request_digest: sha('body') }),
      ),
    );
    const { rows } = await stores.sql.query(
      `select 1 from actp_approval_queue where idempotency_key = $1
       union all select 1 from actp_limit_grants where idempotency_key = $1`,
      [rushed],
    );
    expect(both).toHaveLength(20);
    expect(rows).toHaveLength(1);
  });
});
