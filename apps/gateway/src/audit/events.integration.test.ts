import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { json, openGateway, openWorker, operatorToken, type TestGateway } from '../gateway.fixture.ts';
import { auditHandlers } from './audit.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores, {
  TRUSTED_PROXIES: ['127.0.0.1'],
  RATE_LIMIT_PER_MINUTE: 1_000_000,
});
const db = createDb(stores.env, 'gateway', 20_000);
const worker = openWorker(stores, 'audit', auditHandlers(db));

const one = { agent_id: 'ads-agent', action_type: 'ads.deploy', status: 'ok' };
const send = (body: unknown, headers: Record<string, string> = {}, to: TestGateway = gateway) =>
  to.fetch('/v1/audit/events', json(body, headers));
const stored = async (ids: readonly string[]) => {
  const { rows } = await stores.sql.query<AuditRow & { created_at: Date }>(
    'select * from actp_agent_audit_log where event_id = any ($1)',
    [ids],
  );
  return rows;
};

describe('POST /v1/audit/events', () => {
  it('takes one event, puts in where it came from, and it is in the log soon', async () => {
    const event_id = randomUUID();
    const answer = await send(
      {
        ...one,
        event_id,
        result: { campaign: 7 },
        started_at: '2026-03-01T10:00:00+01:00',
        task_id: randomUUID(),
      },
      { 'user-agent': 'agent/1.0', 'x-forwarded-for': '198.51.100.7' },
    );
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ accepted: 1 });
    const [row] = await eventually(async () => {
      const rows = await stored([event_id]);
      return rows.length === 1 && rows;
    });
    expect(row).toMatchObject({
      agent_id: 'ads-agent',
      result: { campaign: 7 },
      ip_address: '198.51.100.7',
      user_agent: 'agent/1.0',
      request_id: answer.headers.get('x-request-id'),
    });
  });

  it('takes 500 at once, and the same again without a second row', async () => {
    const events = Array.from({ length: 500 }, () => ({ ...one, event_id: randomUUID() }));
    const twice = events[0];
    for (const batch of [events, events, [twice, twice]]) {
      const answer = await send({ events: batch });
      expect(answer.status).toBe(202);
      expect(await answer.json()).toEqual({ accepted: batch.length });
    }
    const ids = events.map((event) => event.event_id);
    await eventually(async () => (await stored(ids)).length === 500);
    await eventually(async () => (await queued()) === 0);
    expect(await stored(ids)).toHaveLength(500);
  });

  it('makes few jobs of many callers', async () => {
    await worker.close();
    const ids = Array.from({ length: 64 }, () => randomUUID());
    const answers = await Promise.all(ids.map((event_id) => send({ ...one, event_id })));
    expect(answers.map((answer) => answer.status)).toEqual(ids.map(() => 202));
    expect(await queued()).toBeLessThan(48);
    openWorker(stores, 'audit', auditHandlers(db));
    await eventually(async () => (await stored(ids)).length === 64);
  });

  it('redacts before the queue', async () => {
    const event_id = randomUUID();
    const token = `ghp_${'B'.repeat(36)}`;
    await send({
      ...one,
      event_id,
      agent_id: `agent ${token}`,
      error: `Bearer ${token}`,
      result: { password: 'hunter22' },
    });
    const [row] = await eventually(async () => {
      const rows = await stored([event_id]);
      return rows.length === 1 && rows;
    });
    expect(JSON.stringify(row)).not.toMatch(/ghp_|hunter22/);
  });

  const long = (size: number) => 'x'.repeat(size);
  it.each<[why: string, change: Record<string, unknown>, field: string]>([
    ['no agent', { agent_id: undefined }, 'agent_id'],
    ['an empty action', { action_type: '' }, 'action_type'],
    ['an agent of 129 characters', { agent_id: '🙂'.repeat(129) }, 'agent_id'],
    ['a status of 65 characters', { status: long(65) }, 'status'],
    ['a number as its status', { status: 1 }, 'status'],
    ['an id that is none', { event_id: '1' }, 'event_id'],
    ['a time without an offset', { started_at: '2026-03-01T10:00:00' }, 'started_at'],
    ['a day that is none', { completed_at: '2026-02-30T10:00:00Z' }, 'completed_at'],
    ['an error of more than 64 KiB', { error: long(65_537) }, 'error'],
    ['a result of more than 64 KiB', { result: { text: long(65_537) } }, 'result'],
    ['an address of its own', { ip_address: '1.2.3.4' }, 'ip_address'],
    ['a task that is no id', { task_id: 'x' }, 'task_id'],
  ])('refuses a whole batch with %s, and names the event and the field', async (_why, change, field) => {
    const ids = [randomUUID(), randomUUID()];
    const events = [
      { ...one, event_id: ids[0] },
      { ...one, event_id: ids[1] },
      { ...one, ...change },
    ];
    const answer = await send({ events });
    expect(answer.status).toBe(400);
    const problem = (await answer.json()) as { errors: Array<{ field: string }> };
    expect(problem.errors.map((e) => e.field)).toEqual([`events.2.${field}`]);
    const single = await send({ ...one, ...change });
    expect(single.status).toBe(400);
    expect(((await single.json()) as typeof problem).errors.map((e) => e.field)).toEqual([field]);
    await eventually(async () => (await queued()) === 0);
    expect(await stored(ids)).toEqual([]);
  });

  it.each<[why: string, member: string, field: string]>([
    ['NUL in its result', '"result":{"log":"a\\u0000b"}', 'result'],
    ['NUL deep in its result', '"result":[0,{"x":{"log":["a\\u0000"]}}]', 'result'],
    ['NUL in a key of its result', '"result":{"a\\u0000":1}', 'result'],
    ['NUL in its error', '"error":"\\u0000"', 'error'],
    ['half a character', '"error":"\\ud83d"', 'error'],
    ['a number that no double holds', '"result":{"id":9007199254740993}', 'result'],
    ['a fraction that no double holds', '"result":0.1000000000000000055', 'result'],
    ['a number that overflows', '"result":[1e400]', 'result'],
    ['a member twice', '"error":"x","error":"y"', 'error'],
  ])('refuses a whole batch with %s, and says where', async (_why, member, field) => {
    const good = JSON.stringify({ ...one, result: { text: 'a,b:[{"' } });
    const bad = `{"agent_id":"a","action_type":"b.c","status":"ok",${member}}`;
    const fieldsOf = async (body: string) => {
      const answer = await gateway.fetch('/v1/audit/events', { ...json({}), body });
      expect(answer.status).toBe(400);
      return ((await answer.json()) as { errors: Array<{ field: string }> }).errors.map((e) => e.field);
    };
    expect(await fieldsOf(`{"events":[${good},${bad}]}`)).toEqual([`events.1.${field}`]);
    expect(await fieldsOf(`{"events":[${bad},${good},${bad}]}`)).toEqual([
      `events.0.${field}`,
      `events.2.${field}`,
    ]);
    expect(await fieldsOf(bad)).toEqual([field]);
  });

  it.each<[why: string, body: unknown, status: number]>([
    ['no event', { events: [] }, 400],
    ['501 events', { events: Array.from({ length: 501 }, () => one) }, 400],
    ['something beside the events', { events: [one], agent_id: 'x' }, 400],
    ['a list', [one], 400],
    ['more than 4 MiB', { events: Array.from({ length: 80 }, () => ({ ...one, error: long(60_000) })) }, 413],
  ])('refuses %s', async (_why, body, status) => {
    expect((await send(body)).status).toBe(status);
  });

  it('takes what fits exactly', async () => {
    const event_id = randomUUID();
    const widest = {
      event_id,
      agent_id: '🙂'.repeat(128),
      action_type: 'a'.repeat(128),
      status: 's'.repeat(64),
      error: long(65_536),
      // 64 KiB of small numbers take the most room in the database.
      result: Array.from({ length: 32_767 }, () => 1),
    };
    expect((await send(widest)).status).toBe(202);
    expect(
      (await send({ events: Array.from({ length: 60 }, () => ({ ...one, error: long(65_000) })) })).status,
    ).toBe(202);
    await eventually(async () => (await stored([event_id])).length === 1);
  });

  it('is for agents only', async () => {
    const token = await operatorToken(gateway);
    expect((await send(one, { authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await send(one, { authorization: 'Bearer x' })).status).toBe(401);
  });
});

