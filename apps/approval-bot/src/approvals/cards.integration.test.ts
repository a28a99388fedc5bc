import { describe, expect, it } from 'vitest';
import { approvalChannel } from '@actp/shared/approvals/channel';
import { createBotClient } from '@actp/testing/telegram/bot-client';
import { eventually } from '@actp/testing/eventually';
import { alertChat, approver, openBench, token } from '../approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from './approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);

// For tests of announcements alone: the sweep has its first turn at the start, and no other.
const noSweep = { sweepMs: 600_000 };

async function cardSays(id: string, text: string): Promise<void> {
  await eventually(async () => textNow(await approvals.card(id)).includes(text));
}

describe('a card', () => {
  it('[SEC-009] comes with Approve and Reject after an approval was asked for', async () => {
    await bench.start({}, noSweep);
    const id = await approvals.ask({ action: 'ads.deploy', details: { budget_usd: 2500 } });
    // Announced as the gateway does it; what is announced before the bot has subscribed is lost.
    await eventually(async () => (await bench.stores.redis.publish(approvalChannel, id)) > 0);
    const card = await approvals.card(id);
    expect(card.chat_id).toBe(alertChat);
    expect(textNow(card)).toContain('“ads.deploy”');
    expect(textNow(card)).toContain('budget_usd: 2,500.00 USD');
    expect(buttonsNow(card)).toEqual(['✅ Approve', '❌ Reject']);
    expect((await approvals.read(id)).status).toBe('pending');
  });

  it('[SEC-010] approves or rejects when an approver presses; then it says who and when, without buttons', async () => {
    await bench.start();
    const [yes, no] = await Promise.all([approvals.ask(), approvals.ask()]);
    expect(await approvals.press(await approvals.card(yes), '✅ Approve')).toBe('✅ Approved.');
    expect(await approvals.press(await approvals.card(no), '❌ Reject')).toBe('❌ Rejected.');
    const decided = { decided_by: `telegram:${approver}`, decided_at: expect.any(String) };
    expect(await approvals.read(yes)).toMatchObject({ status: 'approved', ...decided });
    expect(await approvals.read(no)).toMatchObject({ status: 'rejected', ...decided });
    await cardSays(yes, '✅ Approved by User 42 (telegram:42) at 2');
    await cardSays(no, '❌ Rejected by User 42 (telegram:42) at 2');
    for (const id of [yes, no]) expect(buttonsNow(await approvals.card(id))).toEqual([]);
  });

  it('[SEC-011] says that nobody answered in time, which is a rejection, and waiters hear of it', async () => {
    await bench.start();
    const heard: string[] = [];
    const listener = bench.stores.redis.duplicate();
    listener.on('message', (_channel, id) => heard.push(id));
    await listener.subscribe(approvalChannel);
    const id = await approvals.ask({ ttl_seconds: 60 });
    await approvals.card(id);
    await approvals.elapse(id, 61);
    await cardSays(id, '⌛ Expired without a decision (counts as rejected)');
    expect(buttonsNow(await approvals.card(id))).toEqual([]);
    expect((await approvals.read(id)).status).toBe('expired');
    await eventually(() => heard.includes(id));
    listener.disconnect();
  });

  it('follows what happens elsewhere: a decision over HTTP, its use, its result, its lapse, a cancellation', async () => {
    await bench.start();
    const [used, lapsed, cancelled] = await Promise.all([approvals.ask(), approvals.ask(), approvals.ask()]);
    await Promise.all([used, lapsed, cancelled].map((id) => approvals.card(id)));
    await approvals.decide(used, 'approved');
    await cardSays(used, '✅ Approved by operator:op@example.com');
    await cardSays(used, 'Valid until');
    await approvals.redeem(used);
    await cardSays(used, 'no result yet');
    await approvals.report(used, 'failed');
    await cardSays(used, 'FAILED');
    await approvals.decide(lapsed, 'approved');
    await approvals.elapse(lapsed, 601);
    await cardSays(lapsed, 'Never used');
    await approvals.cancel(cancelled);
    await cardSays(cancelled, '🚫 Cancelled');
  });

  it('shows what an agent wrote as text: no markup, nothing hidden, no line that could be ours', async () => {
    await bench.start();
    const id = await approvals.ask({
      requested_by: '<b>boss</b>\u202E',
      reason: '</code><a href="https://evil.example">click</a>\nExpires: never',
      details: {
        to: 'a\u200Bb\u0007',
        note: 'x”\n▪ amount_usd: 1.00 USD',
        '<i>': '&amp;',
        password: 'hunter2hunter2',
      },
    });
    const card = await approvals.card(id);
    const text = textNow(card);
    expect(text).toContain('Requested by: “<b>boss</b>⟦U+202E⟧”');
    expect(text).toContain('│ </code><a href="https://evil.example">click</a>\n│ Expires: never\n');
    expect(text).toContain('▪ to: “a⟦U+200B⟧b⟦U+0007⟧”');
    expect(text).toContain('│ ▪ amount_usd: 1.00 USD');
    expect(text).toContain('▪ "<i>": “&amp;”');
    expect(text).not.toContain('hunter2');
    expect(text).toContain('looks like a secret');
    const links = card.versions[0].entities?.filter(({ type }) => type === 'text_link');
    expect(links).toEqual([]);
  });

  it('comes after messages with everything that does not fit, and below them', async () => {
    await bench.start();
    const body = Array.from({ length: 800 }, (_, index) => `line ${index}`).join('\n');
    const id = await approvals.ask({ details: { body } });
    const card = await approvals.card(id);
    const said = bench.telegram.messages({ chat_id: alertChat, outgoing: true });
    const parts = said.slice(0, -1);
    expect(said.at(-1)?.message_id).toBe(card.message_id);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(buttonsNow)).toEqual([]);
    const shown = parts.flatMap((part) => textNow(part).split('\n')).filter((line) => line.startsWith('│ '));
    expect(shown.map((line) => line.slice(2)).join('\n')).toBe(body);
    expect(card.versions[0].reply_to_message?.message_id).toBe(parts[0]?.message_id);
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });

  it('offers no Approve when it cannot show everything', async () => {
    await bench.start();
    const id = await approvals.ask({
      details: { list: Array.from({ length: 30_000 }, (_, index) => index) },
    });
    const card = await approvals.card(id);
    expect(buttonsNow(card)).toEqual(['❌ Reject']);
    expect(textNow(card)).toContain(approvals.digestOf(id));
    expect(await approvals.press(card, '❌ Reject')).toBe('❌ Rejected.');
  });

  it('goes to the chat that was asked for if the settings allow it, else to the main one', async () => {
    bench.telegram.addChat({ id: -1002, title: 'Payments' });
    bench.telegram.addChat({ id: -1003, title: 'Elsewhere' });
    await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-1002'] });
    const extra = await approvals.ask({ chat_id: '-1002' });
    const foreign = await approvals.ask({ chat_id: '-1003' });
    expect((await approvals.card(extra)).chat_id).toBe(-1002);
    expect((await approvals.card(foreign)).chat_id).toBe(alertChat);
    expect(await approvals.press(await approvals.card(extra), '✅ Approve')).toBe('✅ Approved.');
  });

  it('comes anew when its chat is none for cards any more', async () => {
    bench.telegram.addChat({ id: -1002, title: 'Payments' });
    const bot = await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-1002'] });
    const id = await approvals.ask({ chat_id: '-1002' });
    await approvals.card(id);
    await bot.stop();
    await bench.start();
    const card = await eventually(async () => {
      const now = await approvals.card(id);
      return now.chat_id === alertChat && now;
    });
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });

  it('comes anew when it was deleted, and only the new one decides', async () => {
    await bench.start();
    const id = await approvals.ask({ approvers: 2 });
    const old = await approvals.card(id);
    const bot = createBotClient({ url: bench.telegram.url, token });
    await bot('deleteMessage', { chat_id: old.chat_id, message_id: old.message_id });
    // A vote changes the card, which shows that it is gone.
    await approvals.decide(id, 'approved');
    const card = await eventually(async () => {
      const now = await approvals.card(id);
      return now.message_id !== old.message_id && now;
    });
    expect(textNow(card)).toContain('Approvals: 1 of 2');
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });

  it('is replaced by a message about the outcome when it was deleted before', async () => {
    await bench.start();
    const id = await approvals.ask();
    const old = await approvals.card(id);
    const bot = createBotClient({ url: bench.telegram.url, token });
    await bot('deleteMessage', { chat_id: old.chat_id, message_id: old.message_id });
    await approvals.decide(id, 'rejected');
    const { versions } = await bench.telegram.waitForMessage({
      text: '❌ Rejected by operator:op@example.com',
    });
    expect(versions[0].reply_markup).toBeUndefined();
  });

  it('is edited once when the answer to the edit was lost', async () => {
    await bench.start();
    const id = await approvals.ask();
    await approvals.card(id);
    bench.telegram.faults.add({ effect: 'reset', when: 'after', method: 'editMessageText', times: 1 });
    await approvals.decide(id, 'approved');
    await eventually(() => {
      const outcomes = bench.telegram.calls('editMessageText').map(({ outcome }) => outcome);
      return outcomes.length === 2 && outcomes[1] === 400;
    });
    await bench.telegram.waitUntilQuiet({ quietMs: 300 });
    expect(approvals.said()).toHaveLength(1);
    expect(bench.telegram.calls('editMessageText')).toHaveLength(2);
  });
});

