import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOf } from '@actp/shared/approvals/digest';
import { openStores } from '@actp/testing/stores';
import { json, openGateway } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const call = async (path: string, body: object, key?: string) => {
  const answer = await gateway.fetch(path, json(body, key === undefined ? {} : { 'idempotency-key': key }));
  const read = (await answer.json()) as Record<string, unknown> & {
    approval?: Record<string, unknown> & { id: string };
    errors?: Array<{ field: string; message: string }>;
  };
  return { status: answer.status, body: read };
};
const guard = (body: object, key?: string) => call('/v1/guard', body, key);
const asks = { action: 'dm.bulk_send', details: { recipients: 25 }, request_approval: true };
const allowed = { action: 'dm.bulk_send', details: { recipients: 5 }, request_approval: true };
const fields = {
  reason: 'summer campaign',
  requested_by: 'campaigns',
  ttl_seconds: 60,
  chat_id: '-1002',
  callback_url: 'http://127.0.0.1:9/hook',
};

describe('an approval that the guard makes [TRU-006]', () => {
  it('has every field that POST /v1/approvals takes', async () => {
    const { body } = await guard({ ...asks, ...fields, cost_usd: 3 });
    expect(body.approval).toMatchObject({ reason: fields.reason, requested_by: fields.requested_by });
    const { rows } = await stores.sql.query(
      `select chat_id, callback_url, cost_usd,
         expires_at <= created_at + interval '61 seconds' as short
       from actp_approval_queue where id = $1`,
      [body.approval?.id],
    );
    expect(rows).toEqual([{ chat_id: '-1002', callback_url: fields.callback_url, cost_usd: 3, short: true }]);
  });

  it.each(Object.entries(fields))('takes %s only with request_approval: true', async (name, value) => {
    for (const request_approval of [undefined, false]) {
      const refused = await guard({ ...asks, request_approval, [name]: value });
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toEqual([
        { field: name, message: 'may only be given with request_approval: true' },
      ]);
    }
  });

  it.each([
    ['ttl_seconds', 0],
    ['ttl_seconds', 14_401],
    ['chat_id', '-666'],
    ['callback_url', 'http://elsewhere.example/'],
    ['requested_by', ''],
    ['reason', 'x'.repeat(2_001)],
    ['unheard_of', 1],
  ])('refuses %s %j and names it', async (name, value) => {
    const refused = await guard({ ...asks, [name]: value });
    expect(refused.status).toBe(400);
    expect(refused.body.errors?.map(({ field }) => field)).toEqual([name]);
  });

  it('is the one that POST /v1/approvals gives for the same key and body', async () => {
    const key = randomUUID();
    const { request_approval: _, ...body } = { ...asks, reason: 'r' };
    const one = await guard({ ...asks, reason: 'r' }, key);
    const two = await call('/v1/approvals', body, key);
    expect(two).toMatchObject({ status: 201, body: { id: one.body.approval?.id } });
    expect((await guard({ ...asks, reason: 'r' }, key)).body.approval?.id).toBe(two.body['id']);
    expect((await guard({ ...asks, reason: 'another' }, key)).status).toBe(422);
  });

  it('is found again by a retry of a request that the release before took', async () => {
    const key = randomUUID();
    const { body } = await guard(asks, key);
    await stores.sql.query('update actp_approval_queue set request_digest = $2 where id = $1', [
      body.approval?.id,
      digestOf(asks),
    ]);
    expect((await guard(asks, key)).body.approval?.id).toBe(body.approval?.id);
  });
});

describe('work that is allowed once [TRU-006]', () => {
  const once = { ...allowed, once: true };

  it('needs a key', async () => {
    const { status, body } = await guard(once);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { field: 'once', message: 'needs an Idempotency-Key, which names the work' },
    ]);
  });

  it('is allowed, then known, with what was reported of it', async () => {
    const key = randomUUID();
    const first = (await guard(once, key)).body;
    expect(first).toMatchObject({ effect: 'allow', grant_id: expect.any(String) });
    expect(first).not.toHaveProperty('repeated');
    const again = { effect: 'allow', grant_id: first['grant_id'], repeated: true };
    expect((await guard(once, key)).body).toMatchObject({ ...again, outcome: null });
    const outcome = await call(`/v1/guard/${String(first['grant_id'])}/outcome`, { status: 'succeeded' });
    expect(outcome.status).toBe(200);
    expect((await guard(once, key)).body).toMatchObject({ ...again, outcome: 'succeeded' });
    expect((await guard({ ...once, details: { recipients: 6 } }, key)).status).toBe(422);
    expect((await guard(once, randomUUID())).body).not.toHaveProperty('repeated');
  });

  it('is not asked about under the same key, nor allowed after it was asked about', async () => {
    const key = randomUUID();
    await guard(once, key);
    const { request_approval: _, once: __, ...body } = once;
    expect(await call('/v1/approvals', body, key)).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    const asked = randomUUID();
    const { body: approval } = await call('/v1/approvals', body, asked);
    expect((await guard(once, asked)).body).toMatchObject({
      effect: 'require_approval',
      rule: 'idempotency',
      approval: { id: approval['id'] },
    });
  });

  it('without once is allowed as often as it is asked about', async () => {
    const key = randomUUID();
    for (let n = 0; n < 3; n += 1) {
      const { body } = await guard(allowed, key);
      expect(body).toEqual({ effect: 'allow', rule: 'defaults.effect', reasons: [] });
    }
  });
});
