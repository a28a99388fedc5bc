import { hash, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { auditLog, event, events } from './audit.fixture.ts';
import { writeAuditEvents } from './write-events.ts';

const stores = await openStores();
const log = auditLog(stores);
const key = stores.env.SUPABASE_SERVICE_ROLE_KEY;

/** As other services do: straight into the table. */
const insert = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${stores.env.SUPABASE_URL}/rest/v1/actp_agent_audit_log`, {
    method: 'POST',
    headers: { apikey: key, authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const direct = {
  agent_id: 'ads-agent',
  action_type: 'ads.deploy',
  status: 'ok',
  started_at: '2026-03-01T10:00:00Z',
};

const rowOf = async (where: string, values: unknown[] = []) => {
  const { rows } = await stores.sql.query<Record<string, unknown>>(
    `select * from actp_agent_audit_log where ${where}`,
    values,
  );
  return rows;
};

describe('a row that another service inserts', () => {
  it('is redacted, by the form of a secret and by its name', async () => {
    const secrets = {
      text: `Bearer ${'a1'.repeat(12)} and postgres://u:${'pw'.repeat(6)}@db/x`,
      api_key: 'whatever-it-is',
      nested: [{ password: 'hunter22' }, `ghp_${'A'.repeat(36)}`],
      max_tokens: 4096,
    };
    const answer = await insert({
      ...direct,
      agent_id: 'leaky',
      result: secrets,
      error: `password=${'x'.repeat(12)} failed`,
    });
    expect(answer.status).toBe(201);
    const [row] = await rowOf(`agent_id = 'leaky'`);
    expect(row?.['result']).toEqual({
      text: 'Bearer [redacted:bearer] and postgres://u:[redacted:url-password]@db/x',
      api_key: '[redacted]',
      nested: [{ password: '[redacted]' }, '[redacted:github-pat]'],
      max_tokens: 4096,
    });
    expect(row?.['error']).toBe('password=[redacted] failed');
  });

  it('is redacted of the tokens of many providers, and of values under many names', async () => {
    const hex = (length: number) => 'a1b2c3d4e5f60718'.repeat(8).slice(0, length);
    const secrets = [
      `dop_v1_${hex(64)}`,
      `shpat_${hex(32)}`,
      `xkeysib-${hex(64)}-${hex(16)}`,
      `sq0atp-${hex(22)}`,
      `abc8${'Q~'}${hex(34)}`,
    ];
    const named = ['smtp_pass', 'AccountKey', 'encryption_key', 'client_secret'].map(
      (name) => `${name}=${hex(24)}`,
    );
    const command = `curl -s -u admin:${hex(12)} https://example.com/deploy`;
    const error = [...secrets, ...named, command].join(' and ');
    expect((await insert({ ...direct, agent_id: 'leaky-2', error })).status).toBe(201);
    const written = String((await rowOf(`agent_id = 'leaky-2'`))[0]?.['error']);
    expect(written).not.toContain(hex(12));
    expect(written).toContain('smtp_pass=[redacted]');
    expect(written).toContain('curl -s -u admin:[redacted');
    expect(written.match(/\[redacted/g)).toHaveLength(10);
  });

  it('is as it was where nothing is secret', async () => {
    const error =
      'job key-value-store: 3 passed, commit 9f86d081884c7d65, monkey=banana-split, see /docs/token';
    await insert({ ...direct, agent_id: 'clean', error });
    expect((await rowOf(`agent_id = 'clean'`))[0]?.['error']).toBe(error);
    // Each pattern can be used: a bad one would refuse the row of the first secret of its kind.
    const { rows } = await stores.sql.query<{ n: number }>(
      `select count(regexp_replace(m.mark || repeat('a', 20), m.pattern, ''))::int as n from actp_audit.secret_marks m`,
    );
    expect(rows[0]?.n).toBeGreaterThan(200);
  });

  it('has an address and a user agent, from its request', async () => {
    await insert(
      { ...direct, agent_id: 'from' },
      { 'user-agent': 'ads-service/2', 'x-forwarded-for': '198.51.100.7, 10.0.0.1' },
    );
    const [row] = await rowOf(`agent_id = 'from'`);
    expect(row).toMatchObject({ ip_address: '198.51.100.7', user_agent: 'ads-service/2' });
    await insert({ ...direct, agent_id: 'from-nowhere' }, { 'x-forwarded-for': 'nonsense' });
    expect((await rowOf(`agent_id = 'from-nowhere'`))[0]?.['ip_address']).toBe('127.0.0.1');
  });

  it.each<[why: string, change: object, status: number]>([
    ['no agent', { agent_id: '' }, 400],
    ['an action that is too long', { action_type: 'a'.repeat(129) }, 400],
    ['a result that is too large', { result: 'x'.repeat(200_000) }, 400],
    ['an id that is none', { event_id: 'x' }, 400],
    ['a place in the chain', { chain_seq: 1, chain_lane: 0 }, 403],
    ['a hash', { hash: '\\x00' }, 403],
    ['a time of its own', { created_at: '2020-01-01T00:00:00Z' }, 403],
  ])('is refused with %s', async (_why, change, status) => {
    expect((await insert({ ...direct, ...change })).status).toBe(status);
  });

  it('is one row for one event_id, on any day', async () => {
    const event_id = randomUUID();
    expect((await insert({ ...direct, event_id })).status).toBe(201);
    expect((await insert({ ...direct, event_id })).status).toBe(409);
    expect(await writeAuditEvents(log.db, [event({ event_id })])).toEqual({ written: 0, known: 1 });
    expect(await rowOf('event_id = $1', [event_id])).toHaveLength(1);
  });
});

