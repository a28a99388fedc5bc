import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { sendRefusals, type SendRefusal } from '@actp/testing/telegram/state/send-refusals';
import { alertChat, approver, openBench, token } from './approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from './approvals/approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const forMessages = sendRefusals.filter(
  (why): why is Exclude<SendRefusal, 'no_buttons'> => why !== 'no_buttons',
);

interface Refusal {
  chat_id: string;
  what: string;
  reason: string;
}

async function refusals(): Promise<Refusal[]> {
  const { rows } = await bench.stores.sql.query<Refusal>(
    'select chat_id, what, reason from actp_telegram_refusals order by chat_id, what',
  );
  return rows;
}

const refused = (what: string) =>
  eventually(async () => (await refusals()).find((row) => row.what === what) ?? false);

const over = () => eventually(async () => (await refusals()).length === 0);

const said = (pattern: string) => approvals.said().filter((text) => text.includes(pattern));

const complaints = () => bench.log.filter(({ msg }) => msg === 'telegram refuses messages');

/** What waits now has been looked at as a whole: the second attempt from now on began after it was there. */
async function triedTwice(): Promise<void> {
  const before = bench.telegram.calls('sendMessage').length;
  await eventually(() => bench.telegram.calls('sendMessage').length >= before + 2);
}

async function leave(kind: string, key: string, body: string): Promise<string> {
  return bench.db.call((client) =>
    client.rpc('enqueue_notification', { p_dedupe_key: key, p_kind: kind, p_body: body }),
  );
}

describe('an alert to a chat that takes no messages', () => {
  it.each(forMessages)(
    'waits, with the reason in the database, and arrives when it is over (%s)',
    async (why) => {
      bench.telegram.setSending(alertChat, why);
      await bench.start();
      const id = await bench.report('still true');
      const { reason } = await refused('text');
      expect(reason).toMatch(/^(?:Bad Request|Forbidden): /);
      await eventually(async () => (await bench.rowOf(id)).attempts > 1);
      expect(await bench.rowOf(id)).toMatchObject({ state: 'pending', last_error: `refused: ${reason}` });
      expect(complaints()).toMatchObject([{ level: 'error', chat_id: String(alertChat), reason }]);
      bench.telegram.setSending(alertChat, 'open');
      await eventually(async () => (await bench.rowOf(id)).state === 'sent');
      await over();
      expect(said('still true')).toHaveLength(1);
    },
  );

  it.each([
    [400, 'Bad Request: SOMETHING_NEW'],
    [400, 'Bad Request'],
    [402, 'Payment Required'],
    [406, 'Not Acceptable: UPDATE_APP_TO_LOGIN'],
    [413, 'Request Entity Too Large'],
    [401, 'Unauthorized'],
    [404, 'Not Found'],
  ])(
    'waits whatever the refusal is, as long as it is not known to be about the text (%i %s)',
    async (code, description) => {
      bench.telegram.faults.add({ effect: 'error', code, description, method: 'sendMessage' });
      await bench.start();
      const ids = await Promise.all(['one', 'two', 'three'].map((body) => bench.report(body)));
      const { reason } = await refused(code === 401 || code === 404 ? 'token' : 'text');
      expect(reason).toBe(description);
      bench.telegram.faults.clear();
      for (const id of ids) await eventually(async () => (await bench.rowOf(id)).state === 'sent');
      await over();
      expect(approvals.said().toSorted()).toEqual(['one', 'three', 'two']);
    },
  );

  it.each([
    'Bad Request: can\'t parse entities: Unsupported start tag "chat not found" at byte offset 4',
    'Bad Request: message is too long',
    'Bad Request: message text is empty',
    'Bad Request: ENTITY_BOUNDS_INVALID',
  ])('ends only for its text (%s)', async (description) => {
    bench.telegram.faults.add({ effect: 'error', code: 400, description, method: 'sendMessage', times: 1 });
    await bench.start();
    const id = await bench.report('odd');
    await eventually(async () => (await bench.rowOf(id)).state === 'logged');
    expect(await refusals()).toEqual([]);
  });

  it('shows a reason without addresses and control characters', async () => {
    bench.telegram.faults.add({
      effect: 'error',
      code: 403,
      description: 'Forbidden: see https://10.0.0.7:8443/secret?x=1 or 10.0.0.7:8443\u0007\nnow',
      method: 'sendMessage',
    });
    await bench.start();
    await bench.report('x');
    expect((await refused('text')).reason).toBe('Forbidden: see [address] or [address] now');
    expect(JSON.stringify(bench.log)).not.toContain(token.slice(12));
  });

  it('whose text was changed meanwhile is edited when that is allowed again', async () => {
    await bench.start();
    const revise = (body: string) =>
      bench.stores.sql.query("select revise_notification('selftest:x', 'selftest.problem', $1)", [body]);
    await revise('failed');
    await bench.telegram.waitForMessage({ text: 'failed' });
    bench.telegram.setSending(alertChat, 'no_rights');
    await revise('failed, healed');
    await refused('edit');
    bench.telegram.setSending(alertChat, 'open');
    await bench.telegram.waitForMessage({ text: 'failed, healed' });
    await over();
    expect(approvals.said()).toEqual(['failed, healed']);
  });
});

