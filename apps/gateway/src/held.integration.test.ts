import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, operatorToken } from './gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const asOperator = { authorization: `Bearer ${await operatorToken(gateway)}` };
const details = { recipients: 25 };
const action = 'dm.bulk_send';

async function call(path: string, init?: RequestInit) {
  const response = await gateway.fetch(path, init);
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as {
      code?: string;
      detail?: string;
      id?: string;
      status?: string;
      checks?: Record<string, string>;
    },
  };
}
const ask = async () => {
  const { body } = await call(
    '/v1/approvals',
    json({ action, details }, { 'idempotency-key': randomUUID() }),
  );
  return body as { id: string; action_digest: string };
};
const decide = ({ id, action_digest }: { id: string; action_digest: string }, decision: string) =>
  call(`/v1/approvals/${id}/decision`, json({ decision, action_digest }, asOperator));

const pending = await ask();
const granted = await ask();
await decide(granted, 'approved');
await call('/v1/kill-switch', json({ scope: 'action:x.y', reason: 'why' }, asOperator));
await stores.sql.query(
  `update actp_audit.plane set held_code = 'behind', held_reason = 'the database is older', held_at = now(), held_stopped = '[]'`,
);
afterAll(() => gateway.stop());

describe('a held plane, over HTTP', () => {
  const heldProblem = {
    status: 503,
    retryAfter: '30',
    body: {
      code: 'plane_held',
      detail:
        'nothing is released or decided: the database is older; to accept this copy: npm run restore -- --accept',
    },
  };

  it.each<readonly [string, () => Promise<unknown>]>([
    ['approve', () => decide(pending, 'approved')],
    ['reject', () => decide(pending, 'rejected')],
    ['redeem', () => call(`/v1/approvals/${granted.id}/redeem`, json({ action, details }))],
    [
      'ask for an approval',
      () => call('/v1/approvals', json({ action, details }, { 'idempotency-key': randomUUID() })),
    ],
    ['be allowed by the guard', () => call('/v1/guard', json({ action: 'web.search', details: {} }))],
    [
      'lift a kill switch',
      () => call('/v1/kill-switch?scope=action:x.y', { method: 'DELETE', headers: asOperator }),
    ],
  ])('nobody can %s', async (_what, attempt) => {
    // What the guard knows of the database may be a quarter of a second old.
    await eventually(async () => {
      expect(await attempt()).toMatchObject(heldProblem);
      return true;
    });
  });

  it('can be read, and a kill switch can be set', async () => {
    expect(await call(`/v1/approvals/${granted.id}`)).toMatchObject({
      status: 200,
      body: { status: 'approved' },
    });
    expect((await call('/v1/audit?limit=1', { headers: asOperator })).status).toBe(200);
    expect((await call('/v1/kill-switch', { headers: asOperator })).status).toBe(200);
    expect((await call('/v1/kill-switch', json({ scope: 'all', reason: 'why' }, asOperator))).status).toBe(
      201,
    );
  });

  it('says so in /readyz, in the metrics and in what the doctor finds', async () => {
    const ready = await call('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body.checks?.['anchor']).toBe(heldProblem.body.detail);
    const metrics = await gateway.fetch('/metrics', { headers: asOperator });
    expect(await metrics.text()).toContain('actp_plane_held 1');
    const doctor = await gateway.fetch('/v1/doctor', { headers: asOperator });
    expect(await doctor.text()).toContain('nothing is released or decided: the database is older');
  });

  it('is not accepted with a key of an agent or with the service-role key', async () => {
    const request = { p_actor: 'system:root', p_new_signing_key: false, p_dry_run: false, p_context: {} };
    const headers = {
      'content-type': 'application/json',
      apikey: stores.env.SUPABASE_SERVICE_ROLE_KEY,
      authorization: `Bearer ${stores.env.SUPABASE_SERVICE_ROLE_KEY}`,
    };
    const rpc = `${stores.env.SUPABASE_URL}/rest/v1/rpc/accept_restored_plane`;
    const answer = await fetch(rpc, { method: 'POST', headers, body: JSON.stringify(request) });
    expect(answer.status).toBe(403);
    for (const app of ['gateway', 'bot', 'scheduler', 'runner', 'auditor', 'executor']) {
      const asApp = { ...headers, 'x-actp-app': app, 'x-actp-app-key': stores.env.DATABASE_APP_KEY };
      const refused = await fetch(rpc, { method: 'POST', headers: asApp, body: JSON.stringify(request) });
      expect([app, refused.status]).toEqual([app, 403]);
    }
  });
});
