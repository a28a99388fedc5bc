import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

interface Answer {
  result: string;
  reservation?: Record<string, unknown>;
}
const user = async () => {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash) values ($1, 'x') returning id`,
    [`${randomUUID()}@example.com`],
  );
  return rows[0]?.id ?? '';
};
const reserve = (of: string, over: object = {}) =>
  call<Answer>(`reserve_spend($1, '{}')`, {
    ...{
      id: randomUUID(),
      user_id: of,
      agent: 'purchase',
      amount_minor: 100,
      budget_minor: 1_000,
      ttl_seconds: 60,
    },
    ...over,
  });
async function reserved(of: string, over: object = {}): Promise<string> {
  const id = randomUUID();
  expect((await reserve(of, { id, ...over })).result).toBe('reserved');
  return id;
}
const commit = (id: string, amount: number | string) =>
  call<Answer>(`commit_spend($1, $2::numeric, '{}')`, id, amount);
const release = (id: string) => call<Answer>(`release_spend($1, '{}')`, id);
const refund = (id: string, kept: number) => sql.query(`select refund_spend($1, $2, '{}')`, [id, kept]);
const read = (of: string, day: string | null = null) =>
  call<{ spent_minor: number; reserved_minor: number; by_agent: object }>('read_spend($1, $2)', of, day);
const stale = async (limit = 100) => {
  const { rows } = await sql.query<{ id: string }>('select release_stale_spend($1) as id', [limit]);
  return rows.map(({ id }) => id);
};
const lapse = (id: string) =>
  sql.query(`update actp_spend_reservations set expires_at = now() - interval '1 second' where id = $1`, [
    id,
  ]);

describe('[POL-001] a reservation', () => {
  it('is committed at most as it was made, once, and what is left is free again', async () => {
    const of = await user();
    const [id, exact] = [await reserved(of), await reserved(of)];
    expect((await commit(id, 101)).result).toBe('above_reservation');
    expect(await commit(id, 60)).toMatchObject({
      result: 'committed',
      reservation: { committed_minor: 60, state: 'committed' },
    });
    expect([(await commit(id, 60)).result, (await commit(id, 59)).result]).toEqual(['known', 'mismatch']);
    expect((await commit(exact, 100)).result).toBe('committed');
    expect((await commit(randomUUID(), 1)).result).toBe('not_found');
    expect(await read(of)).toMatchObject({ spent_minor: 160, reserved_minor: 0 });
  });

  it('is released once, and never after it was committed', async () => {
    const of = await user();
    const [id, spent, open] = [await reserved(of), await reserved(of), await reserved(of)];
    await commit(spent, 10);
    expect([(await release(id)).result, (await release(id)).result]).toEqual(['released', 'known']);
    expect([(await commit(id, 1)).result, (await release(spent)).result]).toEqual(['released', 'committed']);
    expect(await release(randomUUID())).toEqual({ result: 'not_found' });
    expect(await read(of)).toMatchObject({ spent_minor: 10, reserved_minor: 100 });
    expect((await commit(open, 0)).result).toBe('committed');
  });

  it('gives back what was committed and not spent, down to what is kept', async () => {
    const of = await user();
    const [id, other, open] = [await reserved(of), await reserved(of), await reserved(of)];
    for (const one of [id, other]) await commit(one, 80);
    const rows = await rowsLeftBy(sql, async () => {
      await refund(id, 30);
      // Nothing is taken that was not given.
      await refund(id, 30);
      await refund(id, 90);
      await refund(open, 0);
    });
    expect(rows.map(({ action_type, result }) => [action_type, result?.['refunded_minor']])).toEqual([
      ['spend.refund', 50],
    ]);
    expect(await read(of)).toMatchObject({ spent_minor: 110, reserved_minor: 100 });
  });

  it('leaves its rows', async () => {
    const of = await user();
    const id = await reserved(of);
    const facts = (more: object = {}) => ({ reservation: id, user_id: of, amount_minor: 100, ...more });
    const rows = await rowsLeftBy(sql, async () => {
      await commit(id, 101);
      await commit(id, 60);
      await commit(id, 60);
      await commit(id, 61);
      await release(await reserved(of));
      await reserve(of, { amount_minor: 1_000 });
    });
    expect(rows.map(({ action_type, status }) => [action_type, status])).toEqual([
      ['spend.commit', 'denied'],
      ['spend.commit', 'ok'],
      ['spend.commit', 'denied'],
      ['spend.reserve', 'ok'],
      ['spend.release', 'ok'],
      ['spend.reserve', 'denied'],
      ['security.policy_violation', 'denied'],
    ]);
    expect(rows.map(({ result }) => result)).toMatchObject([
      facts({ refused: 'above_reservation' }),
      facts({ committed_minor: 60 }),
      facts({ refused: 'mismatch' }),
      {},
      {},
      { refused: 'over_budget', spent_minor: 60, reserved_minor: 0, budget_minor: 1_000 },
      { rule: 'DAILY_BUDGET' },
    ]);
  });

  it('whose holder never came back is released after its time, so many at a time, with a row', async () => {
    const of = await user();
    const [one, two, open, spent] = [
      await reserved(of),
      await reserved(of),
      await reserved(of),
      await reserved(of),
    ];
    await commit(spent, 5);
    for (const id of [one, two, spent]) await lapse(id);
    const rows = await rowsLeftBy(sql, async () => {
      const [first, second] = [await stale(1), await stale(1)];
      expect([...first, ...second].toSorted()).toEqual([one, two].toSorted());
      expect(await stale()).toEqual([]);
    });
    expect(rows.map(({ action_type, result }) => [action_type, result?.['stale']])).toEqual([
      ['spend.release', true],
      ['spend.release', true],
    ]);
    expect(await read(of)).toMatchObject({ spent_minor: 5, reserved_minor: 100 });
    expect((await commit(open, 1)).result).toBe('committed');
  });

  it('that is being committed is not released meanwhile, and nobody waits for it', async () => {
    const of = await user();
    const [id, other] = [await reserved(of), await reserved(await user())];
    for (const one of [id, other]) await lapse(one);
    const holder = await sql.connect();
    const sweeper = await sql.connect();
    try {
      await holder.query('begin');
      await holder.query(`select commit_spend($1, 70, '{}')`, [id]);
      await sweeper.query(`set lock_timeout = '2s'`);
      const { rows } = await sweeper.query('select release_stale_spend(100) as id');
      expect(rows).toEqual([{ id: other }]);
      await holder.query('commit');
    } finally {
      await holder.query('rollback');
      await sweeper.query('reset lock_timeout');
      for (const client of [holder, sweeper]) client.release();
    }
    expect(await stale()).toEqual([]);
    expect(await read(of)).toMatchObject({ spent_minor: 70, reserved_minor: 0 });
  });

  it('of a task stays as long as that is open', async () => {
    const of = await user();
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_tasks (user_id, prompt, max_spend_minor) values ($1, 'p', 0) returning id`,
      [of],
    );
    const task = rows[0]?.id;
    const id = await reserved(of, { task_id: task });
    await lapse(id);
    expect(await stale()).toEqual([]);
    await sql.query(`update actp_tasks set status = 'failed', ended_at = now() where id = $1`, [task]);
    expect(await stale()).toEqual([id]);
  });
});

