import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { context, digest, payload, sha } from './approvals.fixture.ts';
import { auditedCalls, denied } from './audit-rows.fixture.ts';

const { sql } = await openDatabase();
const { calls, answer, approved, decide, redeem, stop, lift } = auditedCalls(sql);

const base = {
  ...{ action: 'dm.bulk_send', details: { n: 1 }, requested_by: 'agent-1', ttl_seconds: 60 },
  ...{ grant_seconds: 60, action_digest: digest, payload_digest: payload, policy_version: 'v1' },
};
const ask = (over: object = {}, by: object = {}) =>
  answer('request_approval($1, $2)', { ...base, ...over }, { ...context, ...by });
const rowOf = async (id: string | undefined) => {
  const { rows } = await sql.query<Record<string, unknown>>(
    `select *, extract(epoch from expires_at - created_at)::int as seconds from actp_approval_queue where id = $1`,
    [id],
  );
  return rows[0];
};

describe('a request with a key', () => {
  const body = { request_digest: sha('body') };
  const changed = { request_digest: sha('changed') };

  it.each<[what: string, over: object, by: object, result: string]>([
    ['the same body', {}, {}, 'known'],
    ['another body', changed, {}, 'idempotency_mismatch'],
    ['no body', { request_digest: null }, {}, 'idempotency_mismatch'],
    ['the body as it was written before', { ...changed, earlier_request_digest: sha('body') }, {}, 'known'],
    [
      'another body, whatever was written before',
      { ...changed, earlier_request_digest: sha('other') },
      {},
      'idempotency_mismatch',
    ],
    ['the key of another agent', {}, { agent_id: 'agent-2' }, 'created'],
    ['another key', { idempotency_key: randomUUID() }, {}, 'created'],
  ])('comes again: %s', async (_what, over, by, result) => {
    const key = { idempotency_key: randomUUID(), ...body };
    const first = await ask(key);
    expect(first.result).toBe('created');
    const again = await ask({ ...key, ...over }, by);
    expect(again.result).toBe(result);
    if (result === 'known') expect(again.approval?.id).toBe(first.approval?.id);
    else expect(again.approval?.id).not.toBe(first.approval?.id);
  });

  it('comes again while its action is stopped or denied: it is answered as before, and a new one is not', async () => {
    const key = { idempotency_key: randomUUID(), ...body };
    const first = await ask(key);
    await stop('action:dm.*');
    expect(await ask({ ...key, ...denied })).toMatchObject({
      result: 'known',
      approval: { id: first.approval?.id },
    });
    // What stops comes before what denies.
    expect((await ask({ ...denied, idempotency_key: randomUUID() })).result).toBe('kill_switch');
    await lift();
    expect((await ask({ ...key, ...denied })).result).toBe('known');
    expect((await ask({ ...denied, idempotency_key: randomUUID() })).result).toBe('policy_denied');
  });

  it.each<[what: string, over: object, by: object, result: string]>([
    ['the same body', {}, {}, 'allowed_before'],
    ['another body', changed, {}, 'idempotency_mismatch'],
    ['another agent', {}, { agent_id: 'agent-2' }, 'created'],
    ['another key', { idempotency_key: randomUUID() }, {}, 'created'],
  ])('comes after the work was allowed: %s', async (_what, over, by, result) => {
    const key = { idempotency_key: randomUUID(), ...body };
    await answer(`claim_work('agent-1', 'x', '[]', $1, $2)`, key.idempotency_key, body.request_digest);
    expect((await ask({ ...key, ...over }, by)).result).toBe(result);
  });
});

describe('a request is kept', () => {
  it('as it was made', async () => {
    const more = {
      ...{ reason: 'why', chat_id: '-7', callback_url: 'https://agent.example/hook', critical: true },
      ...{ approvers: 2, grant_seconds: 61, cost_usd: 1.5, details_order: '["n"]', requested_by: 'boss' },
    };
    const { approval } = await ask(more, { source: 'plane' });
    expect(await rowOf(approval?.id)).toMatchObject({
      ...{ ...more, action: base.action, details: base.details, action_digest: digest },
      ...{ payload_digest: payload, policy_version: 'v1', seconds: 60, status: 'pending', version: 1 },
      ...{ asked_by: 'agent-1', source: 'plane', idempotency_key: null, idempotency_scope: null },
    });
  });

  it('with one person, one press and no cost where it says nothing of them', async () => {
    const key = randomUUID();
    const { approval } = await ask({ idempotency_key: key, request_digest: sha('body') });
    expect(await rowOf(approval?.id)).toMatchObject({
      ...{ critical: false, approvers: 1, cost_usd: null, source: 'http' },
      ...{ idempotency_key: key, idempotency_scope: 'agent-1', request_digest: sha('body') },
    });
  });
});

