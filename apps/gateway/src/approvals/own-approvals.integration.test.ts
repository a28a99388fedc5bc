import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Approval } from '@actp/services/approvals/approval-schema';
import { openStores } from '@actp/testing/stores';
import { agentCalls, withKey } from '../auth/agent-keys.fixture.ts';
import { json, openGateway, operatorToken } from '../gateway.fixture.ts';
import { approvalCalls, ask } from './approvals.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const { call, keyOf } = agentCalls(gateway, await operatorToken(gateway));
const { asOperator, create, decide, post } = await approvalCalls(gateway);

type Headers = Record<string, string>;
const callers: ReadonlyArray<[how: string, one: Headers, other: Headers]> = [
  ['keys of their own', withKey(await keyOf('one')), withKey(await keyOf('other'))],
  ['names under the worker secret', { 'x-agent-id': 'name-1' }, { 'x-agent-id': 'name-2' }],
  ['the default name, and another', {}, { 'x-agent-id': 'name-3' }],
  ['a name, and the same in another case', { 'x-agent-id': 'name-4' }, { 'x-agent-id': 'NAME-4' }],
  ['a key, and the worker secret', withKey(await keyOf('third')), {}],
];
const secretValue = `ghp_${'Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0UvWxYz'}`;

describe.each(callers)('[TRU-005] agents with %s', (_how, one, other) => {
  const asked = async (body: object = ask) => (await create(body, one)).body;

  it('read, wait for and follow their own approvals only', async () => {
    const { id } = await asked();
    const path = `/v1/approvals/${id}`;
    expect((await call(path, { headers: one })).status).toBe(200);
    expect((await call(path, { headers: asOperator })).status).toBe(200);
    const refused = { status: 403, body: { code: 'forbidden' } };
    expect(await call(path, { headers: other })).toMatchObject(refused);
    expect(await call(path, { headers: { ...other, prefer: 'wait=50' } })).toMatchObject(refused);
    expect(await call(`${path}/events`, { headers: other })).toMatchObject(refused);
    expect(await call(`${path}/events`, { headers: { ...other, 'last-event-id': '1' } })).toMatchObject(
      refused,
    );
  });

  it('list their own only', async () => {
    const { id } = await asked();
    const idsOf = async (headers: Headers) => {
      const { body } = await call('/v1/approvals?limit=100', { headers });
      return (body['approvals'] as Approval[]).map((approval) => approval.id);
    };
    expect(await idsOf(one)).toContain(id);
    expect(await idsOf(other)).not.toContain(id);
    expect(await idsOf(asOperator)).toContain(id);
  });

  it('cancel, redeem and report their own only', async () => {
    const approval = await asked();
    const { id } = approval;
    expect((await post(id, 'cancel', {}, other)).status).toBe(403);
    expect((await decide(approval)).status).toBe(200);
    expect((await post(id, 'redeem', ask, other)).status).toBe(403);
    expect((await post(id, 'redeem', { ...ask, details: {} }, other)).status).toBe(403);
    expect((await post(id, 'redeem', ask, one)).status).toBe(200);
    expect((await post(id, 'outcome', { status: 'failed', before_effect: true }, other)).status).toBe(403);
    expect((await post(id, 'outcome', { status: 'succeeded' }, one)).status).toBe(200);
    const { id: second } = await asked();
    expect((await post(second, 'cancel', {}, one)).status).toBe(200);
  });

  it('have idempotency keys of their own', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const mine = await create(ask, { ...one, ...key });
    expect((await create(ask, { ...one, ...key })).body.id).toBe(mine.body.id);
    const theirs = await create({ ...ask, details: {} }, { ...other, ...key });
    expect(theirs.status).toBe(201);
    expect(theirs.body.id).not.toBe(mine.body.id);
    const job = (headers: Headers) => call('/v1/jobs/selftest', json({}, { ...headers, ...key }));
    const [first, again, otherJob] = [await job(one), await job(one), await job(other)];
    expect(again.body['job_id']).toBe(first.body['job_id']);
    expect(otherJob.body['job_id']).not.toBe(first.body['job_id']);
  });

  it('stay who they are, on whose behalf they ever ask', async () => {
    const approval = await asked({ ...ask, requested_by: 'The board' });
    expect(approval).toMatchObject({ requested_by: 'The board', source: 'http' });
    expect(approval.agent_id).not.toBe('The board');
    const { rows } = await stores.sql.query(
      'select asked_by, source from actp_approval_queue where id = $1',
      [approval.id],
    );
    expect(rows).toEqual([{ asked_by: approval.agent_id, source: 'http' }]);
    expect(
      (await call(`/v1/approvals/${approval.id}`, { headers: { 'x-agent-id': 'The board' } })).status,
    ).toBe(403);
    expect((await decide(approval)).status).toBe(200);
    expect((await post(approval.id, 'redeem', ask, { 'x-agent-id': 'The board' })).status).toBe(403);
    expect((await post(approval.id, 'redeem', ask, one)).status).toBe(200);
  });

  it('see their secrets whole; lists and the log do not have them', async () => {
    const details = { command: `git clone with ${secretValue}`, recipients: 25 };
    const { id } = await asked({ ...ask, details });
    const whole = async (path: string, headers: Headers) =>
      JSON.stringify((await call(path, { headers })).body).includes(secretValue);
    expect(await whole(`/v1/approvals/${id}`, one)).toBe(true);
    expect(await whole(`/v1/approvals/${id}`, asOperator)).toBe(true);
    for (const headers of [one, asOperator]) {
      const list = await call('/v1/approvals?limit=100', { headers });
      expect(JSON.stringify(list.body)).toContain(id);
      expect(JSON.stringify(list.body)).not.toContain(secretValue);
    }
    const { rows } = await stores.sql.query<{ all: string }>(
      'select jsonb_agg(to_jsonb(l))::text as all from actp_agent_audit_log l',
    );
    expect(rows[0]?.all).not.toContain(secretValue);
  });
});

