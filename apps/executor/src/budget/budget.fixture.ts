import { expect } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { again, askedBy, countRows, openProcesses, people } from '../processes/processes.fixture.ts';

/**
 * Many purchases of one user at once, worked on by several executors, against a budget that is enough for some of them.
 *
 * @returns how many fitted, and how many were refused
 */
export async function buyBeyondBudget(options: { purchases: number; executors: number; fitting: number }) {
  const { purchases, executors, fitting } = options;
  // 0.01 bitcoin at 60,000 dollars, and one per cent for a price that moves.
  const cents = 60_600;
  const budget = fitting * cents + cents - 1;
  const plane = await openProcesses({ payments: 'ledger', executors, dailyBudget: budget / 100 });
  plane.coingecko.set({ id: 'bitcoin', usd: '60000' });
  const user = await people(plane);
  const ask = askedBy(plane, user);
  let over = 0;
  const spend = async () => {
    const { rows } = await plane.sql.query<{ spent: number; reserved: number }>(
      `select coalesce(sum(spent_minor), 0)::int as spent, coalesce(sum(reserved_minor), 0)::int as reserved from actp_daily_spend`,
    );
    const row = rows[0] ?? { spent: 0, reserved: 0 };
    if (row.spent + row.reserved > budget) over += 1;
    return row;
  };
  for (let n = 0; n < purchases; n += 20) {
    await Promise.all(
      Array.from({ length: Math.min(20, purchases - n) }, (_, i) => ask('Buy 0.01 bitcoin', `k${n + i}`)),
    );
  }
  const left = () =>
    again(() =>
      countRows(plane, `select count(*)::int as n from actp_tasks where status in ('queued', 'running')`),
    );
  await eventually(
    async () => {
      await spend();
      return (await left()) === 0;
    },
    { within: 600_000, every: 50 },
  );
  expect(await spend()).toEqual({ spent: 0, reserved: fitting * cents });

  // One half is approved, the other rejected; all of it ends.
  await plane.sql.query(
    `select decide_approval(q.id, case when q.n % 2 = 0 then 'approved' else 'rejected' end, q.action_digest,
       'operator:op@example.com', null, null, '{}')
     from (select a.*, row_number() over (order by a.id) as n from actp_approval_queue a where a.status = 'pending') q`,
  );
  await eventually(
    async () => {
      await spend();
      return (
        (await again(() =>
          countRows(plane, `select count(*)::int as n from actp_tasks where ended_at is null`),
        )) === 0
      );
    },
    { within: 600_000, every: 50 },
  );
  const bought = await countRows(plane, `select count(*)::int as n from actp_ledger`);
  const paid = await countRows(plane, `select coalesce(sum(amount_minor), 0)::int as n from actp_ledger`);
  // Nothing stays reserved for what is over, and what is spent is what the ledger says.
  expect(await spend()).toEqual({ spent: paid, reserved: 0 });
  expect(over).toBe(0);
  const refused = await countRows(
    plane,
    `select count(*)::int as n from actp_tasks where error_code = 'over_budget'`,
  );
  return { bought, paid, refused };
}
