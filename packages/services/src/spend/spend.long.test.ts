import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';

const stores = await openStores();

it('[POL-001] never overshoots a budget in 20,000 concurrent reservations', async () => {
  const { rows: users } = await stores.sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash)
     select n || '@example.com', 'x' from generate_series(1, 5) n returning id`,
  );
  let reserved = 0;
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async (_, n) => {
        const user_id = users[n % users.length]?.id;
        const { rows } = await stores.sql.query<{ answer: { result: string } }>(
          `select reserve_spend($1, '{}') as answer`,
          [
            {
              id: randomUUID(),
              user_id,
              agent: 'a',
              amount_minor: 7,
              budget_minor: 10_000,
              ttl_seconds: 600,
            },
          ],
        );
        return rows[0]?.answer.result;
      }),
    );
    reserved += answers.filter((result) => result === 'reserved').length;
  }
  expect(reserved).toBe(users.length * Math.floor(10_000 / 7));
}, 600_000);

it('[SEC-012] never overshoots a limit in 10,000 concurrent claims', async () => {
  const claims = JSON.stringify([
    { counter: 'long', amount: 3, max: 20_000, seconds: 86_400, over: 'require_approval' },
  ]);
  let taken = 0;
  for (let round = 0; round < 10; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        const { rows } = await stores.sql.query<{ answer: { result: string } }>(
          `select claim_limits('a', 'b', $1) as answer`,
          [claims],
        );
        return rows[0]?.answer.result;
      }),
    );
    taken += answers.filter((result) => result === 'taken').length;
  }
  expect(taken).toBe(Math.floor(20_000 / 3));
}, 600_000);
