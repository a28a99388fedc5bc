import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { json, openGateway } from '../gateway.fixture.ts';
import { approvalCalls, ask } from './approvals.fixture.ts';
import type { Approval } from '@actp/services/approvals/approval-schema';

const stores = await openStores();
const gateway = await openGateway(stores);
const { asOperator, create, post, decide } = await approvalCalls(gateway);

describe('an approval over HTTP', () => {
  it('keeps the order in which the details were sent, for people, and none of their values beside them', async () => {
    const details = { zeta: 'hello', amount: 1, a: [{ y: 1, b: 2 }] };
    const { body } = await create({ action: 'dm.bulk_send', details });
    const { rows } = await stores.sql.query<{ details_order: string }>(
      'select details_order from actp_approval_queue where id = $1',
      [body.id],
    );
    expect(rows).toEqual([{ details_order: '{"zeta":0,"amount":0,"a":[{"y":0,"b":0}]}' }]);
    const { body: other } = await create({
      action: 'dm.bulk_send',
      details: { amount: 1, a: details.a, zeta: 'hello' },
    });
    expect(other.details).toEqual(body.details);
  });

  it('[SEC-010] goes from asked to decided to redeemed, once, to its outcome', async () => {
    const mailer = { 'x-agent-id': 'mailer' };
    const { status, body: asked } = await create({ ...ask, reason: 'newsletter' }, mailer);
    expect(status).toBe(201);
    expect(asked).toMatchObject({
      ...ask,
      status: 'pending',
      requested_by: 'mailer',
      action_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Date.parse(asked.expires_at) - Date.parse(asked.created_at)).toBeCloseTo(14_400_000, -3);

    expect((await post(asked.id, 'redeem', ask, mailer)).status).toBe(409);
    const decided = await decide(asked);
    expect(decided).toMatchObject({
      status: 200,
      body: { status: 'approved', decided_by: 'operator:op@example.com', decided_at: expect.any(String) },
    });
    expect((await decide(asked, 'rejected')).status).toBe(409);

    expect(
      (await post(asked.id, 'redeem', { ...ask, details: { ...ask.details, recipients: 26 } }, mailer))
        .status,
    ).toBe(412);
    expect((await post(asked.id, 'redeem', { ...ask, action: 'dm.bulk_send2' }, mailer)).status).toBe(412);
    // The same payload in another order is the same payload.
    const reordered = { details: { message: 'hello', recipients: 25 }, action: ask.action };
    expect(await post(asked.id, 'redeem', reordered, mailer)).toMatchObject({
      status: 200,
      body: { grant_id: expect.any(String), redeemed_at: expect.any(String) },
    });
    expect((await post(asked.id, 'redeem', ask, mailer)).status).toBe(409);

    expect(
      await post(asked.id, 'outcome', { status: 'succeeded', result: { sent: 25 } }, mailer),
    ).toMatchObject({
      status: 200,
      body: { outcome: 'succeeded' },
    });
    expect((await post(asked.id, 'outcome', { status: 'failed' }, mailer)).status).toBe(409);
    const read = await gateway.fetch(`/v1/approvals/${asked.id}`, { headers: mailer });
    expect(await read.json()).toMatchObject({ status: 'approved', outcome: 'succeeded', lapsed_at: null });
  });

  it('lets no agent decide, on any path', async () => {
    const { body: asked } = await create();
    const decision = { decision: 'approved', action_digest: asked.action_digest };
    const deciding = gateway.app.routes.filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/decision'),
    );
    expect(deciding.length).toBeGreaterThan(0);
    for (const { path } of deciding) {
      const url = path.replace(':id', asked.id);
      expect((await gateway.fetch(url, json(decision))).status).toBe(403);
    }
    const asPerson = { 'x-agent-id': 'operator:op@example.com' };
    expect((await post(asked.id, 'decision', decision, asPerson)).status).toBe(400);
    expect(await (await gateway.fetch(`/v1/approvals/${asked.id}`)).json()).toMatchObject({
      status: 'pending',
    });
  });

  it('keeps what is for agents from operators', async () => {
    const { body: asked } = await create();
    for (const [what, body] of [
      ['redeem', ask],
      ['outcome', { status: 'succeeded' }],
      ['cancel', {}],
    ] as const) {
      expect((await post(asked.id, what, body, asOperator)).status).toBe(403);
    }
    expect((await gateway.fetch('/v1/approvals', json(ask, asOperator))).status).toBe(403);
  });

  it('answers a retry under one Idempotency-Key like the first call, and refuses another body', async () => {
    const key = { 'idempotency-key': 'bulk-1' };
    const first = await create(ask, key);
    const again = await Promise.all([create(ask, key), create(ask, key), create(ask, key)]);
    expect(again.map((a) => [a.status, a.body.id])).toEqual([1, 2, 3].map(() => [201, first.body.id]));
    expect((await create({ ...ask, reason: 'other' }, key)).status).toBe(422);
    // Another agent's key is another key.
    expect((await create(ask, { ...key, 'x-agent-id': 'other' })).body.id).not.toBe(first.body.id);
  });

  it('cancels while it waits, and not after', async () => {
    const { body: asked } = await create();
    expect(await post(asked.id, 'cancel', {})).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect((await decide(asked)).status).toBe(409);
    const { body: other } = await create();
    await decide(other, 'rejected');
    expect((await post(other.id, 'cancel', {})).status).toBe(409);
  });

  it('[SEC-011] expires by itself, and then nobody can approve or redeem it', async () => {
    const { body: asked } = await create({ ...ask, ttl_seconds: 1 });
    const waited = await gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=10' } });
    expect(await waited.json()).toMatchObject({ status: 'expired', decided_by: null });
    expect((await decide(asked)).status).toBe(410);
    expect((await post(asked.id, 'redeem', ask)).status).toBe(410);
    expect((await post(asked.id, 'cancel', {})).status).toBe(410);
  });

  it('lapses when it is not redeemed in time', async () => {
    const { body: asked } = await create();
    await decide(asked);
    await stores.sql.query(
      `update actp_approval_queue set decided_at = decided_at - interval '601 seconds' where id = $1`,
      [asked.id],
    );
    expect((await post(asked.id, 'redeem', ask)).status).toBe(410);
    expect(await (await gateway.fetch(`/v1/approvals/${asked.id}`)).json()).toMatchObject({
      status: 'approved',
      lapsed_at: expect.any(String),
    });
  });

  it('refuses a decision about something else than what was shown', async () => {
    const { body: asked } = await create();
    expect((await decide(asked, 'approved', { action_digest: '0'.repeat(64) })).status).toBe(412);
    expect(await (await gateway.fetch(`/v1/approvals/${asked.id}`)).json()).toMatchObject({
      status: 'pending',
    });
  });

  it('leaves who, what, when and from where for every step', async () => {
    const { body: asked } = await create(ask, { 'user-agent': 'mailer/1.0' });
    await decide(asked);
    const { rows } = await stores.sql.query(
      `select agent_id, action_type, status, host(ip_address) as ip, request_id is not null as has_request
       from actp_agent_audit_log where approval_id = $1 order by id`,
      [asked.id],
    );
    expect(rows).toEqual([
      {
        agent_id: 'worker',
        action_type: 'approval.request',
        status: 'ok',
        ip: '127.0.0.1',
        has_request: true,
      },
      {
        agent_id: 'operator:op@example.com',
        action_type: 'approval.decide',
        status: 'ok',
        ip: '127.0.0.1',
        has_request: true,
      },
    ]);
  });
});

