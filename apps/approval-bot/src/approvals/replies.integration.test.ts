import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import type { ChatMessage } from '@actp/testing/telegram/state/messages';
import { alertChat, approver, openBench } from '../approval-bot.fixture.ts';
import { approvalsOn, textNow } from './approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const colleague = 43;

const reply = (card: ChatMessage, text: string, from = approver) =>
  bench.telegram.say({ chat_id: card.chat_id, from, text, reply_to: card.message_id });
const answered = (text: string | RegExp) => bench.telegram.waitForMessage({ outgoing: true, text });
const asked = async () => {
  const id = await approvals.ask();
  return { id, card: await approvals.card(id) };
};
/** Presses about an approval that never reached it, as the audit log has them. */
const refusalsOf = async (id: string) =>
  (await approvals.refusedPresses())
    .filter(({ result }) => result['approval_id'] === id)
    .map(({ agent_id, status, result }) => `${agent_id} ${String(result['refused'])} ${status}`);

describe('a reply to a card', () => {
  it('after a rejection is its reason: stored, shown to the agent and on the card, and only once', async () => {
    await bench.start();
    const { id, card } = await asked();
    await approvals.press(card, 2);
    reply(card, 'the list is out of date');
    await answered('Your reason is recorded.');
    expect(await approvals.read(id)).toMatchObject({
      status: 'rejected',
      decision_reason: 'the list is out of date',
      decided_by: `telegram:${approver}`,
    });
    await eventually(() => textNow(card).includes('Comment: the list is out of date'));
    expect(textNow(card)).toContain('❌ Rejected by User 42 (telegram:42)');
    reply(card, 'reject: another reason');
    await answered('This rejection has a reason already.');
    expect((await approvals.read(id)).decision_reason).toBe('the list is out of date');
    expect((await approvals.audit(id)).map(({ action_type, status }) => `${action_type} ${status}`)).toEqual([
      'approval.request ok',
      'approval.decide ok',
      'approval.decide ok',
      'approval.decide denied',
    ]);
  });

  it('that begins with reject rejects with the reason, at once', async () => {
    await bench.start();
    const { id, card } = await asked();
    const { update_id } = reply(card, '/Reject too many people');
    await answered('❌ Rejected, with your reason.');
    bench.telegram.redeliver(update_id);
    expect(await approvals.read(id)).toMatchObject({
      status: 'rejected',
      decision_reason: 'too many people',
    });
    await answered(/Already recorded|has a reason already/);
  });

  it('that is a remark decides nothing until the button below the question is pressed by its author', async () => {
    await bench.start({ TELEGRAM_APPROVER_IDS: [approver, colleague] });
    const { id, card } = await asked();
    reply(card, 'approve, looks fine');
    const question = await answered('Nothing is decided yet.');
    expect((await approvals.read(id)).status).toBe('pending');
    expect(await approvals.press(question, 1, colleague)).toContain('Someone else wrote this reason.');
    expect(await approvals.press(question, 1, 666)).toContain('You are not authorized to decide here');
    expect((await approvals.read(id)).status).toBe('pending');
    expect(await refusalsOf(id)).toEqual([
      `telegram:${colleague} not_yours denied`,
      'telegram:666 stranger denied',
    ]);
    expect(await approvals.press(question, 1)).toBe('❌ Rejected, with your reason.');
    expect(await approvals.read(id)).toMatchObject({
      status: 'rejected',
      decision_reason: 'approve, looks fine',
    });
  });

  it('is not rejected by a button that is not ours, or is that of another card', async () => {
    await bench.start();
    const { id, card } = await asked();
    const other = await asked();
    reply(card, 'a remark');
    const question = await answered('Nothing is decided yet.');
    const [button] = (question.versions.at(-1)?.reply_markup?.inline_keyboard ?? []).flat();
    const ours = button && 'callback_data' in button ? button.callback_data : '';
    const mac = (data: string) => Buffer.from(data.slice(1), 'base64url').subarray(16);
    const write = (of: string, seal: Buffer) =>
      `w${Buffer.concat([Buffer.from(of.replaceAll('-', ''), 'hex'), seal]).toString('base64url')}`;
    expect(write(id, mac(ours))).toBe(ours);
    const { chat_id, message_id } = question;
    for (const data of [write(id, Buffer.alloc(16)), write(other.id, mac(ours))]) {
      const { answer } = await bench.telegram.forgePress({ from: approver, data, chat_id, message_id });
      expect(answer?.text).toContain('does not match this card');
    }
    for (const one of [id, other.id]) {
      expect((await approvals.read(one)).status).toBe('pending');
      expect(await refusalsOf(one)).toEqual([`telegram:${approver} forged denied`]);
    }
    expect(await approvals.press(question, 1)).toBe('❌ Rejected, with your reason.');
  });

  it('is redacted and at most 2,000 characters long', async () => {
    await bench.start();
    const { id, card } = await asked();
    const secret = `gh${'p'}_${'Ab1'.repeat(12)}`;
    reply(card, `it holds ${secret}`);
    expect(textNow(await answered('Nothing is decided yet.'))).not.toContain(secret);
    reply(card, `reject: it holds ${secret} ${'x'.repeat(3_000)}`);
    await answered('The first 2000 characters of the reason are kept.');
    const { decision_reason } = await approvals.read(id);
    expect(decision_reason).not.toContain(secret);
    expect(decision_reason).toHaveLength(2_000);
  });

  it('of strangers, of another approver to a rejection that is not theirs, or without a reason changes nothing', async () => {
    await bench.start({ TELEGRAM_APPROVER_IDS: [approver, colleague] });
    const { id, card } = await asked();
    reply(card, 'reject: no', 666);
    reply(card, 'reject');
    await answered('Reply with “reject:” and the reason');
    expect((await approvals.read(id)).status).toBe('pending');
    await approvals.press(card, 2);
    reply(card, 'because I say so', colleague);
    await answered('Somebody else has rejected this');
    expect((await approvals.read(id)).decision_reason).toBeNull();
    bench.telegram.say({ chat_id: alertChat, from: approver, text: '/status', reply_to: card.message_id });
    await answered('Queues');
  });

  it('to a card that was approved changes nothing and is answered only when it would reject', async () => {
    await bench.start();
    const { id, card } = await asked();
    await approvals.press(card, 1);
    reply(card, 'thank you');
    reply(card, 'reject: I have changed my mind');
    await answered('Too late: it is approved by User 42 (telegram:42)');
    expect(await approvals.read(id)).toMatchObject({ status: 'approved', decision_reason: null });
    expect(bench.telegram.messages({ outgoing: true, text: 'Nothing is decided yet' })).toEqual([]);
  });
});

describe('a card', () => {
  it('shows money and recipients first, then what was sent in its order, after a digest that no order changes', async () => {
    await bench.start();
    const details = { zeta: 1, note: 'x', to: 'ann@example.com', b: 2, amount_usd: 5 };
    const id = await approvals.ask({ details });
    const rows = textNow(await approvals.card(id))
      .split('\n')
      .filter((line) => line.startsWith('▪ '))
      .map((line) => line.replace(/^▪ (\w+):.*$/, '$1'));
    expect(rows).toEqual(['amount_usd', 'to', 'zeta', 'note', 'b']);
    expect((await approvals.read(id)).action_digest).toBe(approvals.digestOf(id));
  });

  it('shows the error that was reported with a failure, without its secrets', async () => {
    await bench.start();
    const { id, card } = await asked();
    await approvals.press(card, 1);
    await approvals.redeem(id);
    const secret = `gh${'p'}_${'Ab1'.repeat(12)}`;
    await approvals.report(id, 'failed', { error: `mailbox full\n<b>${secret}</b>` });
    await eventually(() => textNow(card).includes('Reported error: “mailbox full'));
    expect(textNow(card)).toContain('Used; FAILED');
    expect(textNow(card)).not.toContain(secret);
  });
});
