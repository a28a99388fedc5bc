import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from './approvals.fixture.ts';

const { sql } = await openDatabase();
const approvals = approvalCalls(sql);
const [asked, other] = [await approvals.request(), await approvals.request()];

const one = async (text: string, values: unknown[]) =>
  (await sql.query<{ id: string }>(`${text} returning id`, values)).rows[0]?.id ?? '';
const task = await one(
  `insert into actp_tasks (user_id, prompt, max_spend_minor, status) values (gen_random_uuid(), 'p', 0, 'running')`,
  [],
);
const effectOf = (place: number, key: string, grant: string) =>
  one(
    `insert into actp_task_effects (task_id, place, kind, action, key, payload, approval_id, grant_id, key_kept_seconds)
     values ($1, $2, 'payment', 'payment.pay', $3, '{}', $4, $5, 60)`,
    [task, place, key, asked.id, grant],
  );
const grant = '00000000-0000-4000-8000-000000000001';
const otherGrant = '00000000-0000-4000-8000-000000000002';
const effect = await effectOf(0, 'key-of-the-first-effect', grant);
const pay = (amount: number) =>
  sql.query(
    `insert into actp_ledger (effect_id, task_id, user_id, asset_id, quantity, unit_price_usd, amount_minor, currency)
     values ($1, $2, gen_random_uuid(), 'bitcoin', 1, 1, $3, 'usd')`,
    [effect, task, amount],
  );
const vote = (actor: string, person: string) =>
  sql.query(`insert into actp_approval_votes (approval_id, actor, person) values ($1, $2, $3)`, [
    asked.id,
    actor,
    person,
  ]);
const set = (columns: string) =>
  sql.query(`update actp_approval_queue set ${columns} where id = $1`, [other.id]);
const session = (lasts: string) =>
  sql.query(
    `insert into actp_sessions (user_id, kind, role, created_at, expires_at)
     select id, 'api', 'user', now(), now() + $1::interval from actp_users limit 1`,
    [lasts],
  );
await sql.query(`insert into actp_users (email, password_hash) values ('session@example.com', 'x')`);

/** What the tables refuse by themselves, whichever function has forgotten to. */
it.each<[what: string, first: () => Promise<unknown>, then: () => Promise<unknown>]>([
  [
    'two votes of one person, over two ways',
    () => vote('operator:a@example.com', 'user:1'),
    () => vote('telegram:1', 'user:1'),
  ],
  ['a payment of nothing', () => pay(100).then(() => sql.query('delete from actp_ledger')), () => pay(0)],
  ['an effect that is paid for twice', () => pay(100), () => pay(100)],
  [
    'two effects in one place of a plan',
    () => Promise.resolve(),
    () => effectOf(0, 'key-of-another-effect', otherGrant),
  ],
  [
    'two effects with one permission',
    () => Promise.resolve(),
    () => effectOf(1, 'key-of-another-effect', grant),
  ],
  [
    'two effects with one key',
    () => Promise.resolve(),
    () => effectOf(1, 'key-of-the-first-effect', otherGrant),
  ],
  ['a decision by nobody', () => Promise.resolve(), () => set(`status = 'approved', decided_at = now()`)],
  [
    'a decision after the time was over',
    () => Promise.resolve(),
    () =>
      set(`status = 'approved', decided_by = 'telegram:1', decided_at = expires_at + interval '1 second'`),
  ],
  [
    'a permission for what nobody has approved',
    () => Promise.resolve(),
    () => set(`redeemed_at = now(), grant_id = gen_random_uuid()`),
  ],
  [
    'an outcome of what was not redeemed',
    () => Promise.resolve(),
    () => set(`outcome = 'succeeded', outcome_at = now()`),
  ],
  [
    'an effect that has happened at no time',
    () => Promise.resolve(),
    () => sql.query(`update actp_task_effects set state = 'done' where id = $1`, [effect]),
  ],
  [
    'a task that is held without an end',
    () => Promise.resolve(),
    () => sql.query(`update actp_tasks set holder = 'one' where id = $1`, [task]),
  ],
  [
    'a session that lasts longer than half a day',
    () => session('12 hours'),
    () => session('12 hours 1 second'),
  ],
])('the database has no %s', async (_what, first, then) => {
  await first();
  // 23: an integrity constraint; what else may be wrong with the statement is another class.
  await expect(then()).rejects.toMatchObject({ code: expect.stringMatching(/^23/) as string });
});
