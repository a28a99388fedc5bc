import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { createLogger } from '@actp/shared/log';
import { openStores } from '@actp/testing/stores';
import { createSpend } from '../spend/spend.ts';
import { tidyCounters } from './tidy-counters.ts';

const { sql, env } = await openStores();
const db = createDb(env, 'scheduler', 20_000);

it('releases what a dead holder had reserved, and forgets uses that no limit counts any more', async () => {
  const spend = createSpend(db);
  const { rows } = await sql.query<{ id: string }>(
    `insert into actp_users (email, password_hash) values ('user@example.com', 'x') returning id`,
  );
  const userId = rows[0]?.id ?? '';
  const id = randomUUID();
  await spend.reserve({ id, userId, agent: 'purchase', amountMinor: 5, budgetMinor: 10, ttlSeconds: 600 });
  await sql.query(`update actp_spend_reservations set expires_at = now()`);
  const claims = [{ counter: 'c', amount: 1, max: 1, seconds: 1, over: 'deny' }];
  await sql.query(`select claim_limits('a', 'b', $1)`, [JSON.stringify(claims)]);
  await sql.query(`update actp_limit_grants set keep_until = now()`);
  const logged: string[] = [];
  const log = createLogger({
    app: 'test',
    level: 'info',
    destination: { write: (line) => void logged.push(line) },
  });
  await tidyCounters({ db, log });
  await tidyCounters({ db, log });
  expect(logged.map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: 'warn', msg: 'stale reservations released', reservations: 1 },
  ]);
  expect((await spend.read(userId)).reserved_minor).toBe(0);
  expect((await sql.query('select 1 from actp_limit_uses')).rows).toEqual([]);
  expect((await spend.commit(id, 5)).result).toBe('released');
});
