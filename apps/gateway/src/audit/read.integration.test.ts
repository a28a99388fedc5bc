import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeAuditEvents } from '@actp/db/audit/write-events';
import { createDb } from '@actp/db/client';
import type { AuditRow } from '@actp/shared/audit/event';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { openGateway, openWorker, operatorToken, personSession } from '../gateway.fixture.ts';
import { auditHandlers } from './audit.fixture.ts';
import type { LoggedEvent } from '@actp/services/audit/read';

const stores = await openStores();
const gateway = await openGateway(stores);
const db = createDb(stores.env, 'gateway', 20_000);
const operator = await operatorToken(gateway);
const person = await personSession(stores, { email: 'ann@example.com' });
const user = person.token;

const event = (over: Partial<AuditRow> = {}): AuditRow => ({
  event_id: randomUUID(),
  agent_id: 'ads-agent',
  action_type: 'ads.deploy',
  status: 'ok',
  ip_address: '203.0.113.9',
  user_agent: 'agent/1.0',
  source: 'plane',
  ...over,
});
const get = (path: string, token = operator) =>
  gateway.fetch(path, { headers: { authorization: `Bearer ${token}` } });
const read = async (query: string, token = operator) => {
  const answer = await get(`/v1/audit?${query}`, token);
  expect(answer.status).toBe(200);
  return (await answer.json()) as { events: LoggedEvent[]; next_cursor: string | null };
};

await writeAuditEvents(db, [
  ...Array.from({ length: 250 }, (_, n) => event({ agent_id: `agent-${n % 5}`, result: { n } })),
  ...Array.from({ length: 40 }, () =>
    event({ action_type: 'mail.send', status: 'error', error: 'no route' }),
  ),
  ...Array.from({ length: 7 }, () => event({ agent_id: 'user:ann@example.com', ip_address: '198.51.100.1' })),
  event({ agent_id: person.id, action_type: 'task.run' }),
]);
// Other days, too: as the owner, who may say when.
await stores.sql.query(`select actp_audit.make_partition(current_date - n) from generate_series(1, 3) n`);
await stores.sql.query(`insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
  select 'earlier', 'x.y', 'ok', now() - make_interval(days => 1 + g % 3) from generate_series(1, 30) g`);