describe('what waited while a chat refused it', () => {
  it('comes as the newest state, with what was before it in a line each', async () => {
    bench.telegram.setSending(alertChat, 'topic_closed');
    await bench.start();
    const problem = await leave('selftest.problem', 'selftest:1', 'Self-test failed: 2 of 9\nlogin\npayment');
    await refused('text');
    await leave('kill_switch.set', 'kill-switch:7:set', 'Stopped: all');
    await bench.report('The weekly summary');
    await leave('kill_switch.lifted', 'kill-switch:7:lifted', 'Lifted: all');
    const recovery = await leave('selftest.recovery', 'selftest:2', 'All is well again');
    await triedTwice();
    bench.telegram.setSending(alertChat, 'open');
    await eventually(async () => (await bench.rowOf(problem)).state === 'logged');
    await bench.telegram.waitForMessage({ text: 'The weekly summary' });
    const [first = '', second = '', third, ...more] = approvals.said();
    expect(first).toMatch(
      /^All is well again\n\nEarlier, while Telegram accepted no messages:\n[-\d]{10} \d\d:\d\d UTC: Self-test failed: 2 of 9$/,
    );
    expect(second).toMatch(/^Lifted: all\n\n.*\n.* UTC: Stopped: all$/);
    expect([third, ...more]).toEqual(['The weekly summary']);
    expect((await bench.rowOf(recovery)).state).toBe('sent');
  });

  it('comes as few messages, and loses none of it', async () => {
    bench.telegram.setSending(alertChat, 'not_a_member');
    await bench.start();
    const bodies = Array.from({ length: 30 }, (_, n) => `Message ${n + 1}: ${'x'.repeat(300)}`);
    const ids: string[] = [];
    for (const body of bodies) ids.push(await bench.leave(body));
    await triedTwice();
    bench.telegram.setSending(alertChat, 'open');
    for (const id of ids) await eventually(async () => (await bench.rowOf(id)).state !== 'pending');
    const texts = approvals.said();
    expect(texts.length).toBeLessThan(5);
    const order = [...texts.join('\n').matchAll(/Message (\d+):/g)].map(([, number]) => Number(number));
    expect(order).toEqual(bodies.map((_, n) => n + 1));
  });
});

