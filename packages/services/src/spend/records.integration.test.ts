import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { createSpend } from './spend.ts';

const { env, sql } = await openStores();
const spend = createSpend(createDb(env, 'scheduler', 20_000));
const statements = createSpend(createDb(env, 'gateway', 20_000));
const most = 2 ** 53;

let userId = '';
beforeEach(async () => {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash) values ($1, 'x') returning id`,
    [`${randomUUID()}@example.com`],
  );
  userId = rows[0]?.id ?? '';
});
const of = (over: { amountMinor?: number; budgetMinor?: number } = {}) => ({
  id: randomUUID(),
  ...{ userId, agent: 'purchase', amountMinor: 10, budgetMinor: 100, ttlSeconds: 600 },
  ...over,
});

it('gives the reservation with each answer', async () => {
  const request = of();
  const reservation = {
    ...{ state: 'reserved', amount_minor: 10, committed_minor: null },
    day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    expires_at: expect.any(String) as string,
  };
  expect(await spend.reserve(request)).toEqual({ result: 'reserved', reservation });
  const committed = { ...reservation, state: 'committed', committed_minor: 4 };
  expect(await spend.commit(request.id, 4)).toEqual({ result: 'committed', reservation: committed });
  expect(await spend.release(request.id)).toEqual({ result: 'committed', reservation: committed });
});

it('writes who has called into the audit log', async () => {
  const [first, second] = [of(), of()];
  const called = (what: string) => ({ request_id: what, ip: '203.0.113.7', user_agent: `agent of ${what}` });
  await spend.reserve(first, called('reserve'));
  await spend.commit(first.id, 4, called('commit'));
  await spend.reserve(second);
  await spend.release(second.id, called('release'));
  const { rows } = await sql.query(
    `select action_type, request_id, host(ip_address) as ip, user_agent from actp_agent_audit_log
     where result ->> 'reservation' = any ($1) order by id`,
    [[first.id, second.id]],
  );
  expect(rows).toEqual([
    { action_type: 'spend.reserve', ...called('reserve') },
    { action_type: 'spend.commit', ...called('commit') },
    { action_type: 'spend.reserve', request_id: null, ip: '127.0.0.1', user_agent: 'node' },
    { action_type: 'spend.release', ...called('release') },
  ]);
});

it('lists the days on which there was something, newest first', async () => {
  expect(await statements.readDays(userId, 3)).toEqual([]);
  await sql.query(
    `insert into actp_daily_spend (user_id, day, spent_minor, reserved_minor)
     select $1, (now() at time zone 'UTC')::date - ago, ago, 2 * ago from generate_series(1, 4) ago`,
    [userId],
  );
  await spend.reserve(of());
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  expect(await statements.readDays(userId, 3)).toEqual([
    { day: day(0), spent_minor: 0, reserved_minor: 10 },
    { day: day(1), spent_minor: 1, reserved_minor: 2 },
    { day: day(2), spent_minor: 2, reserved_minor: 4 },
  ]);
});

it.each([
  ['amount_minor', -1],
  ['amount_minor', most + 2],
  ['amount_minor', 0.5],
  ['budget_minor', -1],
  ['budget_minor', most + 2],
])('says that %s cannot be %d', async (field, value) => {
  const refused = {
    ...{ code: 'validation_failed', message: 'the amount cannot be used' },
    fields: [{ field, message: 'must be a whole number of minor units from 0 to 2^53' }],
  };
  const over = field === 'amount_minor' ? { amountMinor: value } : { budgetMinor: value };
  await expect(spend.reserve(of(over))).rejects.toMatchObject(refused);
  if (field === 'amount_minor')
    await expect(spend.commit(randomUUID(), value)).rejects.toMatchObject(refused);
});

it('takes amounts from nothing to 2^53', async () => {
  const nothing = of({ amountMinor: 0, budgetMinor: 0 });
  expect((await spend.reserve(nothing)).result).toBe('reserved');
  expect((await spend.commit(nothing.id, 0)).result).toBe('committed');
  const all = await spend.reserve(of({ amountMinor: 1, budgetMinor: most }));
  expect(all.result).toBe('reserved');
  expect((await spend.reserve(of({ amountMinor: most, budgetMinor: most }))).result).toBe('over_budget');
});
