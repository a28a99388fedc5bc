import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type pg from 'pg';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from './rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

describe('a row that another program inserts', () => {
  const token = `ghp_${'A'.repeat(36)}`;
  it.each(['agent_id', 'action_type', 'status', 'error', 'user_agent', 'request_id', 'result'])(
    '[SEC-020] keeps no secret in its %s',
    async (column) => {
      const { rows } = await sql.query<{ row: string }>(
        `with made as (
           insert into actp_agent_audit_log (agent_id, action_type, status, error, user_agent, request_id, result)
           select r.agent_id, r.action_type, r.status, r.error, r.user_agent, r.request_id, r.result
           from jsonb_populate_record(null::actp_agent_audit_log, $1) r
           returning *)
         select to_jsonb(m)::text as row from made m`,
        [{ agent_id: 'a', action_type: 'b.c', status: 'ok', [column]: `by ${token}` }],
      );
      expect(rows[0]?.row).not.toContain(token);
      expect(rows[0]?.row).toContain('by [redacted:github-pat]');
    },
  );
});

it.each<[said: object, kept: object]>([
  [{}, { user_agent: 'actp-worker', ip: '127.0.0.1' }],
  [{ user_agent: '' }, { user_agent: 'actp-worker', ip: '127.0.0.1' }],
  [
    { user_agent: 'cli/1', ip_address: '10.1.2.3' },
    { user_agent: 'cli/1', ip: '10.1.2.3' },
  ],
])('an event that says %j of where it comes from has %j', async (said, kept) => {
  const event = { event_id: randomUUID(), agent_id: 'a', action_type: 'b.c', status: 'ok', ...said };
  expect(await call('write_audit_events($1)', JSON.stringify([event]))).toEqual({ written: 1, known: 0 });
  const { rows } = await sql.query(
    'select user_agent, host(ip_address) as ip from actp_agent_audit_log where event_id = $1',
    [event.event_id],
  );
  expect(rows).toEqual([kept]);
});

describe('checkpoints are read', () => {
  it('after a number, in order, so many at a time and never more than a thousand', async () => {
    await sql.query(
      `insert into actp_audit.checkpoints (n, payload, signature) select n, '{}', 's' from generate_series(1, 1002) n`,
    );
    const read = async (from: number, limit: number) =>
      (await call<Array<{ n: number }>>('audit_checkpoints($1, $2)', from, limit)).map(({ n }) => n);
    expect(await read(0, 2)).toEqual([1, 2]);
    expect(await read(2, 2)).toEqual([3, 4]);
    expect(await read(1_001, 5)).toEqual([1_002]);
    expect(await read(1_002, 5)).toEqual([]);
    expect(await read(0, 5_000)).toHaveLength(1_000);
    expect(await call('last_audit_checkpoint()')).toMatchObject({ n: 1_002 });
  });
});

describe('partitions', () => {
  const exists = (days: number) =>
    call<boolean>(
      `to_regclass('actp_audit.' || actp_audit.partition_of((now() at time zone 'UTC')::date + $1::int)) is not null`,
      days,
    );
  const make = (days: number) => call<number>('make_audit_partitions($1)', days);

  it('are made of today and so many days to come, once, and of two months at most', async () => {
    const there = await Promise.all(Array.from({ length: 62 }, (_, n) => exists(n)));
    const missing = (until: number) => there.slice(0, until + 1).filter((one) => !one).length;
    expect(await make(9)).toBe(missing(9));
    expect([await exists(9), await exists(10)]).toEqual([true, there[10]]);
    expect(await make(9)).toBe(0);
    expect(await make(400)).toBe(missing(60) - missing(9));
    expect([await exists(60), await exists(61)]).toEqual([true, false]);
  });

  it('are closed and append-only from their first moment on', async () => {
    expect(await call(`actp_audit.make_partition('2031-05-06')`)).toBe(true);
    expect(await call(`actp_audit.make_partition('2031-05-06')`)).toBe(false);
    const { rows } = await sql.query(
      `select relrowsecurity as closed from pg_class where oid = 'actp_audit.log_20310506'::regclass`,
    );
    expect(rows).toEqual([{ closed: true }]);
    for (const statement of ['truncate actp_audit.log_20310506', 'delete from actp_audit.log_20310506']) {
      const client = await sql.connect();
      try {
        await client.query(
          `begin; insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
           values ('a', 'b.c', 'ok', '2031-05-06 12:00Z')`,
        );
        await expect(client.query(statement)).rejects.toThrow('append-only');
      } finally {
        await client.query('rollback');
        client.release();
      }
    }
  });

  it.each([
    ['2032-05-06', '2032-05-06 00:00Z', false],
    ['2033-05-06', '2033-05-06 23:59:59.999999Z', false],
    ['2034-05-06', '2034-05-05 23:59:59.999999Z', true],
    ['2035-05-06', '2035-05-07 00:00Z', true],
  ])('are not made of a day that has rows already: %s, with a row of %s', async (of, created, made) => {
    await sql.query(
      `insert into actp_agent_audit_log (agent_id, action_type, status, created_at) values ('a', 'b.c', 'ok', $1)`,
      [created],
    );
    expect(await call('actp_audit.make_partition($1)', of)).toBe(made);
  });
});

describe('the lanes of a day', () => {
  const write = async (by: Pick<pg.Pool, 'query'>, of: string) => {
    const { rows } = await by.query<{ lane: number }>(
      `insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
       values ('a', 'b.c', 'ok', $1::date + time '12:00') returning chain_lane as lane`,
      [of],
    );
    return rows[0]?.lane;
  };

  it('are sixteen: a transaction keeps the one it has, and another one takes the next', async () => {
    const of = '2036-01-01';
    await call('actp_audit.make_partition($1)', of);
    const [one, two] = [await sql.connect(), await sql.connect()];
    try {
      for (const client of [one, two]) await client.query('begin');
      expect([await write(one, of), await write(two, of), await write(one, of)]).toEqual([0, 1, 0]);
      await one.query('commit');
      // The first one is free again.
      expect([await write(two, of), await write(sql, of)]).toEqual([1, 0]);
      // Another day has lanes of its own.
      await call(`actp_audit.make_partition('2036-01-02')`);
      expect(await write(two, '2036-01-02')).toBe(0);
    } finally {
      for (const client of [one, two]) {
        await client.query('commit');
        client.release();
      }
    }
    const { rows } = await sql.query(
      `select count(*)::int as lanes, sum(seq)::int as rows, max(lane)::int as last from actp_audit.lanes where day = $1`,
      [of],
    );
    expect(rows).toEqual([{ lanes: 16, rows: 5, last: 15 }]);
  });

  it('are made with the first row of a day that nobody has prepared', async () => {
    expect(await write(sql, '2037-01-01')).toBeLessThan(16);
    expect(await call<unknown[]>(`audit_heads('2037-01-01')`)).toMatchObject([{ seq: 1 }]);
    const { rows } = await sql.query(`select from actp_audit.lanes where day = '2037-01-01'`);
    expect(rows).toHaveLength(16);
  });
});