describe('[TRU-005] an approval that another program inserted', () => {
  it('belongs to whom it names, and excludes nobody from deciding', async () => {
    const { rows } = await stores.sql.query<{ id: string; source: string; asked_by: string | null }>(
      `insert into actp_approval_queue (action, details, requested_by) values ('ads.deploy', '{}', 'billing')
       returning id, source, asked_by`,
    );
    expect(rows).toMatchObject([{ source: 'direct', asked_by: null }]);
    const path = `/v1/approvals/${rows[0]?.id}`;
    expect(await call(path, { headers: { 'x-agent-id': 'billing' } })).toMatchObject({
      status: 200,
      body: { agent_id: 'billing', source: 'direct' },
    });
    expect((await call(path)).status).toBe(403);
  });
});

describe('an approval that the plane itself asked for, for a task', () => {
  it('is no agent’s, whatever its name: only operators see it and nobody else ends it', async () => {
    const named = { 'x-agent-id': 'communication' };
    const approval = (await create(ask, named)).body;
    const { id } = approval;
    await stores.sql.query(`update actp_approval_queue set source = 'plane' where id = $1`, [id]);
    const path = `/v1/approvals/${id}`;
    const refused = { status: 403, body: { code: 'forbidden' } };
    expect(await call(path, { headers: named })).toMatchObject(refused);
    expect(await call(path, { headers: { ...named, prefer: 'wait=50' } })).toMatchObject(refused);
    expect(await call(`${path}/events`, { headers: named })).toMatchObject(refused);
    const list = await call('/v1/approvals?limit=100', { headers: named });
    expect(JSON.stringify(list.body)).not.toContain(id);
    expect((await post(id, 'cancel', {}, named)).status).toBe(403);
    expect((await call(path, { headers: asOperator })).status).toBe(200);
    expect((await decide(approval)).status).toBe(200);
    expect((await post(id, 'redeem', ask, named)).status).toBe(403);
    expect((await post(id, 'outcome', { status: 'succeeded' }, named)).status).toBe(403);
  });
});
