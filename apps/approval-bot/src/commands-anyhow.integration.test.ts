import { afterEach, describe, expect, it } from 'vitest';
import { alertChat, approver, openBench } from './approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from './approvals/approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);

afterEach(async () => {
  await bench.stores.sql.query('truncate actp_kill_switch_commands, actp_kill_switches');
});

const scopes = async () => {
  const { rows } = await bench.stores.sql.query<{ scope: string; reason: string }>(
    'select scope, reason from actp_kill_switches where lifted_at is null',
  );
  return rows;
};
const ask = async (text: string, shown: string | RegExp, chat_id = approver) => {
  bench.telegram.say({ chat_id, from: approver, text });
  return bench.telegram.waitForMessage({ chat_id, outgoing: true, text: shown });
};
const answers = (chat_id: number) => bench.telegram.messages({ chat_id, outgoing: true }).map(textNow);

describe('commands however they are written', () => {
  it('count without regard to case, in private and in groups', async () => {
    await bench.start();
    await ask('/Stop', 'Stop everything?');
    await ask('/STATUS', 'Queues');
    await ask('/Pending', 'No approvals are pending.');
    await ask('/HELP@Actp_Test_Bot', '/selftest - ');
    await ask('/Stop@ACTP_TEST_BOT all too much', 'Reason: too much', alertChat);
    await ask('/RESUME', 'Nothing is stopped.', alertChat);
  });

  it('that are unknown are answered with the nearest one, and do nothing', async () => {
    await bench.start();
    const answer = textNow(await ask('/stpo emails', 'There is no command /stpo.'));
    expect(answer).toContain('Nothing was stopped, decided or changed.');
    expect(answer).toContain('Did you mean /stop?');
    expect(answer).toContain('/status - ');
    expect(textNow(await ask('/xyzzy', 'There is no command /xyzzy.'))).not.toContain('Did you mean');
    expect(await scopes()).toEqual([]);
  });

  it('plain words of an approver in private are answered as well, and so is anything else that is no text', async () => {
    await bench.start();
    const answer = textNow(await ask('STOP EVERYTHING NOW', 'Only commands are understood here.'));
    expect(answer).toContain('Did you mean /stop?');
    const from = { id: approver, is_bot: false, first_name: 'Ann' };
    const chat = { id: approver, type: 'private', first_name: 'Ann' };
    const sticker = { file_id: 'x', file_unique_id: 'x', type: 'regular', width: 1, height: 1 };
    bench.telegram.deliverOdd({ message: { message_id: 990, date: 1, from, chat, sticker } });
    await bench.telegram.waitForMessage({
      outgoing: true,
      matches: ({ versions }) =>
        versions[0].text?.startsWith('Only commands') === true && !textHasStop(versions[0].text),
    });
    expect(await scopes()).toEqual([]);
  });

  it('of groups are answered when they name this bot or are nearly one of its own, and words are not', async () => {
    await bench.start();
    for (const text of ['hello all', 'please stop it', '/foo', '/foo@other_bot', '/stpo@other_bot']) {
      bench.telegram.say({ chat_id: alertChat, from: approver, text });
    }
    await ask('/foo@actp_test_bot', 'There is no command /foo@actp_test_bot.', alertChat);
    await ask('/Sotp', 'Did you mean /stop?', alertChat);
    expect(answers(alertChat)).toHaveLength(2);
  });

  it('of strangers stay unanswered when they are none', async () => {
    await bench.start();
    for (const text of ['hello', '/foo', '/foo@actp_test_bot', 'stop']) {
      bench.telegram.say({ chat_id: 666, text });
      bench.telegram.say({ chat_id: alertChat, from: 667, text });
    }
    bench.telegram.say({ chat_id: 666, text: '/Status' });
    await bench.telegram.waitForMessage({
      chat_id: 666,
      text: 'You are not authorized to give commands here.',
    });
    await bench.telegram.waitUntilQuiet({ quietMs: 100 });
    expect([...answers(666), ...answers(alertChat)]).toEqual([
      'You are not authorized to give commands here.',
    ]);
  });
});

describe('/stop with a word that is no scope', () => {
  it('says that nothing is stopped, asks what is meant, and stops everything or that alone', async () => {
    await bench.start();
    const question = await ask('/stop emails', 'Is “emails” the reason');
    expect(textNow(question).split('\n')[0]).toBe('⚠️ Nothing is stopped yet.');
    expect(textNow(question)).toContain('agent:<id>');
    expect(textNow(question)).toContain('action:<name or glob>');
    expect(buttonsNow(question)).toEqual(['🛑 Stop everything', '🛑 Stop only action:email.*', 'Cancel']);
    expect(await scopes()).toEqual([]);
    const { chat_id, message_id } = question;
    await bench.telegram.press({ chat_id, message_id, button: 2 });
    expect(await scopes()).toEqual([{ scope: 'action:email.*', reason: 'emails' }]);
  });

  it('with the first button stops everything, whatever was meant', async () => {
    await bench.start();
    const { chat_id, message_id } = await ask(
      '/Stop emails go to the wrong people',
      'Nothing is stopped yet.',
    );
    const { answer } = await bench.telegram.press({ chat_id, message_id, button: 1 });
    expect(answer?.text).toBe('🛑 Stopped: all');
    expect(await scopes()).toEqual([{ scope: 'all', reason: 'emails go to the wrong people' }]);
  });

  it('offers an agent that is known, whatever case it is written in', async () => {
    await bench.start();
    await approvals.ask({ requested_by: 'mailer' });
    const question = await ask('/stop Mailer', 'Nothing is stopped yet.');
    expect(buttonsNow(question)).toEqual(['🛑 Stop everything', '🛑 Stop only agent:mailer', 'Cancel']);
  });

  it('suggests no scope that covers nothing known, and nothing happens after Cancel', async () => {
    await bench.start();
    const question = await ask('/stop runaway', 'Nothing is stopped yet.');
    expect(buttonsNow(question)).toEqual(['🛑 Stop everything', 'Cancel']);
    const { chat_id, message_id } = question;
    await bench.telegram.press({ chat_id, message_id, button: 'Cancel' });
    expect(await scopes()).toEqual([]);
    const wrong = await ask('/stop agent:*', 'must name one agent');
    expect(textNow(wrong)).toMatch(/^⚠️ Nothing is stopped/);
    expect(textNow(wrong)).toContain('A scope is written');
  });
});

const textHasStop = (text: string | undefined) => text?.includes('/stop?') === true;
