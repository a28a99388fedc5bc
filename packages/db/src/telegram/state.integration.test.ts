import { expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';

const { sql } = await openDatabase();
const calls = approvalCalls(sql);

async function state() {
  const { rows } = await sql.query<{ state: object }>('select telegram_state() as state');
  return rows[0]?.state;
}

it('says how many cards have not been sent: of what can be decided, is pending, and has none', async () => {
  expect(await state()).toMatchObject({ cards: 0 });
  const [waiting, carded, decided, late, foreign] = await Promise.all(
    [1, 2, 3, 4, 5].map(() => calls.request()),
  );
  if (!waiting || !carded || !decided || !late || !foreign) throw new Error('five were asked for');
  await sql.query(`select record_approval_card($1, '-1', 5, 1)`, [carded.id]);
  await calls.decide(decided.id, 'rejected');
  await calls.elapse(late.id, 3_601);
  // Inserted by another program, and not adopted: nobody can decide about it yet.
  await sql.query('update actp_approval_queue set action_digest = null where id = $1', [foreign.id]);
  expect(await state()).toMatchObject({ cards: 1 });
});

it('says how many alerts have not been sent, or not as they are now', async () => {
  const add = (state: string, revision: number, sent: number) =>
    sql.query(
      `insert into actp_notifications (kind, dedupe_key, body, state, revision, sent_revision)
       values ('note', gen_random_uuid()::text, 'a text', $1, $2, $3)`,
      [state, revision, sent],
    );
  await add('sent', 1, 1);
  expect(await state()).toMatchObject({ alerts: 0 });
  await add('pending', 1, 0);
  await add('sent', 2, 1);
  expect(await state()).toMatchObject({ alerts: 2 });
});

it('says what Telegram refuses, in how many chats', async () => {
  expect(await state()).toMatchObject({ refusals: [] });
  const refuse = (chat: string, what: string, reason: string) =>
    sql.query(`insert into actp_telegram_refusals (chat_id, what, reason) values ($1, $2, $3)`, [
      chat,
      what,
      reason,
    ]);
  await refuse('-1', 'text', 'topic_closed');
  await refuse('-2', 'text', 'topic_closed');
  await refuse('-3', 'text', 'no_rights');
  const { refusals } = (await state()) as { refusals: object[] };
  expect(refusals).toHaveLength(2);
  expect(refusals).toContainEqual({ what: 'text', reason: 'topic_closed', chats: 2 });
  expect(refusals).toContainEqual({ what: 'text', reason: 'no_rights', chats: 1 });
});