async function queued(): Promise<number> {
  return (
    (await stores.redis.llen('{actp-audit}:audit:wait')) +
    (await stores.redis.llen('{actp-audit}:audit:active'))
  );
}

describe('while the queue cannot take them', () => {
  it('says 503 and when to come back: Redis away', async () => {
    const redis = await openOwnRedis();
    const other = await openGateway(stores, redis.env);
    await eventually(async () => (await send(one, {}, other)).status === 202);
    await redis.kill();
    const answer = await send(one, {}, other);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await redis.start();
    await eventually(async () => (await send(one, {}, other)).status === 202);
  });

  it('says 503 and when to come back: more jobs wait than may', async () => {
    const redis = await openOwnRedis();
    const other = await openGateway(stores, { ...redis.env, AUDIT_QUEUE_LIMIT: 3 });
    const answer = await eventually(async () => {
      const last = await send(one, {}, other);
      return last.status === 503 && /too many/.test(await last.clone().text()) && last;
    });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    // Nothing is lost of what was taken, and room is room again.
    openWorker(redis, 'audit', auditHandlers(db));
    await eventually(async () => (await send(one, {}, other)).status === 202);
  });

  it('its own events go straight into the database', async () => {
    const redis = await openOwnRedis({ started: false });
    const other = await openGateway(stores, redis.env);
    const answer = await other.fetch(
      '/v1/auth/login',
      json({ email: 'nobody@example.com', password: 'wrong' }),
    );
    expect(answer.status).toBe(401);
    await eventually(async () => {
      const { rows } = await stores.sql.query('select 1 from actp_agent_audit_log where request_id = $1', [
        answer.headers.get('x-request-id'),
      ]);
      return rows.length === 1;
    });
  });
});