it('a yes under a policy that asks for two presses by now is one that the policy lets through', async () => {
  const { id } = await calls.request();
  const critical = { version: 'v2', critical: true };
  expect((await decide(id, 'approved', critical)).result).toBe('decided');
  expect(await rowOf(id)).toMatchObject({ critical: true, approvers: 1 });
  expect((await redeem(id, critical)).result).toBe('redeemed');
});

it.each<[who: string, source: string, by: object, results: [redeem: string, cancel: string]]>([
  ['its agent', 'http', {}, ['redeemed', 'cancelled']],
  ['another agent', 'http', { agent_id: 'agent-2' }, ['other_agent', 'other_agent']],
  ['the plane', 'http', { agent_id: 'worker', source: 'plane' }, ['redeemed', 'cancelled']],
  ['its agent, where the plane asked in its name', 'plane', {}, ['other_agent', 'other_agent']],
  ['the plane, where it asked itself', 'plane', { source: 'plane' }, ['redeemed', 'cancelled']],
])('is redeemed and cancelled by %s', async (_who, source, by, results) => {
  const [granted, open] = [await approved(), (await calls.request()).id];
  await sql.query('update actp_approval_queue set source = $2 where id = any ($1)', [
    [granted, open],
    source,
  ]);
  const caller = { ...context, ...by };
  expect([
    (await answer('redeem_approval($1, $2, $3)', granted, payload, caller)).result,
    (await answer('cancel_approval($1, $2)', open, caller)).result,
  ]).toEqual(results);
});

describe('a row that another program has inserted', () => {
  const inserted = async (over: { hours?: number; status?: string } = {}) => {
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_approval_queue (action, details, requested_by, expires_at, status)
       values ('dm.bulk_send', '{"n": 1.10}', 'py', now() + make_interval(hours => $1), $2) returning id`,
      [over.hours ?? 1, over.status ?? 'pending'],
    );
    return rows[0]?.id ?? '';
  };
  const adopt = (id: string, ttl = 60) =>
    answer(`adopt_approval($1, $2, $3, 'v1', $4, 61, true, 2)`, id, digest, payload, ttl);
  const eventsOf = (id: string) => answer('approval_events($1, 0)', id);

  it.each([
    ['sooner than it says', 60, 60],
    ['when it says', 7_200, 3_600],
  ])('is taken up once, with what the policy says, and ends %s', async (_when, ttl, seconds) => {
    const [id, other] = [await inserted(), await inserted()];
    expect(await adopt(id, ttl)).toBe(true);
    expect(await rowOf(id)).toMatchObject({
      ...{ action_digest: digest, payload_digest: payload, policy_version: 'v1', grant_seconds: 61 },
      ...{ critical: true, approvers: 2, seconds },
    });
    expect(await eventsOf(id)).toMatchObject([{ type: 'pending', version: 1 }]);
    expect(await adopt(id)).toBe(false);
    expect(await rowOf(other)).toMatchObject({ action_digest: null, approvers: 1 });
  });

  it('is not taken up when it has ended, and not refused then', async () => {
    const id = await inserted({ status: 'cancelled' });
    expect(await adopt(id)).toBe(false);
    expect(await answer('refuse_import($1, $2)', id, denied.denied)).toBe(false);
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled', decision_reason: null, version: 1 });
  });

  it('is refused alone, and whoever waits hears so', async () => {
    const [id, other] = [await inserted(), await inserted()];
    expect(await answer('refuse_import($1, $2)', id, denied.denied)).toBe(true);
    expect(await eventsOf(id)).toMatchObject([{ type: 'cancelled', version: 2 }]);
    expect(await rowOf(other)).toMatchObject({ status: 'pending', version: 1 });
  });

  it('waits to be taken up while it is pending, the oldest first', async () => {
    await sql.query('truncate actp_approval_queue cascade');
    const [second, first] = [await inserted(), await inserted()];
    await sql.query(
      `update actp_approval_queue set created_at = created_at - interval '1 minute' where id = $1`,
      [first],
    );
    await inserted({ status: 'cancelled' });
    await inserted({ hours: -1 });
    await ask();
    const waiting = (limit: number) => answer('unadopted_approvals($1)', limit);
    expect(await waiting(9)).toEqual(
      [first, second].map((id) => ({
        ...{ id, action: 'dm.bulk_send', requested_by: 'py', details: '{"n": 1.10}' },
      })),
    );
    expect(await waiting(1)).toMatchObject([{ id: first }]);
  });
});
