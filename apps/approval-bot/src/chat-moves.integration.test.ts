import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { approver, openBench } from './approval-bot.fixture.ts';
import { approvalsOn, textNow } from './approvals/approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const group = -501;
const supergroup = -1000000000501;
const env = { TELEGRAM_CHAT_ID: String(group) };

beforeEach(() => bench.telegram.addChat({ id: group, type: 'group', title: 'Operations' }));

const notices = () => bench.telegram.messages({ text: 'has become a supergroup' });

/** A group becomes a supergroup, and no update tells the bot: it learns of it from a refusal. */
function migrateSilently(): void {
  bench.telegram.holdUpdates();
  bench.telegram.migrate(group, supergroup);
}

describe('a group that has become a supergroup', () => {
  it('gets its alerts there, also after a restart, and the operators hear once what to set', async () => {
    const bot = await bench.start(env);
    migrateSilently();
    await bench.report('first');
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'first' });
    const notice = await bench.telegram.waitForMessage({
      chat_id: supergroup,
      text: 'has become a supergroup',
    });
    expect(textNow(notice)).toContain(`Please set TELEGRAM_CHAT_ID=${supergroup}.`);
    await bot.stop();
    const refusedBefore = bench.telegram.calls('sendMessage').filter(({ outcome }) => outcome === 400).length;
    await bench.start(env);
    await eventually(() => bench.log.filter(({ moved_to }) => moved_to === String(supergroup)).length === 2);
    await bench.report('second');
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'second' });
    const refused = bench.telegram.calls('sendMessage').filter(({ outcome }) => outcome === 400);
    expect(refused).toHaveLength(refusedBefore);
    expect(notices()).toHaveLength(1);
  });

  it('has a message from before sent anew when its text goes on', async () => {
    await bench.start(env);
    const revise = (body: string) =>
      bench.stores.sql.query("select revise_notification('selftest:x', 'selftest.problem', $1)", [body]);
    await revise('failed');
    await bench.telegram.waitForMessage({ chat_id: group, text: 'failed' });
    migrateSilently();
    // The same number in the new chat is another message, which must stay as it is.
    await bench.report('something else');
    const other = await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'something else' });
    await revise('failed, healed');
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'failed, healed' });
    expect(other.versions).toHaveLength(1);
  });

  it('gets cards that wait there, and only those decide', async () => {
    await bench.start(env);
    const id = await approvals.ask();
    const old = await approvals.card(id);
    expect(old.chat_id).toBe(group);
    migrateSilently();
    const next = await approvals.ask();
    expect((await approvals.card(next)).chat_id).toBe(supergroup);
    const card = await eventually(async () => {
      const now = await approvals.card(id);
      return now.chat_id === supergroup ? now : false;
    });
    bench.telegram.releaseUpdates();
    expect(await approvals.press(old, '✅ Approve')).toContain('moved to another chat');
    expect((await approvals.read(id)).status).toBe('pending');
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
    await eventually(() => textNow(card).startsWith('✅ Approved'));
  });

  it('keeps cards and presses there after a restart', async () => {
    const bot = await bench.start(env);
    migrateSilently();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    await bot.stop();
    bench.telegram.releaseUpdates();
    const pressed = approvals.press(card, '❌ Reject');
    // The settings still name the group by its old id.
    await bench.start(env);
    expect(await pressed).toBe('❌ Rejected.');
    expect(bench.telegram.messages({ chat_id: supergroup, text: id.slice(0, 8) })).toHaveLength(1);
  });

  it('gets a long card whole, although its first parts stand in the old chat', async () => {
    await bench.start(env);
    bench.telegram.faults.add({ effect: 'slow', ms: 1, method: 'sendMessage', times: 2 });
    bench.telegram.faults.add({
      effect: 'error',
      code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      migrate_to_chat_id: supergroup,
      method: 'sendMessage',
      chat_id: group,
    });
    bench.telegram.addChat({ id: supergroup });
    const id = await approvals.ask({ details: { body: 'word '.repeat(2_500) } });
    expect((await approvals.card(id)).chat_id).toBe(supergroup);
    const parts = (chatId: number) =>
      approvals.said(chatId).flatMap((text) => /part \d of \d/.exec(text)?.[0] ?? []);
    expect(parts(group)).toEqual(['part 1 of 4', 'part 2 of 4']);
    expect(parts(supergroup)).toEqual(['part 1 of 4', 'part 2 of 4', 'part 3 of 4', 'part 4 of 4']);
  });

  it('hears there of what was decided about a card in the old chat', async () => {
    await bench.start(env);
    const id = await approvals.ask();
    const old = await approvals.card(id);
    migrateSilently();
    await approvals.decide(id, 'rejected');
    const outcome = await bench.telegram.waitForMessage({ chat_id: supergroup, text: '❌ Rejected' });
    expect(textNow(outcome)).toContain(id.slice(0, 8));
    expect(old.versions).toHaveLength(1);
  });

  it('takes commands and presses, as Telegram says in both chats', async () => {
    await bench.start(env);
    bench.telegram.migrate(group, supergroup);
    bench.telegram.say({ chat_id: supergroup, from: approver, text: '/pending' });
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'No approvals are pending.' });
    const id = await approvals.ask();
    expect(await approvals.press(await approvals.card(id), '❌ Reject', approver)).toBe('❌ Rejected.');
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'has become a supergroup' });
  });

  it('gets an answer to a command that was given just before', async () => {
    await bench.start(env);
    bench.telegram.holdUpdates();
    bench.telegram.say({ chat_id: group, from: approver, text: '/pending' });
    bench.telegram.migrate(group, supergroup);
    bench.telegram.releaseUpdates();
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'No approvals are pending.' });
  });

  it('may be one for cards alone, under the id that requests name', async () => {
    await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: [String(group)] });
    migrateSilently();
    const id = await approvals.ask({ chat_id: String(group) });
    expect((await approvals.card(id)).chat_id).toBe(supergroup);
    const notice = await bench.telegram.waitForMessage({ text: 'has become a supergroup' });
    expect(textNow(notice)).toContain(`replace ${group} by ${supergroup} in TELEGRAM_EXTRA_CHAT_IDS`);
  });

  it('is followed by every copy', async () => {
    await Promise.all([bench.start(env), bench.start(env), bench.start(env)]);
    migrateSilently();
    const ids = await Promise.all([approvals.ask(), approvals.ask(), approvals.ask(), approvals.ask()]);
    for (const id of ids) expect((await approvals.card(id)).chat_id).toBe(supergroup);
    await bench.report('an alert');
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'an alert' });
    await bench.telegram.waitForMessage({ text: 'has become a supergroup' });
    bench.telegram.releaseUpdates();
    await bench.telegram.waitUntilQuiet();
    expect(notices()).toHaveLength(1);
  });

  it('is asked under its old id again when nothing gets through under the new one', async () => {
    bench.telegram.faults.add({
      effect: 'error',
      code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      migrate_to_chat_id: supergroup,
      method: 'sendMessage',
    });
    await bench.start(env);
    const alert = await bench.report('waits');
    const id = await approvals.ask();
    await eventually(async () => (await bench.rowOf(alert)).attempts > 1);
    await eventually(() => bench.log.some(({ msg }) => msg === 'card not sent, retrying'));
    // The new one is not known there.
    bench.telegram.faults.clear();
    await bench.telegram.waitForMessage({ chat_id: group, text: 'waits' });
    expect((await approvals.card(id)).chat_id).toBe(group);
    await eventually(async () => {
      const { rows } = await bench.stores.sql.query('select from actp_telegram_refusals');
      return rows.length === 0;
    });
    expect(notices()).toEqual([]);
  });

  it('that nobody names is not followed; its messages wait', async () => {
    bench.telegram.faults.add({
      effect: 'error',
      code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      method: 'sendMessage',
    });
    await bench.start(env);
    const id = await bench.report('waits');
    await eventually(async () => (await bench.rowOf(id)).attempts > 1);
    bench.telegram.faults.clear();
    await bench.telegram.waitForMessage({ chat_id: group, text: 'waits' });
  });

  it('is followed while the database cannot be told, which it is later', async () => {
    await bench.start(env);
    migrateSilently();
    await bench.stores.sql.query('alter table actp_telegram_moves rename to actp_telegram_moves_away');
    try {
      await bench.report('at once');
      await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'at once' });
    } finally {
      await bench.stores.sql.query('alter table actp_telegram_moves_away rename to actp_telegram_moves');
    }
    await bench.telegram.waitForMessage({ chat_id: supergroup, text: 'has become a supergroup' });
  });
});
