import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken } from '../gateway.fixture.ts';
import { agentCalls, withKey } from './agent-keys.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores, { AGENT_KEYS_REQUIRED: true });
const { call, keyOf } = agentCalls(gateway, await operatorToken(gateway));
const key = await keyOf('buyer');

const payload = { action: 'report.read', details: {} };
const id = randomUUID();
const own: ReadonlyArray<[path: string, body: object]> = [
  ['/v1/guard', payload],
  [`/v1/guard/${id}/outcome`, { status: 'succeeded' }],
  ['/v1/approvals', payload],
  [`/v1/approvals/${id}/redeem`, payload],
  [`/v1/approvals/${id}/outcome`, { status: 'succeeded' }],
  [`/v1/approvals/${id}/cancel`, {}],
  ['/v1/audit/events', { agent_id: 'buyer', action_type: 'ads.deploy', status: 'ok' }],
];

describe('[TRU-005] AGENT_KEYS_REQUIRED', () => {
  it.each(own)('lets only agents with keys of their own call %s', async (path, body) => {
    const refused = { status: 403, body: { code: 'agent_key_required' } };
    expect(await call(path, json(body))).toMatchObject(refused);
    expect(await call(path, json(body, { 'x-agent-id': 'buyer' }))).toMatchObject(refused);
    expect(await call(path, json(body, { 'x-agent-id': 'other' }))).toMatchObject(refused);
    expect([200, 201, 202, 404]).toContain((await call(path, json(body, withKey(key)))).status);
  });

  it('leaves the worker secret what is not done in a name', async () => {
    expect((await call('/v1/jobs/selftest', json({}))).status).toBe(202);
    expect((await call('/v1/schedules')).status).toBe(200);
    expect((await call('/v1/health/snapshots')).status).toBe(200);
    expect((await gateway.fetch('/metrics')).status).toBe(200);
    expect((await call('/v1/approvals')).body).toMatchObject({ approvals: [] });
  });
});
