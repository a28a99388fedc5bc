import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';

const { sql } = await openDatabase();
const calls = approvalCalls(sql);
const [since, until] = ['2020-01-06T00:00:00.000Z', '2020-01-13T00:00:00.000Z'];

/** Says that an approval was decided, or was due, at that time. */
async function approval(status: string, column: 'decided_at' | 'expires_at', at: string) {
  const { id } = await calls.request();
  if (status === 'approved' || status === 'rejected') await calls.decide(id, status);
  // As the owner, whose word about the past is taken; what does not count lies outside of the week.
  const times =
    column === 'decided_at'
      ? `decided_at = $2, expires_at = $2::timestamptz + interval '1 year'`
      : 'expires_at = $2';
  await sql.query(`update actp_approval_queue set created_at = '2019-01-01', ${times} where id = $1`, [
    id,
    at,
  ]);
  if (status === 'expired')
    await sql.query('select expire_locked_approval(q) from actp_approval_queue q where id = $1', [id]);
}

const summary = async (from = since, to = until) => {
  const { rows } = await sql.query<{ s: Record<string, unknown> }>('select audit_summary($1, $2) as s', [
    from,
    to,
  ]);
  return rows[0]?.s;
};

it('of a week in which nothing has happened says so', async () => {
  expect(await summary('2019-06-03T00:00:00Z', '2019-06-10T00:00:00Z')).toEqual({
    ...{
      since: expect.anything(),
      until: expect.anything(),
      events: 0,
      not_counted: 0,
      errors: 0,
      denied: 0,
    },
    ...{ top_actions: [], unique_actors: 0, security_events: 0 },
    by_source: { plane: 0, http: 0, direct: 0, unknown: 0 },
    approvals: { requested: 0, approved: 0, rejected: 0, expired: 0 },
  });
});

it('counts the decisions of a week: from its first moment on, up to the first of the next', async () => {
  const last = '2020-01-12T23:59:59.999Z';
  for (const at of [since, last, '2020-01-05T23:59:59.999Z', until]) {
    await approval('approved', 'decided_at', at);
    await approval('expired', 'expires_at', at);
  }
  for (const at of [since, last, last, until]) await approval('rejected', 'decided_at', at);
  await approval('pending', 'expires_at', last);
  const { id } = await calls.request();
  await calls.cancel(id);
  await sql.query('update actp_approval_queue set created_at = $2, expires_at = $3 where id = $1', [
    id,
    since,
    last,
  ]);
  expect(await summary()).toMatchObject({
    since: expect.stringContaining('2020-01-06') as string,
    events: 0,
    approvals: { requested: 0, approved: 2, rejected: 3, expired: 3 },
  });
});

it('counts what has happened by now: what went wrong, who did it, and who says so', async () => {
  const rows: Array<[action: string, agent: string, status: string, source: string | null, n: number]> = [
    ['a.b', 'one', 'ok', 'http', 2],
    ['a.b', 'two', 'error', 'http', 1],
    ['c.d', 'one', 'failed', 'direct', 1],
    ['c.d', 'one', 'failure', null, 1],
    ['e.f', 'three', 'denied', 'http', 1],
    // Somebody else's word about the plane's own actions is not counted.
    ['approval.request', 'four', 'ok', 'http', 1],
    ['security.forbidden', 'five', 'denied', 'http', 1],
    ['security.forbidden', 'gateway', 'denied', 'plane', 1],
    ['approval.request', 'one', 'ok', 'plane', 1],
    ['approval.request', 'one', 'denied', 'plane', 1],
  ];
  const { rows: begun } = await sql.query<{ at: string }>('select clock_timestamp()::text as at');
  for (const [action, agent, status, source, n] of rows) {
    await sql.query(
      `insert into actp_agent_audit_log (action_type, agent_id, status, source) select $1, $2, $3, $4 from generate_series(1, $5::int)`,
      [action, agent, status, source, n],
    );
  }
  expect(await summary(begun[0]?.at, '2999-01-01T00:00:00Z')).toMatchObject({
    events: 11,
    by_source: { plane: 3, http: 6, direct: 1, unknown: 1 },
    not_counted: 2,
    errors: 3,
    denied: 3,
    unique_actors: 4,
    security_events: 1,
    approvals: { requested: 1 },
    top_actions: [
      { action_type: 'a.b', count: 3 },
      { action_type: 'approval.request', count: 2 },
      { action_type: 'c.d', count: 2 },
      { action_type: 'e.f', count: 1 },
      { action_type: 'security.forbidden', count: 1 },
    ],
  });
  // From the first moment on, up to the last but not with it.
  const { rows: last } = await sql.query<{ at: string }>(
    'select max(created_at)::text as at from actp_agent_audit_log',
  );
  const at = last[0]?.at;
  expect(await summary(at, '2999-01-01T00:00:00Z')).toMatchObject({ events: 1 });
  expect(await summary(begun[0]?.at, at)).toMatchObject({ events: 10 });
});

it('names ten actions at most, and of those that are as frequent the first by name', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `t.${String(n).padStart(2, '0')}`);
  for (const [n, name] of names.toReversed().entries()) {
    await sql.query(
      `insert into actp_agent_audit_log (action_type, agent_id, status, created_at)
       select $1, 'one', 'ok', '2019-07-02' from generate_series(1, $2::int)`,
      [name, n === 3 ? 2 : 1],
    );
  }
  const found = (await summary('2019-07-01T00:00:00Z', '2019-07-08T00:00:00Z'))?.['top_actions'];
  expect((found as Array<{ action_type: string }>).map(({ action_type: name }) => name)).toEqual([
    't.08',
    ...names.slice(0, 8),
    't.09',
  ]);
});
