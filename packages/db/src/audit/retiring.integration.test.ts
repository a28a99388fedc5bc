import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls } from './rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const [before, day, after] = ['2020-03-01', '2020-03-02', '2020-03-03'];
await sql.query(
  `insert into actp_audit.retention (days) values (30) on conflict (singleton) do update set days = 30`,
);

/** At the first moment of a day, at noon or at its last. */
const write = (of: string, time = '12:00') =>
  sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status, created_at)
     values ('a', 'b.c', 'ok', ($1::date + $2::time) at time zone 'UTC')`,
    [of, time],
  );
const headsOf = (of: string) => call<unknown[]>('audit_heads($1)', of);
const rowsOf = async () => {
  const { rows } = await sql.query<{ day: string; rows: number }>(
    `select (created_at at time zone 'UTC')::date::text as day, count(*)::int as rows
     from actp_agent_audit_log group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map((row) => [row.day, row.rows]));
};
const total = () => call<string>('actp_audit.audit_total()');
const lastNumber = () => call<number>('coalesce((select max(n)::int from actp_audit.checkpoints), 0)');

async function retire(
  over: { day?: string; heads?: unknown[]; signed?: object; ahead?: number } = {},
): Promise<boolean> {
  const of = over.day ?? day;
  const heads = over.heads ?? (await headsOf(of));
  const payload = { kind: 'retired', day: of, heads, ...over.signed };
  const n = (await lastNumber()) + (over.ahead ?? 1);
  return call<boolean>(
    'retire_audit_day($1, $2, $3, $4, $5)',
    of,
    JSON.stringify(heads),
    n,
    JSON.stringify(payload),
    'signed',
  );
}

async function asOwner(text: string): Promise<void> {
  const owner = await sql.connect();
  try {
    await owner.query(`begin; set local session_replication_role = replica; ${text}; commit`);
  } finally {
    owner.release();
  }
}

beforeEach(async () => {
  await asOwner(
    `drop table if exists actp_audit.log_20200302; delete from actp_agent_audit_log; delete from actp_audit.lanes;
     delete from actp_audit.event_ids; delete from actp_audit.checkpoints`,
  );
});

describe.each([
  ['with a partition', true],
  ['without one', false],
])('a day %s', (_what, partition) => {
  beforeEach(async () => {
    if (partition) await call('actp_audit.make_partition($1)', day);
    await write(before, '23:59:59.999999');
    for (const time of ['00:00', '12:00', '23:59:59.999999']) await write(day, time);
    await write(after, '00:00');
  });

  it('is dropped once its ends are signed, and no other; its rows still count', async () => {
    const counted = await total();
    expect(await retire()).toBe(true);
    expect(await rowsOf()).toEqual({ [before]: 1, [after]: 1 });
    expect(await total()).toBe(counted);
    expect([await headsOf(before), await headsOf(day), await headsOf(after)]).toEqual([
      [expect.anything()],
      [],
      [expect.anything()],
    ]);
    expect(await call('last_audit_checkpoint()')).toMatchObject({ n: 1, signature: 'signed' });
    // What is left is as safe as before.
    await expect(sql.query('delete from actp_agent_audit_log')).rejects.toThrow('append-only');
  });

  it.each<[why: string, over: () => Promise<Parameters<typeof retire>[0]>]>([
    [
      'a row has come since',
      async () => {
        const heads = await headsOf(day);
        await write(day);
        return { heads };
      },
    ],
    ['other ends are signed', async () => ({ signed: { heads: await headsOf(before) } })],
    ['no ends are signed', async () => ({ signed: { heads: undefined } })],
    ['another day is signed', async () => ({ signed: { day: before } })],
    ['no day is signed', async () => ({ signed: { day: undefined } })],
    ['another checkpoint has its number', async () => ({ ahead: 0 })],
    ['a checkpoint before it is missing', async () => ({ ahead: 2 })],
  ])('stays when %s', async (_why, over) => {
    await call(`record_audit_checkpoint(1, '{}', 'first')`);
    const given = await over();
    const [rows, counted] = [await rowsOf(), await total()];
    expect(await retire(given)).toBe(false);
    expect(await rowsOf()).toEqual(rows);
    expect([await total(), await lastNumber()]).toEqual([counted, 1]);
    expect(await headsOf(day)).not.toEqual([]);
  });
});

it('a day that nobody has written to is dropped, and counts for nothing', async () => {
  await write(after);
  const counted = await total();
  expect(await retire()).toBe(true);
  expect(await total()).toBe(counted);
});

it('a day without a partition is dropped while others write about another one', async () => {
  const now = `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`;
  await write(day);
  await sql.query(now);
  const writer = await sql.connect();
  try {
    await writer.query('begin');
    await writer.query(now);
    expect(await retire()).toBe(true);
  } finally {
    await writer.query('rollback');
    writer.release();
  }
});

it.each([0, 1])('a day that is not over is not dropped: today and %d more', async (more) => {
  const today = await call<string>(`((now() at time zone 'UTC')::date + $1::int)::text`, more);
  await expect(retire({ day: today })).rejects.toThrow('only a day that is over');
});

it('ids of events are forgotten with the last of their days, so many at a time', async () => {
  const forget = (limit: number) => call<number>('forget_audit_event_ids($1)', limit);
  for (const of of [before, before, before, day]) await write(of);
  expect(await forget(100)).toBe(0);
  expect(await retire({ day: before })).toBe(true);
  expect([await forget(2), await forget(2), await forget(2)]).toEqual([2, 1, 0]);
  const { rows } = await sql.query('select day::text from actp_audit.event_ids');
  expect(rows).toEqual([{ day }]);
  // Where nothing is known of any day, nothing is known to be old.
  await asOwner('delete from actp_audit.lanes');
  expect(await forget(2)).toBe(0);
});