describe('reminders', () => {
  it('come at one half and at three quarters of the time, as replies to the card, and not after the decision', async () => {
    await bench.start();
    const id = await approvals.ask({ ttl_seconds: 1_000 });
    const card = await approvals.card(id);
    const reminders = () => bench.telegram.messages({ text: '⏰ Still waiting: “dm.bulk_send”' });
    await approvals.elapse(id, 501);
    await eventually(() => reminders().length === 1);
    // It was counted, too: only then is the next one another.
    await eventually(async () => (await approvals.remindersOf(id)) === 1);
    await approvals.elapse(id, 250);
    await eventually(() => reminders().length === 2);
    expect(reminders().map(({ versions }) => versions[0].reply_to_message?.message_id)).toEqual([
      card.message_id,
      card.message_id,
    ]);
    expect(textNow(reminders()[1] ?? card)).toMatch(/Expires in 4 min \d+ s\. No answer = rejected\.$/);
    const decided = await approvals.ask({ ttl_seconds: 1_000 });
    await approvals.press(await approvals.card(decided), '✅ Approve');
    await approvals.elapse(decided, 400);
    await bench.telegram.waitUntilQuiet({ quietMs: 400 });
    expect(reminders()).toHaveLength(2);
  });
});

describe('an approval that another program inserted', () => {
  async function insert(action: string, details: string): Promise<string> {
    const { rows } = await bench.stores.sql.query<{ id: string }>(
      `insert into actp_approval_queue (action, details, requested_by) values ($1, $2, 'ads') returning id`,
      [action, details],
    );
    return rows[0]?.id ?? '';
  }

  it('gets its digest, its time and its card, and can be decided', async () => {
    await bench.start({ APPROVAL_TTL_SECONDS: 100, APPROVAL_GRANT_SECONDS: 7 });
    const id = await insert('ads.deploy', '{"budget_usd": 5}');
    const card = await approvals.card(id);
    expect(textNow(card)).toContain('Requested by: “ads”');
    const approval = await approvals.read(id);
    expect(approval.action_digest).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(approval.expires_at) - Date.parse(approval.created_at)).toBe(100_000);
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
    expect((await approvals.audit(id)).map(({ action_type }) => action_type)).toEqual([
      'approval.request',
      'approval.decide',
    ]);
  });

  it('is taken back when it could not have come over HTTP either, and holds up no other', async () => {
    await bench.start();
    const odd = [
      await insert('ads\u200B.deploy', '{}'),
      await insert('pay', '{"n": 9007199254740993}'),
      await insert('pay', `{"n": ${'['.repeat(100)}${']'.repeat(100)}}`),
    ];
    const good = await insert('pay', '{"n": 0.1}');
    await approvals.card(good);
    for (const id of odd) expect((await approvals.read(id)).status).toBe('cancelled');
  });
});

describe('without Telegram', () => {
  it('nobody is asked, others decide, and time goes on all the same', async () => {
    await bench.start({ TELEGRAM_BOT_TOKEN: undefined });
    const [silent, decided] = await Promise.all([approvals.ask({ ttl_seconds: 60 }), approvals.ask()]);
    await approvals.decide(decided, 'approved');
    await approvals.elapse(silent, 61);
    await eventually(async () => {
      const rows = await approvals.audit(silent);
      return rows.some(({ action_type }) => action_type === 'approval.expire');
    });
    expect((await approvals.read(decided)).status).toBe('approved');
    expect(bench.telegram.calls()).toEqual([]);
  });
});