describe('a batch', () => {
  it('is written once, however often it is written, also by many at once', async () => {
    const batch = events(200);
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => writeAuditEvents(log.db, batch)),
    );
    const written = answers.reduce(
      (sum, one) => sum + (one.status === 'fulfilled' ? one.value.written : 0),
      0,
    );
    expect(written).toBe(200);
    expect(await writeAuditEvents(log.db, batch)).toEqual({ written: 0, known: 200 });
    expect(await rowOf('event_id = any ($1)', [batch.map((one) => one.event_id)])).toHaveLength(200);
  });

  it('takes an id that stands in it twice as one event', async () => {
    const one = event();
    expect(await writeAuditEvents(log.db, [one, event(), { ...one, status: 'error' }])).toEqual({
      written: 2,
      known: 1,
    });
    expect((await rowOf('event_id = $1', [one.event_id]))[0]?.['status']).toBe('ok');
  });

  it('is refused whole when a row does not fit', async () => {
    const good = event();
    await expect(writeAuditEvents(log.db, [good, event({ status: 's'.repeat(65) })])).rejects.toMatchObject({
      sqlState: '23514',
    });
    expect(await rowOf('event_id = $1', [good.event_id])).toEqual([]);
  });
});

describe('the chain', () => {
  it('has no gap and no fork when batches, single rows and approvals are written at once', async () => {
    const approval = `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok'), ('a', 'b.d', 'ok')`;
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        i % 2 === 0 ? writeAuditEvents(log.db, events(20)) : stores.sql.query(approval),
      ),
    );
    expect(await log.verify()).toMatchObject({ ok: true });
  });

  it('keeps nobody waiting for a transaction that is open', async () => {
    const open = await stores.sql.connect();
    try {
      await open.query('begin');
      await open.query(
        `insert into actp_agent_audit_log (agent_id, action_type, status) values ('slow', 'b.c', 'ok')`,
      );
      expect(await writeAuditEvents(log.db, events(3))).toEqual({ written: 3, known: 0 });
      await open.query('rollback');
    } finally {
      open.release();
    }
    expect(await log.verify()).toMatchObject({ ok: true });
  });

  it('can be checked outside of the database', async () => {
    const { rows } = await stores.sql.query<{
      canonical: string;
      prev: string;
      hash: string;
      source: string | null;
    }>(
      `select source, actp_audit.canonical(l) as canonical, encode(prev_hash, 'hex') as prev, encode(hash, 'hex') as hash
       from actp_agent_audit_log l limit 50`,
    );
    for (const row of rows) {
      expect(hash('sha256', Buffer.concat([Buffer.from(row.prev, 'hex'), Buffer.from(row.canonical)]))).toBe(
        row.hash,
      );
      // Every column of the first release, and what has come since.
      expect(JSON.parse(row.canonical)).toHaveLength(17 + (row.source === null ? 0 : 1));
    }
  });

  it.each([
    'update actp_agent_audit_log set status = status',
    'delete from actp_agent_audit_log',
    'truncate actp_agent_audit_log',
  ])('cannot be changed by the owner’s ordinary statements: %s', async (statement) => {
    await expect(stores.sql.query(statement)).rejects.toThrow('append-only');
    const { rows } = await stores.sql.query<{ name: string }>(
      `select 'log_' || to_char(now() at time zone 'UTC', 'YYYYMMDD') as name`,
    );
    const name = `actp_audit.${rows[0]?.name}`;
    await expect(stores.sql.query(statement.replace('actp_agent_audit_log', name))).rejects.toThrow(
      'append-only',
    );
  });
});
