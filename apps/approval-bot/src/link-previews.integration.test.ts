import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { alertChat, approver, openBench } from './approval-bot.fixture.ts';
import { approvalsOn, textNow } from './approvals/approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const link = 'https://elsewhere.example/?what=was+asked';

/** What the bot has sent or changed, and whether Telegram is told to leave the links in it alone. */
const sent = () =>
  bench.telegram.calls().flatMap(({ method, params }) => {
    if (method !== 'sendMessage' && method !== 'editMessageText') return [];
    const { is_disabled } = (params['link_preview_options'] ?? {}) as { is_disabled?: boolean };
    return [{ method, text: String(params['text']), is_disabled }];
  });

const waitFor = (text: string) => bench.telegram.waitForMessage({ outgoing: true, text });
const say = (text: string, reply_to?: number) =>
  bench.telegram.say({ chat_id: alertChat, from: approver, text, ...(reply_to && { reply_to }) });
const edited = (text: string) =>
  eventually(() => sent().some((one) => one.method === 'editMessageText' && one.text.includes(text)));

// Telegram fetches what it shows a preview of: what stands in a link would reach whoever runs that server before anybody has decided.
describe('[SEC-011] Telegram fetches no link', () => {
  afterEach(() => bench.stores.sql.query('truncate actp_kill_switch_commands, actp_kill_switches'));

  it('in an alert', async () => {
    await bench.start();
    const revise = (body: string) =>
      bench.stores.sql.query("select revise_notification('selftest:x', 'selftest.problem', $1)", [body]);
    await revise(`see ${link}`);
    await waitFor('see ');
    await revise(`seen ${link}`);
    await edited('seen ');
    expect(sent().filter(({ is_disabled }) => is_disabled !== true)).toEqual([]);
  });

  it('in a card, a reminder, or the reason of a reply', async () => {
    await bench.start();
    const id = await approvals.ask({ details: { recipients: 25, url: link } });
    const card = await approvals.card(id);
    await approvals.elapse(id, 1_801);
    await waitFor('⏰ Still waiting');
    say(`look at ${link}`, card.message_id);
    await approvals.press(await waitFor('Reject with this reason?'), 1);
    await edited('Rejected, with your reason');
    await eventually(() => textNow(card).startsWith('❌ Rejected'));
    expect(sent().filter(({ is_disabled }) => is_disabled !== true)).toEqual([]);
  });

  it('in an answer to a command', async () => {
    await bench.start();
    for (const [text, question, done] of [
      [`/stop agent:ads ${link}`, 'Stop agent:ads?', '🛑 Stopped: agent:ads'],
      [`/stop elsewhere.example ${link}`, 'Nothing is stopped yet.', '🛑 Stopped: all'],
    ] as const) {
      say(text);
      await approvals.press(await waitFor(question), 1);
      await edited(done);
    }
    say('/status');
    await waitFor('Queues');
    expect(sent().filter(({ is_disabled }) => is_disabled !== true)).toEqual([]);
  });
});
