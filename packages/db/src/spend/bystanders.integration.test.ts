import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { expectOthersUntouched } from '../bystanders.fixture.ts';

const { sql } = await openDatabase();

async function newUser(): Promise<string> {
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash) values ($1, 'x') returning id`,
    [`${randomUUID()}@example.com`],
  );
  return rows[0]?.id ?? '';
}

async function answerOf(text: string, ...values: unknown[]): Promise<string> {
  const { rows } = await sql.query<{ answer: { result: string } }>(`select ${text} as answer`, values);
  return rows[0]?.answer.result ?? '';
}

const reserve = (user_id: string, id: string, amount_minor = 100, ttl_seconds = 600) =>
  answerOf(`reserve_spend($1, '{}')`, {
    ...{ id, user_id, agent: 'purchase', amount_minor, budget_minor: 1_000, ttl_seconds },
  });

// Another user on this day, and the same user the day before.
const [mine, theirs] = [await newUser(), await newUser()];
for (const user of [theirs, theirs, mine]) await reserve(user, randomUUID());
await sql.query(
  `insert into actp_daily_spend (user_id, day, reserved_minor, spent_minor)
   values ($1, (now() at time zone 'UTC')::date - 1, 300, 200)`,
  [mine],
);
const [settled, open] = [randomUUID(), randomUUID()];
await reserve(theirs, settled);
await answerOf(`commit_spend($1, 60, '{}')`, settled);

const today = async (user: string) => {
  const { rows } = await sql.query<{ reserved: number; spent: number }>(
    `select reserved_minor::int as reserved, spent_minor::int as spent from actp_daily_spend
     where user_id = $1 and day = (now() at time zone 'UTC')::date`,
    [user],
  );
  return rows[0];
};

it('[POL-001] what one reservation does leaves other users, other days and other reservations as they are', async () => {
  const [bought, given] = [randomUUID(), randomUUID()];
  const yesterday = await sql.query(
    `select * from actp_daily_spend where user_id = $1 and day < (now() at time zone 'UTC')::date`,
    [mine],
  );
  await expectOthersUntouched(
    sql,
    { tables: 'actp_%spend%', subjects: [bought, given, open, mine] },
    async () => {
      expect(await today(mine)).toEqual({ reserved: 100, spent: 0 });
      expect(await reserve(mine, bought)).toBe('reserved');
      expect(await reserve(mine, given)).toBe('reserved');
      expect(await today(mine)).toEqual({ reserved: 300, spent: 0 });
      expect(await answerOf(`commit_spend($1, 80, '{}')`, bought)).toBe('committed');
      expect(await today(mine)).toEqual({ reserved: 200, spent: 80 });
      expect(await answerOf(`release_spend($1, '{}')`, given)).toBe('released');
      expect(await today(mine)).toEqual({ reserved: 100, spent: 80 });
      await sql.query(`select refund_spend($1, 30, '{}')`, [bought]);
      expect(await today(mine)).toEqual({ reserved: 100, spent: 30 });
      expect(await reserve(mine, open, 100, 1)).toBe('reserved');
      await sql.query(
        `update actp_spend_reservations set expires_at = now() - interval '1 second' where id = $1`,
        [open],
      );
      const { rows } = await sql.query<{ id: string }>('select release_stale_spend(100) as id');
      expect(rows).toEqual([{ id: open }]);
      expect(await today(mine)).toEqual({ reserved: 100, spent: 30 });
    },
  );
  const after = await sql.query(
    `select * from actp_daily_spend where user_id = $1 and day < (now() at time zone 'UTC')::date`,
    [mine],
  );
  expect(after.rows).toEqual(yesterday.rows);
});

it('[POL-001] the budget counts what is spent and what is reserved, of this day, to the cent', async () => {
  const user = await newUser();
  const [first, second] = [randomUUID(), randomUUID()];
  expect(await reserve(user, first, 400)).toBe('reserved');
  await answerOf(`commit_spend($1, 400, '{}')`, first);
  expect(await reserve(user, second, 300)).toBe('reserved');
  expect(await reserve(user, randomUUID(), 301)).toBe('over_budget');
  expect(await today(user)).toEqual({ reserved: 300, spent: 400 });
  expect(await reserve(user, randomUUID(), 300)).toBe('reserved');
  expect(await reserve(user, randomUUID(), 1)).toBe('over_budget');
});

it.each([
  ['another amount', { amount_minor: 99 }],
  ['another user', { user_id: theirs }],
  ['another agent', { agent: 'research' }],
  ['another task', { task_id: randomUUID() }],
])('[POL-001] an id with %s is no repeat', async (_what, over) => {
  const request = {
    id: randomUUID(),
    user_id: await newUser(),
    agent: 'purchase',
    amount_minor: 100,
    budget_minor: 1_000,
    ttl_seconds: 60,
  };
  expect(await answerOf(`reserve_spend($1, '{}')`, request)).toBe('reserved');
  expect(await answerOf(`reserve_spend($1, '{}')`, request)).toBe('known');
  expect(await answerOf(`reserve_spend($1, '{}')`, { ...request, ...over })).toBe('mismatch');
});

it.each([
  ['an amount in words', { amount_minor: '5' }, 'must be numbers'],
  ['a budget in words', { budget_minor: '5' }, 'must be numbers'],
  ['no time', { ttl_seconds: 0 }, 'ttl_seconds must be from 1 to 86400'],
  ['more than a day', { ttl_seconds: 86_401 }, 'ttl_seconds must be from 1 to 86400'],
  ['no time at all', { ttl_seconds: null }, 'ttl_seconds must be from 1 to 86400'],
])('[POL-001] %s is refused', async (_what, over, message) => {
  const request = {
    id: randomUUID(),
    user_id: mine,
    agent: 'purchase',
    amount_minor: 1,
    budget_minor: 1_000,
    ttl_seconds: 60,
  };
  await expect(answerOf(`reserve_spend($1, '{}')`, { ...request, ...over })).rejects.toThrow(message);
});

it.each([1, 86_400])('[POL-001] may be held for %d seconds', async (ttl) => {
  expect(await reserve(await newUser(), randomUUID(), 1, ttl)).toBe('reserved');
});