describe('GET /v1/audit', () => {
  it('goes through everything newest first, page by page, each event once', async () => {
    const seen: LoggedEvent[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof read>> = await read(
        `limit=37&until=${encodeURIComponent(new Date(Date.now() + 1_000).toISOString())}${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.events);
      cursor = page.next_cursor;
    }
    const ours = seen.filter(
      ({ user_agent, agent_id }) => user_agent === 'agent/1.0' || agent_id === 'earlier',
    );
    expect(ours).toHaveLength(328);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    const places = seen.map(({ created_at, id }) => [Date.parse(created_at), id] as const);
    expect(places).toEqual(places.toSorted((a, b) => b[0] - a[0] || b[1] - a[1]));
  });

  it.each<[query: string, count: number]>([
    ['agent_id=agent-3', 50],
    ['action_type=mail.send', 40],
    ['status=error&action_type=mail.send', 40],
    ['agent_id=agent-3&status=error', 0],
    ['ip=198.51.100.1', 7],
    ['agent_id=earlier', 30],
    ['agent_id=nobody', 0],
    [`agent_id=earlier&since=${new Date(Date.now() - 1.5 * 86_400_000).toISOString()}`, 10],
    [`agent_id=earlier&until=${new Date(Date.now() - 1.5 * 86_400_000).toISOString()}`, 20],
    ['agent_id=ads-agent&since=2099-01-01T00:00:00Z', 0],
    ["agent_id=' or true --", 0],
  ])('[NEXT-003] filters by %s', async (query, count) => {
    const { events } = await read(`limit=1000&${query}`);
    expect(events).toHaveLength(count);
  });

  it('shows an event with every column', async () => {
    const { events } = await read('agent_id=agent-0&limit=1');
    expect(events[0]).toMatchObject({
      agent_id: 'agent-0',
      result: { n: 245 },
      ip_address: '203.0.113.9',
      user_agent: 'agent/1.0',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      prev_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('shows people their own events only', async () => {
    expect((await read('limit=1000', user)).events.map(({ agent_id }) => agent_id).toSorted()).toEqual(
      [person.id, ...Array.from({ length: 7 }, () => 'user:ann@example.com')].toSorted(),
    );
    expect((await read('agent_id=ads-agent', user)).events).toEqual([]);
    expect((await read('agent_id=user:ann@example.com', user)).events).toHaveLength(7);
    for (const path of ['export', 'summary', 'verify'])
      expect((await get(`/v1/audit/${path}`, user)).status).toBe(403);
    expect((await gateway.fetch('/v1/audit')).status).toBe(403);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'cursor=x',
    'ip=999.1.1.1',
    'since=yesterday',
    'order=asc',
    'status=',
  ])('answers 400 to %s', async (query) => expect((await get(`/v1/audit?${query}`)).status).toBe(400));

  it('is itself an event', async () => {
    openWorker(stores, 'audit', auditHandlers(db));
    const answer = await get('/v1/audit?agent_id=agent-1');
    await eventually(async () => {
      const { rows } = await stores.sql.query(
        `select 1 from actp_agent_audit_log where request_id = $1 and action_type = 'audit.read' and agent_id like 'operator:%'`,
        [answer.headers.get('x-request-id')],
      );
      return rows.length === 1;
    });
  });
});

describe('GET /v1/audit/export', () => {
  it('[NEXT-003] gives JSON Lines, in order, all that fits', async () => {
    const answer = await get('/v1/audit/export?format=jsonl&action_type=ads.deploy');
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="audit.jsonl"');
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as LoggedEvent).action_type)).toEqual(
      lines.map(() => 'ads.deploy'),
    );
    expect(lines).toHaveLength(257);
  });

  it('[NEXT-003] gives CSV that no spreadsheet runs', async () => {
    const evil = ['=1+1', '+1', '-1', '@x', '\t=1', '=HYPERLINK("http://x","y")', ' =1', '|calc'];
    await writeAuditEvents(
      db,
      evil.map((text) => event({ action_type: 'csv.evil', agent_id: text, error: `${text}\n"x"` })),
    );
    const answer = await get('/v1/audit/export?format=csv&action_type=csv.evil');
    const text = await answer.text();
    expect(text.split('\r\n')[0]).toMatch(/^id,event_id,agent_id,action_type,status,result,error,/);
    // No field begins with what would be run, quoted or not.
    expect(text).not.toMatch(/(?:^|,)"?\s*[=+@|]/m);
    expect(text).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
    expect(text.match(/csv\.evil/g)).toHaveLength(evil.length);
  });

  it('gives OCSF, an event a line', async () => {
    const answer = await get('/v1/audit/export?format=ocsf&action_type=mail.send');
    const [first] = (await answer.text()).trim().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      class_uid: 6003,
      category_uid: 6,
      activity_id: 1,
      type_uid: 600_301,
      severity_id: 1,
      status_id: 2,
      time: expect.any(Number),
      metadata: { version: '1.3.0', product: { name: 'actp-worker' } },
      actor: { user: { name: 'ads-agent' } },
      api: { operation: 'mail.send' },
      src_endpoint: { ip: '203.0.113.9' },
      unmapped: {
        chain_lane: expect.any(Number),
        prev_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        source: expect.any(String),
      },
    });
    await writeAuditEvents(db, [
      event({ action_type: 'ocsf.failed', status: 'error', error: 'no such address' }),
    ]);
    const failed = await get('/v1/audit/export?format=ocsf&action_type=ocsf.failed');
    expect(await failed.json()).toMatchObject({ status_id: 2, status_detail: 'no such address' });
  });

  it('is empty where nothing fits, and refuses other formats', async () => {
    expect(await (await get('/v1/audit/export?agent_id=nobody')).text()).toBe('');
    expect((await get('/v1/audit/export?format=xml')).status).toBe(400);
  });
});

describe('GET /v1/audit/summary', () => {
  it('counts what happened', async () => {
    const answer = await get(`/v1/audit/summary?since=${new Date(Date.now() - 3_600_000).toISOString()}`);
    expect(await answer.json()).toMatchObject({
      top_actions: expect.arrayContaining([{ action_type: 'mail.send', count: 40 }]),
      errors: expect.any(Number),
      unique_actors: expect.any(Number),
      error_rate: expect.any(Number),
    });
  });
});

describe('GET /v1/audit/verify', () => {
  it('says that the log is whole, then which row is not', async () => {
    const whole = (await (await get('/v1/audit/verify')).json()) as Record<string, unknown>;
    expect(whole).toMatchObject({ ok: true, first_bad: null, head: { hash: expect.any(String) } });
    expect(whole['checked']).toBeGreaterThan(328);
    const owner = await stores.sql.connect();
    await owner.query('set session_replication_role = replica');
    const { rows } = await owner.query<{ event_id: string }>(
      `update actp_agent_audit_log set status = 'ok' where id = (
         select min(id) from actp_agent_audit_log where action_type = 'mail.send') returning event_id`,
    );
    owner.release(true);
    expect(await (await get('/v1/audit/verify')).json()).toMatchObject({
      ok: false,
      first_bad: { event_id: rows[0]?.event_id, reason: 'it was changed' },
    });
  });
});
