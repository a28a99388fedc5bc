import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { approver, openBench } from '../approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from './approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const second = 43;
const two = { TELEGRAM_APPROVER_IDS: [approver, second] };

async function isPending(id: string): Promise<void> {
  expect(await approvals.read(id)).toMatchObject({ status: 'pending', decided_by: null, approvals: 0 });
}

describe('two approvers', () => {
  it('are two people: the same one twice is one, and the card counts', async () => {
    await bench.start(two);
    const id = await approvals.ask({ approvers: 2 });
    const card = await approvals.card(id);
    expect(textNow(card)).toContain('Approvals: 0 of 2');
    expect(await approvals.press(card, '✅ Approve')).toContain('1 of 2');
    expect(await approvals.press(card, '✅ Approve')).toContain('1 of 2');
    expect((await approvals.read(id)).status).toBe('pending');
    await eventually(async () => textNow(await approvals.card(id)).includes('Approvals: 1 of 2'));
    expect(await approvals.press(card, '✅ Approve', second)).toBe('✅ Approved.');
    expect(await approvals.read(id)).toMatchObject({ status: 'approved', decided_by: 'telegram:43' });
  });

  it('need only one for a no', async () => {
    await bench.start(two);
    const id = await approvals.ask({ approvers: 2 });
    const card = await approvals.card(id);
    await approvals.press(card, '✅ Approve');
    expect(await approvals.press(card, '❌ Reject', second)).toBe('❌ Rejected.');
  });
});

describe('something critical', () => {
  const confirm = '‼️ Really approve';
  const confirming = async (id: string) =>
    eventually(async () => {
      const card = await approvals.card(id);
      return buttonsNow(card).includes(confirm) && card;
    });

  it('takes two presses of one person', async () => {
    await bench.start();
    const id = await approvals.ask({ critical: true });
    const card = await approvals.card(id);
    expect(textNow(card)).toContain('CRITICAL');
    expect(await approvals.press(card, '✅ Approve')).toContain('within 60 seconds');
    await isPending(id);
    expect(await approvals.press(await confirming(id), confirm)).toBe('✅ Approved.');
    expect((await approvals.audit(id)).map(({ action_type }) => action_type)).toEqual([
      'approval.request',
      'approval.press',
      'approval.decide',
    ]);
  });

  it('is not confirmed by somebody else, who has to begin themselves', async () => {
    await bench.start(two);
    const id = await approvals.ask({ critical: true });
    await approvals.press(await approvals.card(id), '✅ Approve');
    const card = await confirming(id);
    expect(await approvals.press(card, confirm, second)).toContain('Someone else pressed Approve');
    await isPending(id);
    expect(await approvals.press(card, '↩️ Back', second)).toBe('Nothing was decided.');
    await eventually(async () => buttonsNow(await approvals.card(id)).includes('✅ Approve'));
    expect(await approvals.press(card, '✅ Approve', second)).toContain('within 60 seconds');
    expect(await approvals.press(await confirming(id), confirm, second)).toBe('✅ Approved.');
    expect((await approvals.read(id)).decided_by).toBe('telegram:43');
  });

  it('is not confirmed after a minute, or after Back, also by presses that were kept', async () => {
    await bench.start();
    const id = await approvals.ask({ critical: true });
    await approvals.press(await approvals.card(id), '✅ Approve');
    const card = await confirming(id);
    const [, , kept] = (card.versions.at(-1)?.reply_markup?.inline_keyboard ?? []).flat();
    const data = kept && 'callback_data' in kept ? kept.callback_data : '';
    await bench.stores.sql.query(
      `update actp_approval_first_presses set pressed_at = pressed_at - interval '61 seconds'`,
    );
    expect(await approvals.press(card, confirm)).toContain('too long ago');
    await eventually(async () => buttonsNow(await approvals.card(id)).includes('✅ Approve'));
    await approvals.press(card, '✅ Approve');
    await approvals.press(await confirming(id), '↩️ Back');
    const { chat_id, message_id } = card;
    const replayed = await bench.telegram.forgePress({ from: approver, data, chat_id, message_id });
    expect(replayed.answer?.text).toContain('too long ago');
    await isPending(id);
  });

  it('is not confirmed by a press that waited while nobody listened', async () => {
    const running = await bench.start();
    const id = await approvals.ask({ critical: true });
    await approvals.press(await approvals.card(id), '✅ Approve');
    const card = await confirming(id);
    await running.stop();
    const waited = approvals.press(card, confirm);
    // The clock of the database says that nobody has listened for long, whenever the first press was.
    await bench.stores.sql.query(
      `update actp_telegram_polling set polled_at = polled_at - interval '61 seconds'`,
    );
    await bench.start();
    expect(await waited).toContain('arrived late');
    await isPending(id);
  });

  it('takes two presses of each of two people', async () => {
    await bench.start(two);
    const id = await approvals.ask({ critical: true, approvers: 2 });
    for (const [from, answer] of [
      [approver, '1 of 2'],
      [second, '✅ Approved.'],
    ] as const) {
      await eventually(async () => buttonsNow(await approvals.card(id)).includes('✅ Approve'));
      await approvals.press(await approvals.card(id), '✅ Approve', from);
      expect(await approvals.press(await confirming(id), confirm, from)).toContain(answer);
    }
  });

  it('is rejected with one press, also between the two', async () => {
    await bench.start();
    const id = await approvals.ask({ critical: true });
    await approvals.press(await approvals.card(id), '✅ Approve');
    expect(await approvals.press(await confirming(id), '❌ Reject')).toBe('❌ Rejected.');
  });
});