describe('[POL-001] an amount', () => {
  const minor = (amount: string | null) => call<string>(`minor_units($1::numeric, 'price')`, amount);

  it.each(['0', '1', '9007199254740992', '5.00'])('may be %s', async (amount) => {
    expect(Number(await minor(amount))).toBe(Number(amount));
  });

  it.each(['-1', '0.5', '9007199254740993', 'NaN', 'Infinity', '-Infinity', null])(
    'is not %s',
    async (amount) => {
      await expect(minor(amount)).rejects.toThrow(
        'price must be a whole number of minor units from 0 to 2^53',
      );
    },
  );
});

describe('[POL-001] what was spent', () => {
  it('is read of one user and one day, agent by agent, and of the last days that have something', async () => {
    const [of, other] = [await user(), await user()];
    for (const [amount, agent] of [
      [10, 'a'],
      [20, 'a'],
      [30, 'b'],
    ] as const)
      await commit(await reserved(of, { agent }), amount);
    await reserved(of);
    await commit(await reserved(other), 99);
    const today = new Date().toISOString().slice(0, 10);
    expect(await read(of, today)).toEqual({
      ...{ day: today, spent_minor: 60, reserved_minor: 100, by_agent: { a: 30, b: 30 } },
    });
    expect(await read(of, '2020-01-01')).toEqual({
      ...{ day: '2020-01-01', spent_minor: 0, reserved_minor: 0, by_agent: {} },
    });
    await sql.query(
      `insert into actp_daily_spend (user_id, day, spent_minor, reserved_minor)
       select $1, (now() at time zone 'UTC')::date - n, s, r from (values (1, 7, 0), (2, 0, 0), (3, 0, 8), (4, 9, 0)) v (n, s, r)`,
      [of],
    );
    const days = async (n: number) =>
      (
        await call<Array<{ spent_minor: number; reserved_minor: number }>>('read_spend_days($1, $2)', of, n)
      ).map(({ spent_minor, reserved_minor }) => [spent_minor, reserved_minor]);
    expect(await days(4)).toEqual([
      [60, 100],
      [7, 0],
      [0, 8],
    ]);
    expect(await days(1)).toEqual([[60, 100]]);
    expect(await call('read_spend_days($1, 9)', await user())).toEqual([]);
  });
});