describe('waiting', () => {
  it('answers as soon as it is decided', async () => {
    const { body: asked } = await create();
    const waiting = gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=30' } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await decide(asked);
    const answer = await waiting;
    expect(answer.headers.get('preference-applied')).toBe('wait=30');
    expect(await answer.json()).toMatchObject({ status: 'approved' });
  });

  it('answers pending when the time is over', async () => {
    const { body: asked } = await create();
    const answer = await gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=1' } });
    expect(await answer.json()).toMatchObject({ status: 'pending' });
  });

  it.each(['wait=56', 'wait=-1', 'wait=x', 'wait=', 'wait=1.5'])('refuses Prefer: %s', async (prefer) => {
    const { body: asked } = await create();
    const answer = await gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer } });
    expect(answer.status).toBe(400);
  });

  it('streams every change, goes on after Last-Event-ID, and ends when nothing more can happen', async () => {
    const { body: asked } = await create();
    const stream = gateway.fetch(`/v1/approvals/${asked.id}/events`);
    await decide(asked);
    await post(asked.id, 'redeem', ask);
    await post(asked.id, 'outcome', { status: 'succeeded' });
    const text = await (await stream).text();
    expect([...text.matchAll(/^event: (.*)$/gm)].map((m) => m[1])).toEqual([
      'pending',
      'approved',
      'redeemed',
      'succeeded',
    ]);
    const later = await gateway.fetch(`/v1/approvals/${asked.id}/events`, {
      headers: { 'last-event-id': '2' },
    });
    expect([...(await later.text()).matchAll(/^id: (.*)$/gm)].map((m) => m[1])).toEqual(['3', '4']);
    const over = await gateway.fetch(`/v1/approvals/${asked.id}/events`, {
      headers: { 'last-event-id': '4' },
    });
    expect(await over.text()).toBe('');
    const ahead = await gateway.fetch(`/v1/approvals/${asked.id}/events`, {
      headers: { 'last-event-id': '9' },
    });
    expect(ahead.status).toBe(400);
  });
});

