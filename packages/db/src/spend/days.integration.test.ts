import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

async function newUser(): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash) values ($1, 'x') returning id`,
    [`${randomUUID()}@example.com`],
  );
  return rows[0]?.id ?? '';
}
async function reserved(user_id: string): Promise<string> {
  const id = randomUUID();
  const money = { amount_minor: 100, budget_minor: 1_000, ttl_seconds: 60 };
  const request = { id, user_id, agent: 'purchase', ...money };
  expect(await call(`reserve_spend($1, '{}')`, request)).toMatchObject({ result: 'reserved' });
  return id;
}

it.each<[what: string, texts: string[], spent: number]>([
  ['committed', [`commit_spend($1, 60, '{}')`], 60],
  ['released', [`release_spend($1, '{}')`], 0],
  ['refunded', [`commit_spend($1, 60, '{}')`, `refund_spend($1, 20, '{}')`], 20],
  ['given up', ['release_stale_spend(100)'], 0],
])(
  '[POL-001] what is %s after midnight counts for the day of its reservation',
  async (_what, texts, spent) => {
    const user = await newUser();
    const id = await reserved(user);
    // As if it had been made a day ago.
    await sql.query(
      `insert into actp_daily_spend (user_id, day, reserved_minor) select user_id, day - 1, 100 from actp_daily_spend where user_id = $1`,
      [user],
    );
    await sql.query(
      `update actp_spend_reservations set day = day - 1, expires_at = now() - interval '1 s' where id = $1`,
      [id],
    );
    for (const text of texts) await sql.query(`select ${text}`, text.includes('$1') ? [id] : []);
    const yesterday = '(select day from actp_spend_reservations where id = $2)';
    expect([
      await call('read_spend($1)', user),
      await call(`read_spend($1, ${yesterday})`, user, id),
    ]).toMatchObject([
      { reserved_minor: 100, spent_minor: 0 },
      { reserved_minor: 0, spent_minor: spent },
    ]);
  },
);

// The day of one of them is always another one than that of UTC.
it.each(['Pacific/Kiritimati', 'Etc/GMT+12'])(
  '[POL-001] a day is one of UTC, also for a session in %s',
  async (zone) => {
    const user = await newUser();
    const there = await sql.connect();
    try {
      await there.query('begin');
      await there.query(`set local timezone = '${zone}'`);
      const ask = async <T>(text: string, ...values: unknown[]) => {
        const { rows } = await there.query<{ answer: T }>(`select ${text} as answer`, values);
        return rows[0]?.answer;
      };
      const task = randomUUID();
      await there.query(
        `insert into actp_tasks (id, user_id, prompt, max_spend_minor) values ($1, $2, 'pay', 1000)`,
        [task, user],
      );
      const money = { amount_minor: 100, budget_minor: 1_000, ttl_seconds: 60 };
      await ask(`reserve_spend($1, '{}')`, { id: randomUUID(), user_id: user, agent: 'purchase', ...money });
      const day = await ask<string>(`(clock_timestamp() at time zone 'UTC')::date::text`);
      expect(await ask('read_spend($1)', user)).toMatchObject({ day, reserved_minor: 100 });
      expect(await ask('read_spend_days($1, 1)', user)).toMatchObject([{ day, reserved_minor: 100 }]);
      expect(await ask('(select task_work(t) from actp_tasks t where t.id = $1)', task)).toMatchObject({
        spent_today_minor: 100,
      });
    } finally {
      await there.query('rollback');
      there.release();
    }
  },
);

it('[POL-001] a row about money is of the agent that it was reserved for, and says who called', async () => {
  const user = await newUser();
  const [bought, given] = [await reserved(user), await reserved(user)];
  const context = { agent_id: 'executor', ip: '127.0.0.1', user_agent: 'test', request_id: 'r-1' };
  const rows = await rowsLeftBy(sql, async () => {
    await call('commit_spend($1, 60, $2)', bought, context);
    await call('release_spend($1, $2)', given, context);
    await sql.query('select refund_spend($1, 10, $2)', [bought, context]);
  });
  expect(rows).toMatchObject(
    [bought, given, bought].map((reservation) => ({
      ...{ agent_id: 'purchase', source: 'plane', ip: '127.0.0.1', user_agent: 'test', request_id: 'r-1' },
      result: { reservation, user_id: user, amount_minor: 100 },
    })),
  );
  expect(rows.map(({ action_type }) => action_type)).toEqual([
    'spend.commit',
    'spend.release',
    'spend.refund',
  ]);
});
