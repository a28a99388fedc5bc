import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { requestApproval } from './approvals/request.ts';
import { claimLimits } from './limits/claim.ts';
import { createTask } from './tasks/create.ts';
import { asAgent, openVerbs } from './verbs.fixture.ts';

const stores = await openStores();
const { deps, sql } = await openVerbs(stores);
const secret = ['actp', 'key', 'e'.repeat(64)].join('_');
const key = (name: string) => `${name}-${secret}`;

async function tablesWith(text: string): Promise<string[]> {
  const { rows: tables } = await sql.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace::regnamespace::text in ('public', 'actp_audit') and relkind in ('r', 'p') and not relispartition`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await sql.query(`select from ${name} t where strpos(t::text, $1) > 0`, [text]);
    if (rowCount !== 0) found.push(name);
  }
  return found;
}

const pay = { action: 'pay', details: { to: 'somebody' }, requested_by: 'buyer' };
const approval = () =>
  requestApproval(
    deps,
    {
      ...pay,
      reason: null,
      ttl_seconds: 600,
      chat_id: null,
      callback_url: null,
      idempotency: { key: key('approval'), bodyDigest: 'a'.repeat(64) },
    },
    asAgent(),
  );
const work = () =>
  claimLimits(
    deps.db,
    [],
    { agent: 'buyer', action: 'post' },
    { key: key('work'), bodyDigest: 'b'.repeat(64) },
  );
async function user() {
  const email = `${randomUUID()}@example.com`;
  const { rows } = await sql.query<{ id: string; session: string }>(
    `with made as (insert into actp_users (email, password_hash) values ($1, 'of a test') returning id, role)
     insert into actp_sessions (user_id, kind, role, expires_at)
     select id, 'api', role, now() + interval '1 hour' from made returning user_id as id, id as session`,
    [email],
  );
  if (rows[0] === undefined) throw new Error('no user was made');
  return {
    ...asAgent(),
    actor: { kind: 'user', email, ...rows[0] },
  } as const;
}

it('[SEC-020] an idempotency key that holds a secret tells work apart, and stands in no table', async () => {
  const asker = await user();
  const task = () =>
    createTask(
      { db: deps.db, maxSpendPerTask: 100, announce: () => undefined },
      { prompt: 'find a chair', maxSpend: undefined, idempotencyKey: key('task') },
      asker,
    );
  expect((await approval()).id).toBe((await approval()).id);
  expect((await task()).id).toBe((await task()).id);
  expect([await work(), await work()]).toMatchObject([{ grantId: expect.any(String) }, { repeated: {} }]);
  expect(await tablesWith('e'.repeat(64))).toEqual([]);
  // What has no secret in it stands there as it is, and is found.
  expect(await tablesWith('find a chair')).toContain('actp_tasks');
});
