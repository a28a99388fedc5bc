import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { approver, openBench } from './approval-bot.fixture.ts';
import { approvalsOn, textNow } from './approvals/approvals.fixture.ts';
import { paceLimits } from './telegram/pacer.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);

// Telegram's limits with a short minute, which the stand-in enforces, and the same for the bot with the difference that two
// clocks can have.
const [secondMs, minuteMs, clocksMs] = [40, 1_500, 25];
const telegramLimits = {
  perChatPerSecond: 1,
  perGroupPerMinute: 6,
  overallPerSecond: 30,
  secondMs,
  minuteMs,
};
const pace = {
  ...paceLimits,
  gapMs: secondMs + clocksMs,
  perMinute: 6,
  minuteMs: minuteMs + clocksMs,
  secondMs: secondMs + clocksMs,
  // However slow the machine is: a call that is not answered yet may be counted any moment.
  longestCallMs: 600_000,
  reserved: { reply: 0, urgent: 1, later: 3 },
};

const limited = () => bench.telegram.calls().filter(({ outcome }) => outcome === 429);

describe('more messages than Telegram takes in a minute', () => {
  it('come without a single refusal, questions before the changes of decided cards', async () => {
    bench.telegram.limitFlood(telegramLimits);
    const first = await Promise.all([approvals.ask(), approvals.ask(), approvals.ask()]);
    await bench.start({}, { pace });
    const cards = await Promise.all(first.map((id) => approvals.card(id)));
    const second = await Promise.all(Array.from({ length: 6 }, () => approvals.ask()));
    for (const id of first) await approvals.decide(id, 'rejected');
    await bench.report('an alert');
    for (const id of second) await approvals.card(id);
    await bench.telegram.waitForMessage({ text: 'an alert' }, 240_000);
    for (const card of cards) {
      await eventually(() => textNow(card).startsWith('❌ Rejected'));
    }
    expect(limited()).toEqual([]);
  });

  it('in one chat keep none from another, nor the answer to a command', async () => {
    bench.telegram.addChat({ id: -1002, title: 'Payments' });
    // A minute that does not end within the test.
    const long = { ...pace, minuteMs: 600_000 };
    bench.telegram.limitFlood({ ...telegramLimits, minuteMs: 600_000 });
    await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-1002'] }, { pace: long });
    const ids = await Promise.all(Array.from({ length: 8 }, () => approvals.ask()));
    await eventually(() => approvals.said().length === 5);
    const elsewhere = await approvals.ask({ chat_id: '-1002' });
    expect((await approvals.card(elsewhere)).chat_id).toBe(-1002);
    bench.telegram.say({ chat_id: -1001, from: approver, text: '/pending' });
    await bench.telegram.waitForMessage({ text: '9 pending approvals' });
    expect(approvals.said()).toHaveLength(6);
    expect(limited()).toEqual([]);
    expect(ids).toHaveLength(8);
  });
});

it('[SEC-010] a greeting keeps the pace as well', async () => {
  bench.telegram.addChat({ id: -1003, title: 'New' });
  await bench.stores.sql.query("delete from actp_telegram_greetings where chat_id = '-1001'");
  bench.telegram.limitFlood(telegramLimits);
  await bench.report('an alert');
  await approvals.ask({ chat_id: '-1003' });
  await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-1003'] }, { pace });
  await bench.telegram.waitForMessage({ chat_id: -1001, text: 'an alert' });
  await bench.telegram.waitForMessage({ chat_id: -1003, text: 'Approval required' });
  expect(bench.telegram.messages({ text: '👋 Hello.' })).toHaveLength(2);
  expect(limited()).toEqual([]);
});
