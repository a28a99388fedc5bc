import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { alertChat, approver, openBench } from './approval-bot.fixture.ts';
import { approvalsOn } from './approvals/approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const { sql } = bench.stores;
const other = 43;

beforeEach(async () => {
  await sql.query('truncate actp_telegram_links, actp_telegram_codes, actp_telegram_link_failures');
  await sql.query(`update actp_users set name = 'Op Lee', disabled_at = null where email = 'op@example.com'`);
});

/** A code as an operator gets it over HTTP. */
async function code(email = 'op@example.com'): Promise<string> {
  const typed = randomUUID().slice(0, 8).toUpperCase();
  await sql.query(
    `insert into actp_telegram_codes (code_hash, user_id, expires_at)
     select $1, id, now() + interval '10 minutes' from actp_users where email = $2`,
    [createHash('sha256').update(typed).digest(), email],
  );
  return `${typed.slice(0, 4)}-${typed.slice(4)}`.toLowerCase();
}

const start = () => bench.start({ TELEGRAM_APPROVER_IDS: [approver, other] });
const say = (text: string, chat_id = approver, from = approver) =>
  bench.telegram.say({ chat_id, from, text });
const links = async () =>
  (await sql.query('select telegram_id from actp_telegram_links where unlinked_at is null')).rows;

it('[TRU-003] /link with a code makes a Telegram id and an operator one person, who then has one vote', async () => {
  await start();
  say(`/link ${await code()}`);
  await bench.telegram.waitForMessage({ chat_id: approver, text: 'you are one person now: Op Lee' });
  const id = await approvals.ask({ approvers: 2 });
  const card = await approvals.card(id);
  expect(await approvals.press(card, '✅ Approve')).toContain('1 of 2');
  await approvals.decide(id, 'approved');
  expect(await approvals.read(id)).toMatchObject({ status: 'pending', approvals: 1 });
  expect(await approvals.press(card, '✅ Approve', other)).toBe('✅ Approved.');
});

it('[TRU-003] the card shows the name of who decided', async () => {
  await start();
  say(`/link ${await code()}`);
  await bench.telegram.waitForMessage({ text: 'one person now' });
  const id = await approvals.ask();
  await approvals.press(await approvals.card(id), '✅ Approve');
  await bench.telegram.waitForMessage({ text: `✅ Approved by Op Lee (telegram:${approver})` });
});

it('[TRU-003] a code that was sent where others read is void', async () => {
  await start();
  const seen = await code();
  say(`/link ${seen}`, alertChat);
  await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'the code is void' });
  say(`/link ${seen}`);
  await bench.telegram.waitForMessage({ chat_id: approver, text: 'wrong, used or more than 10 minutes old' });
  expect(await links()).toEqual([]);
});

it('[TRU-003] a stranger links nothing, and /link alone says how', async () => {
  await start();
  const own = await code();
  bench.telegram.say({ chat_id: 99, from: 99, text: `/link ${own}` });
  await bench.telegram.waitForMessage({ chat_id: 99, text: 'You are not authorized' });
  say('/link');
  await bench.telegram.waitForMessage({ chat_id: approver, text: 'Send /link and your code here' });
  expect(await links()).toEqual([]);
});

it('[TRU-003] codes stand in neither the log nor the audit log', async () => {
  await start();
  const secret = await code();
  say(`/link ${secret}`);
  await bench.telegram.waitForMessage({ text: 'one person now' });
  await eventually(async () => {
    const { rows } = await sql.query(
      `select 1 from actp_agent_audit_log where result ->> 'command' = '/link'`,
    );
    return rows.length > 0;
  });
  const { rows } = await sql.query<{ all: string }>(
    `select string_agg(l::text, ' ') as all from actp_agent_audit_log l`,
  );
  expect(rows[0]?.all.toLowerCase()).not.toContain(secret);
  expect(JSON.stringify(bench.log).toLowerCase()).not.toContain(secret);
});

it('[TRU-003] an operator who is disabled decides and commands nothing in Telegram', async () => {
  await start();
  say(`/link ${await code()}`);
  await bench.telegram.waitForMessage({ text: 'one person now' });
  const id = await approvals.ask();
  const card = await approvals.card(id);
  await sql.query(`update actp_users set disabled_at = now() where email = 'op@example.com'`);
  expect(await approvals.press(card, '✅ Approve')).toBe(
    'Your operator account is disabled or was deleted. Nothing was decided.',
  );
  expect((await approvals.read(id)).status).toBe('pending');
  say('/stop all');
  await bench.telegram.waitForMessage({ chat_id: approver, text: 'You are not authorized' });
  const denied = await eventually(async () => {
    const { rows } = await sql.query<{ status: string }>(
      `select status from actp_agent_audit_log where agent_id = $1 and result ->> 'command' = '/stop'`,
      [`telegram:${approver}`],
    );
    return rows.length > 0 && rows;
  });
  expect(denied).toEqual([{ status: 'denied' }]);
  // Another approver still can.
  expect(await approvals.press(card, '✅ Approve', other)).toBe('✅ Approved.');
});