describe('a card to a chat that takes no messages', () => {
  it.each(sendRefusals)('waits and can be decided when that is over (%s)', async (why) => {
    bench.telegram.setSending(alertChat, why);
    await bench.start();
    const ids = await Promise.all([approvals.ask(), approvals.ask(), approvals.ask()]);
    expect(await refused('buttons')).toMatchObject({ chat_id: String(alertChat) });
    bench.telegram.setSending(alertChat, 'open');
    for (const id of ids) expect(buttonsNow(await approvals.card(id))).toEqual(['✅ Approve', '❌ Reject']);
    await over();
    expect(complaints()).toHaveLength(1);
  });

  it('with buttons keeps neither alerts nor changes of other cards from coming', async () => {
    await bench.start();
    const before = await approvals.ask();
    const card = await approvals.card(before);
    bench.telegram.setSending(alertChat, 'no_buttons');
    const asked = await approvals.ask();
    await refused('buttons');
    await bench.report('an alert');
    await bench.telegram.waitForMessage({ text: 'an alert' });
    await approvals.decide(before, 'rejected');
    await eventually(() => textNow(card).startsWith('❌ Rejected'));
    // What went through without buttons says nothing about those.
    expect(await refusals()).toMatchObject([{ what: 'buttons' }]);
    bench.telegram.setSending(alertChat, 'open');
    await approvals.card(asked);
    await over();
  });

  it('whose time is over meanwhile is not sent any more', async () => {
    bench.telegram.setSending(alertChat, 'no_rights');
    await bench.start();
    const gone = await approvals.ask({ ttl_seconds: 60 });
    const waits = await approvals.ask();
    await refused('buttons');
    await approvals.elapse(gone, 61);
    await eventually(async () => (await approvals.read(gone)).status === 'expired');
    bench.telegram.setSending(alertChat, 'open');
    await approvals.card(waits);
    expect(said(gone.slice(0, 8))).toEqual([]);
  });

  it('is changed when the chat takes changes again', async () => {
    await bench.start();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    bench.telegram.setSending(alertChat, 'topic_closed');
    await approvals.decide(id, 'approved');
    await refused('edit');
    bench.telegram.setSending(alertChat, 'open');
    await eventually(() => textNow(card).startsWith('✅ Approved'));
    await over();
    expect(said(id.slice(0, 8))).toHaveLength(1);
  });

  it('in one chat keeps none from another', async () => {
    bench.telegram.addChat({ id: -1002, title: 'Payments' });
    bench.telegram.setSending(-1002, 'write_forbidden');
    await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-1002'] });
    const closed = await approvals.ask({ chat_id: '-1002' });
    expect(await refused('buttons')).toMatchObject({ chat_id: '-1002' });
    await approvals.card(await approvals.ask());
    await bench.report('an alert');
    await bench.telegram.waitForMessage({ chat_id: alertChat, text: 'an alert' });
    expect(await refusals()).toMatchObject([{ chat_id: '-1002' }]);
    bench.telegram.setSending(-1002, 'open');
    expect((await approvals.card(closed)).chat_id).toBe(-1002);
  });

  it('in a private chat waits while its user blocks the bot', async () => {
    bench.telegram.setReachability(approver, 'blocked');
    await bench.start({ TELEGRAM_CHAT_ID: String(approver) });
    const id = await approvals.ask();
    expect(await refused('buttons')).toMatchObject({ reason: 'Forbidden: bot was blocked by the user' });
    bench.telegram.setReachability(approver, 'open');
    expect(await approvals.press(await approvals.card(id), '✅ Approve')).toBe('✅ Approved.');
  });
});

describe('a refusal that nothing waits for any more', () => {
  it('is looked into, and the chat hears of it when it is over', async () => {
    bench.telegram.setSending(alertChat, 'no_rights');
    await bench.start({}, { quietRefusalSeconds: 0 });
    const id = await approvals.ask();
    await refused('buttons');
    await approvals.cancel(id);
    bench.telegram.setSending(alertChat, 'open');
    await bench.telegram.waitForMessage({ text: 'Telegram accepts messages to this chat again' });
    await over();
  });

  it('of a chat that is none of the settings any more is forgotten', async () => {
    await bench.stores.sql.query(`select note_telegram_refusal('-1077', 'text', 'Forbidden')`);
    await bench.start();
    await over();
  });
});

describe('an answer to a command', () => {
  it('that its chat refuses leaves a trace, and the next one that comes through ends it', async () => {
    await bench.start();
    bench.telegram.setSending(alertChat, 'no_rights');
    bench.telegram.say({ chat_id: alertChat, from: approver, text: '/pending' });
    expect(await refused('text')).toMatchObject({ chat_id: String(alertChat) });
    bench.telegram.setSending(alertChat, 'open');
    bench.telegram.say({ chat_id: alertChat, from: approver, text: '/pending' });
    await bench.telegram.waitForMessage({ text: 'No approvals are pending.' });
    await over();
  });

  it('in a chat that is none of the settings leaves none', async () => {
    await bench.start();
    bench.telegram.say({ chat_id: approver, text: '/help' });
    await bench.telegram.waitForMessage({ chat_id: approver, outgoing: true });
    bench.telegram.setReachability(approver, 'blocked');
    bench.telegram.say({ chat_id: approver, text: '/pending' });
    await eventually(() => bench.log.some(({ msg }) => msg === 'update failed'));
    expect(await refusals()).toEqual([]);
  });
});

describe('a token that Telegram does not know', () => {
  it('is named, also while nothing is to be sent', async () => {
    const bot = await bench.start({ TELEGRAM_BOT_TOKEN: `${token}-old` });
    expect(await refused('token')).toMatchObject({ chat_id: '', reason: 'Unauthorized' });
    await bot.stop();
    await bench.start();
    await over();
  });
});
