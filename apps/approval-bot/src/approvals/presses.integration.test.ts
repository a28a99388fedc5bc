import { describe, expect, it } from 'vitest';
import { createBotClient } from '@actp/testing/telegram/bot-client';
import { eventually } from '@actp/testing/eventually';
import { openTcpGate } from '@actp/testing/tcp-gate';
import type { ChatMessage } from '@actp/testing/telegram/state/messages';
import { alertChat, approver, openBench, token } from '../approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from './approvals.fixture.ts';
import { holdRecording } from './held-recording.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);

/** The callback data of a button. */
function dataOf(card: ChatMessage, button: string): string {
  const rows = card.versions[0].reply_markup?.inline_keyboard ?? [];
  const found = rows.flat().find(({ text }) => text === button);
  return found && 'callback_data' in found ? found.callback_data : '';
}

async function isPending(id: string): Promise<void> {
  const approval = await approvals.read(id);
  expect(approval).toMatchObject({ status: 'pending', decided_by: null, approvals: 0 });
}

describe('a press', () => {
  it('leaves who, what and when in the audit log', async () => {
    await bench.start();
    const id = await approvals.ask();
    await approvals.press(await approvals.card(id), '✅ Approve');
    expect(await approvals.audit(id)).toContainEqual({
      action_type: 'approval.decide',
      status: 'ok',
      agent_id: 'telegram:42',
      result: expect.objectContaining({ decision: 'approved', state: 'approved' }),
    });
  });

  it('of a stranger, a bot or an anonymous administrator is answered, audited, and changes nothing', async () => {
    bench.telegram.addUser({ id: 7, is_bot: true, first_name: 'Robot' });
    await bench.start({ TELEGRAM_APPROVER_IDS: [approver, 7, 1_087_968_824] });
    const id = await approvals.ask();
    const card = await approvals.card(id);
    const before = (await approvals.refusedPresses()).length;
    expect(await approvals.press(card, '✅ Approve', 666)).toContain('You are not authorized to decide here');
    expect(await approvals.press(card, '✅ Approve', 7)).toContain('Only a person can decide');
    expect(await approvals.press(card, '✅ Approve', 1_087_968_824)).toContain('Only a person can decide');
    await isPending(id);
    const refused = (await approvals.refusedPresses()).slice(before);
    expect(refused.map(({ status, agent_id, result }) => [status, agent_id, result['refused']])).toEqual([
      ['denied', 'telegram:666', 'stranger'],
      ['denied', 'telegram:7', 'not_a_person'],
      ['denied', 'telegram:1087968824', 'not_a_person'],
    ]);
    expect(refused[0]?.result).toMatchObject({
      user_id: 666,
      chat_id: String(alertChat),
      message_id: card.message_id,
    });
  });

  it('counts nowhere but on the card: not in another chat, under another message, without one, or on a card that is gone', async () => {
    bench.telegram.addChat({ id: -1002, title: 'Payments' });
    bench.telegram.addChat({ id: -5, title: 'Elsewhere' });
    await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-1002'] });
    const [id, other] = await Promise.all([approvals.ask(), approvals.ask()]);
    const card = await approvals.card(id);
    const otherCard = await approvals.card(other);
    const data = dataOf(card, '✅ Approve');
    const { message_id } = card;
    const forge = async (where: object) =>
      (await bench.telegram.forgePress({ from: approver, data, ...where })).answer?.text;
    expect(await forge({ chat_id: -5, message_id })).toContain('Approvals are not decided in this chat');
    expect(await forge({ chat_id: -1002, message_id })).toContain('does not match this card');
    expect(await forge({})).toContain('does not belong to a card');
    const wrongMessage = await forge({ chat_id: alertChat, message_id: otherCard.message_id });
    expect(wrongMessage).toMatch(/older copy|not ready yet/);
    const bot = createBotClient({ url: bench.telegram.url, token });
    await bot('deleteMessage', { chat_id: alertChat, message_id });
    expect(await forge({ chat_id: alertChat, message_id })).toContain('too old or was deleted');
    await isPending(id);
    await isPending(other);
    expect(buttonsNow(otherCard)).toEqual(['✅ Approve', '❌ Reject']);
    // The card that was gone is asked anew.
    const again = await eventually(async () => {
      const now = await approvals.card(id);
      return now.message_id !== message_id && now;
    });
    expect(await approvals.press(again, '✅ Approve')).toBe('✅ Approved.');
  });

  it('on an older copy is refused and points to the newer card', async () => {
    bench.telegram.faults.add({ effect: 'reset', when: 'after', method: 'sendMessage', times: 1 });
    await bench.start();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    const [copy] = bench.telegram.messages({ chat_id: alertChat, outgoing: true });
    if (!copy) throw new Error('the copy was sent');
    expect(copy.message_id).toBeLessThan(card.message_id);
    expect(await approvals.press(copy, '✅ Approve')).toContain('older copy');
    await isPending(id);
    await eventually(() => textNow(copy).startsWith('This is an older copy'));
    expect(buttonsNow(copy)).toEqual([]);
    const { versions } = await bench.telegram.waitForMessage({ text: 'This is the card to decide on' });
    expect(versions[0].reply_to_message?.message_id).toBe(card.message_id);
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });

  it('is answered that nothing is decided while the plane is held, changes nothing, and counts once it is not', async () => {
    await bench.start();
    const { sql } = bench.stores;
    const id = await approvals.ask();
    const card = await approvals.card(id);
    await sql.query(
      `update actp_audit.plane set held_code = 'behind', held_reason = 'it is older', held_at = now(), held_stopped = '[]'`,
    );
    for (const button of ['✅ Approve', '❌ Reject']) {
      expect(await approvals.press(card, button)).toContain(
        'An older copy of the database may have been put back',
      );
    }
    await isPending(id);
    await sql.query(
      `update actp_audit.plane set held_code = null, held_reason = null, held_at = null, held_stopped = null`,
    );
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });

  it('counts once, however often it arrives, and a later one changes nothing', async () => {
    await bench.start();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    const { update_id } = await bench.telegram.press({
      chat_id: card.chat_id,
      message_id: card.message_id,
      button: '✅ Approve',
      from: approver,
    });
    const { version } = await approvals.read(id);
    for (let round = 0; round < 3; round += 1) bench.telegram.redeliver(update_id);
    await bench.telegram.waitUntilQuiet({ quietMs: 200 });
    const late = await bench.telegram.forgePress({
      from: approver,
      data: dataOf(card, '❌ Reject'),
      chat_id: card.chat_id,
      message_id: card.message_id,
    });
    expect(late.answer?.text).toContain('Too late: it is approved by User 42 (telegram:42)');
    expect(await approvals.read(id)).toMatchObject({ status: 'approved', version });
    const decisions = (await approvals.audit(id)).filter(
      ({ action_type, status }) => action_type === 'approval.decide' && status === 'ok',
    );
    expect(decisions).toHaveLength(1);
  });

  it('[SEC-011] that arrives after expiry decides nothing', async () => {
    await bench.start();
    const id = await approvals.ask({ ttl_seconds: 60 });
    const card = await approvals.card(id);
    bench.telegram.holdUpdates();
    const pressed = bench.telegram.press({
      chat_id: card.chat_id,
      message_id: card.message_id,
      button: '✅ Approve',
      from: approver,
    });
    await approvals.elapse(id, 61);
    bench.telegram.releaseUpdates();
    expect((await pressed).answer?.text).toContain('Too late: it has expired');
    expect(await approvals.read(id)).toMatchObject({ status: 'expired', decided_by: null });
  });

  it('that waited while nobody listened: a no counts whenever it comes, a yes has to be repeated', async () => {
    const first = await bench.start();
    const [yes, no, soon] = await Promise.all([approvals.ask(), approvals.ask(), approvals.ask()]);
    const cards = await Promise.all([yes, no, soon].map((id) => approvals.card(id)));
    const [yesCard, noCard, soonCard] = cards;
    if (!yesCard || !noCard || !soonCard) throw new Error('three cards were sent');
    await first.stop();
    // Shortly after the last poll a press is still one for now.
    const pressedSoon = approvals.press(soonCard, '✅ Approve');
    const second = await bench.start();
    expect(await pressedSoon).toBe('✅ Approved.');
    await second.stop();
    const answers = Promise.all([
      approvals.press(yesCard, '✅ Approve'),
      approvals.press(noCard, '❌ Reject'),
    ]);
    await bench.stores.sql.query(
      `update actp_telegram_polling set polled_at = polled_at - interval '61 seconds'`,
    );
    await bench.start();
    expect(await answers).toEqual([
      expect.stringContaining('This button press arrived late'),
      '❌ Rejected.',
    ]);
    await isPending(yes);
    expect(await approvals.press(yesCard, '✅ Approve')).toBe('✅ Approved.');
  });

  it('decides also when it cannot be answered', async () => {
    await bench.start();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    bench.telegram.faults.add({ effect: 'error', code: 400, method: 'answerCallbackQuery', times: 1 });
    await bench.telegram.press({
      chat_id: card.chat_id,
      message_id: card.message_id,
      button: '✅ Approve',
      from: approver,
      within: 300,
    });
    await eventually(async () => (await approvals.read(id)).status === 'approved');
    await eventually(async () => textNow(await approvals.card(id)).startsWith('✅ Approved'));
  });

  it('of who asked is refused', async () => {
    await bench.start();
    const id = await approvals.ask({ requested_by: `telegram:${approver}` });
    expect(await approvals.press(await approvals.card(id), '✅ Approve')).toContain(
      'Requesters cannot decide on their own request',
    );
    await isPending(id);
  });

  it('that comes before the card is recorded waits for that, and decides', async () => {
    const held = await holdRecording(bench.stores.env.SUPABASE_URL);
    await bench.start({ SUPABASE_URL: held.url });
    const id = await approvals.ask();
    // Sent, and nobody here knows yet as which message.
    const card = await bench.telegram.waitForMessage({ chat_id: alertChat, text: id.slice(0, 8) });
    held.pressed();
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
    expect(await approvals.read(id)).toMatchObject({ status: 'approved' });
    expect((await approvals.card(id)).message_id).toBe(card.message_id);
  });

  it('while the database is away decides nothing, says so, and does not come back later', async () => {
    const gate = await openTcpGate(Number(new URL(bench.stores.env.SUPABASE_URL).port));
    const bot = await bench.start(
      { SUPABASE_URL: `http://127.0.0.1:${gate.port}` },
      { pollerLeaseSeconds: 60 },
    );
    const id = await approvals.ask();
    const card = await approvals.card(id);
    await gate.shut();
    expect(await approvals.press(card, '✅ Approve')).toContain('The database is unavailable');
    await gate.open();
    await bench.telegram.waitUntilQuiet({ quietMs: 300 });
    await bot.stop();
    await bench.start();
    await bench.telegram.waitUntilQuiet({ quietMs: 300 });
    await isPending(id);
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
    await gate.shut();
  });
});
