import { describe, expect, it } from 'vitest';
import { alertChat, approver, openBench } from './approval-bot.fixture.ts';
import { approvalsOn, textNow } from './approvals/approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const start = async (chat_id: number, shown: string | RegExp, from = chat_id) => {
  bench.telegram.say({ chat_id, from, text: '/start' });
  return textNow(await bench.telegram.waitForMessage({ chat_id, outgoing: true, text: shown }));
};
const firstIn = (chat_id: number) =>
  textNow(bench.telegram.messages({ chat_id, outgoing: true })[0] as never);

describe('/start', () => {
  it('greets an approver by name and shows both ids, in any chat', async () => {
    bench.telegram.addUser({ id: approver, is_bot: false, first_name: 'Ann' });
    bench.telegram.addChat({ id: -5, title: 'Elsewhere' });
    await bench.start();
    const text = await start(approver, 'Hello, Ann');
    expect(text).toContain(`Your user id: ${approver}`);
    expect(text).toContain(`This chat's id: ${approver}`);
    expect(text).toContain('Alerts and approvals go to another chat');
    expect(await start(alertChat, 'Hello, Ann', approver)).toContain(
      'Alerts and approvals come to this chat',
    );
    expect(await start(-5, 'Hello, Ann', approver)).toContain('TELEGRAM_CHAT_ID=-5');
  });

  it('tells everybody their numbers and what to set while nobody is on the list', async () => {
    bench.telegram.addChat({ id: -5, title: 'Ours' });
    await bench.start({ TELEGRAM_APPROVER_IDS: [], TELEGRAM_CHAT_ID: undefined });
    const text = await start(7, 'Hello, User 7');
    expect(text).toContain('Your user id: 7');
    expect(text).toContain('TELEGRAM_CHAT_ID=7');
    expect(text).toContain('TELEGRAM_APPROVER_IDS=7');
    expect(await start(-5, 'Hello, User 7', 7)).toContain('TELEGRAM_CHAT_ID=-5');
  });

  it('answers nobody more than ten times an hour while nobody is on the list, and shows a name in one line', async () => {
    bench.telegram.addUser({ id: 8, is_bot: false, first_name: 'Eve\nYour user id: 42' });
    await bench.start({ TELEGRAM_APPROVER_IDS: [] });
    for (let i = 0; i < 12; i += 1) bench.telegram.say({ chat_id: 8, text: '/start' });
    // Updates are handled in order: whoever asks later is answered later.
    await start(9, 'Hello, User 9');
    const answers = bench.telegram.messages({ chat_id: 8, outgoing: true }).map(textNow);
    expect(answers).toHaveLength(10);
    expect(answers[0]?.match(/^Your user id: .*$/gm)).toEqual(['Your user id: 8']);
  });

  it('says that a settled chat is the one for alerts to nobody who is not on the list', async () => {
    await bench.start({ TELEGRAM_APPROVER_IDS: [] });
    expect(await start(7, 'Hello, User 7')).not.toContain(String(alertChat));
  });

  it('tells a stranger their own id and nothing else, once an hour', async () => {
    await bench.start();
    bench.telegram.say({ chat_id: 666, text: '/start' });
    bench.telegram.say({ chat_id: 666, text: '/Start' });
    bench.telegram.say({ chat_id: alertChat, from: 667, text: '/start' });
    await bench.telegram.waitForMessage({ chat_id: alertChat, outgoing: true });
    await bench.telegram.waitUntilQuiet({ quietMs: 100 });
    expect(bench.telegram.messages({ outgoing: true }).map(textNow)).toEqual([
      'You are not authorized to give commands here. Your user id is 666.',
      'You are not authorized to give commands here.',
    ]);
  });
});

describe('the first message ever in a chat', () => {
  it('is the greeting, before an alert, a question, and once', async () => {
    await bench.stores.sql.query('truncate actp_telegram_greetings');
    bench.telegram.addChat({ id: -7, title: 'Cards' });
    await bench.report('the summary of the week');
    await approvals.ask({ chat_id: '-7' });
    await approvals.ask();
    const bot = await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-7'] });
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'the summary of the week' });
    await bench.telegram.waitForMessage({ chat_id: -7, text: 'Approval required' });
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'Approval required' });
    for (const chat of [alertChat, -7]) {
      expect(firstIn(chat)).toContain('👋 Hello.');
      expect(firstIn(chat)).toContain(`(${chat})`);
    }
    await bot.stop();
    await bench.report('the summary of next week');
    await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-7'] });
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'the summary of next week' });
    expect(bench.telegram.messages({ outgoing: true, text: '👋' })).toHaveLength(2);
  });

  it('is not sent where somebody was greeted after /start', async () => {
    await bench.stores.sql.query('truncate actp_telegram_greetings');
    await bench.start();
    await start(alertChat, 'Hello', approver);
    await bench.report('an alert');
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'an alert' });
    expect(bench.telegram.messages({ outgoing: true, text: '👋' })).toHaveLength(1);
  });
});