describe('the end of a stream', () => {
  it('comes with the event of the expiry, not before it', async () => {
    const { body: asked } = await create({ ...ask, ttl_seconds: 1 });
    const stream = gateway.fetch(`/v1/approvals/${asked.id}/events`);
    await gateway.fetch(`/v1/approvals/${asked.id}`, { headers: { prefer: 'wait=10' } });
    await stores.sql.query('select expire_approvals(100, 86400)');
    expect([...(await (await stream).text()).matchAll(/^event: (.*)$/gm)].map((m) => m[1])).toEqual([
      'pending',
      'expired',
    ]);
  });
});

describe('the list of approvals', () => {
  it('gives pages, newest first, by status, without gaps or repeats', async () => {
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) made.unshift((await create({ ...ask, details: { i } })).body.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const answer = await gateway.fetch(`/v1/approvals?limit=3&status=pending${query}`);
      expect(answer.status).toBe(200);
      const page = (await answer.json()) as { approvals: Approval[]; next_cursor: string | null };
      seen.push(...page.approvals.map((a) => a.id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen.slice(0, 7)).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('ends a page early when details are large, and loses none', async () => {
    const details = { parts: Array.from({ length: 18_000 }, () => 'a'.repeat(10)) };
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1)
      made.unshift((await create({ ...ask, details: { ...details, i } })).body.id);
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const answer = await gateway.fetch(`/v1/approvals?limit=100${query}`);
      expect(answer.status).toBe(200);
      const page = (await answer.json()) as { approvals: Approval[]; next_cursor: string | null };
      expect(page.approvals.length).toBeGreaterThan(0);
      seen.push(...page.approvals.map((a) => a.id));
      cursor = page.next_cursor;
      pages += 1;
    } while (cursor !== null);
    expect(seen.slice(0, 7)).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
    expect(pages).toBeGreaterThan(1);
  });

  it.each([
    ['status=maybe', 'query.status'],
    ['limit=0', 'query.limit'],
    ['limit=101', 'query.limit'],
    ['limit=x', 'query.limit'],
    ['cursor=xyz', 'query.cursor'],
    [`cursor=${Buffer.from('2026-01-01T00:00:00Z not-an-id').toString('base64url')}`, 'query.cursor'],
    ['page=2', 'query.page'],
  ])('refuses ?%s', async (query, field) => {
    const answer = await gateway.fetch(`/v1/approvals?${query}`);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { errors: Array<{ field: string }> }).errors[0]?.field).toBe(field);
  });
});
