import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { approvalChannel } from '@actp/shared/approvals/channel';
import { eventually } from '@actp/testing/eventually';
import { openTcpGate } from '@actp/testing/tcp-gate';
import { alertChat, openBench } from '../approval-bot.fixture.ts';
import { approvalsOn, buttonsNow, textNow } from './approvals.fixture.ts';

const bench = await openBench();
const approvals = approvalsOn(bench);
const program = join(import.meta.dirname, '../main.ts');

/** Messages with buttons about an approval, copies included. */
function cardsOf(id: string) {
  const digest = `digest ${approvals.digestOf(id).slice(0, 12)}`;
  return bench.telegram
    .messages({ text: digest, outgoing: true })
    .filter((message) => textNow(message).includes(id.slice(0, 8)));
}

describe('while Telegram is away', () => {
  it('cards wait, approvals expire on time, and every card comes when it returns', async () => {
    await bench.telegram.goAway();
    await bench.start();
    const ids = await Promise.all(Array.from({ length: 12 }, () => approvals.ask()));
    const short = await approvals.ask({ ttl_seconds: 60 });
    await eventually(() => bench.log.some(({ msg }) => msg === 'card not sent, retrying'));
    await approvals.elapse(short, 61);
    await eventually(async () =>
      (await approvals.audit(short)).some((row) => row.action_type === 'approval.expire'),
    );
    await bench.telegram.comeBack();
    const cards = await Promise.all(ids.map((id) => approvals.card(id)));
    for (const card of cards) expect(buttonsNow(card)).toEqual(['✅ Approve', '❌ Reject']);
    expect(cardsOf(short)).toEqual([]);
    expect((await approvals.read(short)).status).toBe('expired');
  });

  it('errors, limits, resets and lost answers only delay a card, and one of its copies decides', async () => {
    for (const fault of [
      { effect: 'error', code: 500 },
      { effect: 'error', code: 429, retry_after: 1 },
      { effect: 'garbage' },
      { effect: 'reset', when: 'before' },
      { effect: 'reset', when: 'after' },
      { effect: 'reset', when: 'after' },
    ] as const) {
      bench.telegram.faults.add({ ...fault, method: 'sendMessage', times: 1 });
    }
    await bench.start();
    const id = await approvals.ask();
    const card = await approvals.card(id);
    const copies = cardsOf(id);
    // The garbage, too, came for a message that was sent.
    expect(copies.length).toBeGreaterThanOrEqual(3);
    for (const copy of copies.filter(({ message_id }) => message_id !== card.message_id)) {
      expect(await approvals.press(copy, '✅ Approve')).toContain('older copy');
    }
    expect((await approvals.read(id)).status).toBe('pending');
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });

  it('a large card goes on where it was interrupted', async () => {
    await bench.start();
    bench.telegram.faults.add({ effect: 'slow', ms: 1, method: 'sendMessage', times: 2 });
    bench.telegram.faults.add({ effect: 'error', code: 500, method: 'sendMessage', times: 1 });
    const id = await approvals.ask({ details: { body: 'word '.repeat(2_500) } });
    await approvals.card(id);
    const parts = approvals
      .said()
      .map((text) => /part \d of \d/.exec(text)?.[0])
      .filter(Boolean);
    expect(parts).toEqual(['part 1 of 4', 'part 2 of 4', 'part 3 of 4', 'part 4 of 4']);
  });

  it('or one chat is closed, cards for the others come', async () => {
    bench.telegram.addChat({ id: -1002, title: 'Payments' });
    bench.telegram.setReachability(-1002, 'kicked');
    await bench.start({ TELEGRAM_EXTRA_CHAT_IDS: ['-1002', '-1009'] }, {});
    const closed = await approvals.ask({ chat_id: '-1002' });
    const unknown = await approvals.ask({ chat_id: '-1009' });
    const open = await approvals.ask();
    expect((await approvals.card(open)).chat_id).toBe(alertChat);
    bench.telegram.setReachability(-1002, 'open');
    bench.telegram.addChat({ id: -1009 });
    expect((await approvals.card(closed)).chat_id).toBe(-1002);
    expect((await approvals.card(unknown)).chat_id).toBe(-1009);
  });

  it('obeys the limits that Telegram publishes', async () => {
    bench.telegram.limitFlood('telegram');
    await bench.start();
    const ids = await Promise.all([approvals.ask(), approvals.ask(), approvals.ask()]);
    for (const id of ids) await approvals.card(id);
    expect(ids.map((id) => cardsOf(id).length)).toEqual([1, 1, 1]);
  });
});

describe('while Redis is away', () => {
  it('a card comes, a press decides, and the card says so', async () => {
    await bench.start({ REDIS_URL: 'redis://127.0.0.1:1' });
    const id = await approvals.ask();
    expect(await approvals.press(await approvals.card(id), '✅ Approve')).toBe('✅ Approved.');
    await eventually(async () => textNow(await approvals.card(id)).startsWith('✅ Approved'));
  });
});

describe('while the database is away', () => {
  it('a card that was sent is recorded when it returns, and not sent again', async () => {
    const gate = await openTcpGate(Number(new URL(bench.stores.env.SUPABASE_URL).port));
    bench.telegram.faults.add({ effect: 'slow', ms: 400, method: 'sendMessage', times: 1 });
    const bot = await bench.start({ SUPABASE_URL: `http://127.0.0.1:${gate.port}` });
    const id = await approvals.ask();
    await eventually(() => bench.telegram.calls('sendMessage').length === 1);
    await gate.shut();
    await eventually(() => bench.log.some(({ msg }) => msg === 'cards wait: the database is unavailable'));
    await gate.open();
    expect(await approvals.press(await approvals.card(id), '✅ Approve')).toBe('✅ Approved.');
    expect(cardsOf(id)).toHaveLength(1);
    await bot.stop();
    await gate.shut();
  });
});

describe('several bots', () => {
  it('send each card once, and each press decides once', async () => {
    await Promise.all([bench.start(), bench.start(), bench.start(), bench.start()]);
    const ids = await Promise.all(Array.from({ length: 10 }, () => approvals.ask()));
    await Promise.all(ids.map((id) => bench.stores.redis.publish(approvalChannel, id)));
    for (const id of ids) {
      expect(await approvals.press(await approvals.card(id), '❌ Reject')).toBe('❌ Rejected.');
    }
    for (const id of ids) {
      await eventually(async () => textNow(await approvals.card(id)).startsWith('❌ Rejected'));
    }
    expect(ids.map((id) => cardsOf(id).length)).toEqual(ids.map(() => 1));
  });
});

describe('a bot that is killed', () => {
  let child: ChildProcess | undefined;

  function startProcess(): void {
    const env: Record<string, string> = { LOG_LEVEL: 'silent' };
    for (const [name, value] of Object.entries(bench.settings())) {
      if (typeof value === 'string') env[name] = value;
      else if (Array.isArray(value)) env[name] = value.map((item) => JSON.stringify(item)).join(',');
    }
    child = spawn(process.execPath, [program], { env, stdio: 'ignore' });
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    // What the clock would do within ten seconds: the dead one's leases end.
    await bench.stores.sql.query('delete from actp_leases');
  }

  afterEach(kill);

  it('between sending a card and recording it leaves one card that decides', async () => {
    bench.telegram.faults.add({ effect: 'hang', when: 'after', method: 'sendMessage', times: 1 });
    const id = await approvals.ask();
    startProcess();
    await eventually(() => cardsOf(id).length === 1);
    await kill();
    await bench.start();
    const card = await approvals.card(id);
    const [copy, second] = cardsOf(id);
    expect(second?.message_id).toBe(card.message_id);
    if (!copy) throw new Error('the copy was sent');
    expect(await approvals.press(copy, '✅ Approve')).toContain('older copy');
    expect((await approvals.read(id)).status).toBe('pending');
    expect(await approvals.press(card, '✅ Approve')).toBe('✅ Approved.');
  });

  it('between a decision and its answer has decided once, and the card says so', async () => {
    const id = await approvals.ask();
    startProcess();
    const card = await approvals.card(id);
    bench.telegram.faults.add({ effect: 'hang', method: 'answerCallbackQuery', times: 1 });
    void approvals.press(card, '✅ Approve');
    await eventually(async () => (await approvals.read(id)).status === 'approved');
    await kill();
    await bench.start();
    // The update comes again, and finds that it was counted.
    await eventually(() => bench.telegram.pendingUpdates().length === 0);
    const decisions = (await approvals.audit(id)).filter((row) => row.action_type === 'approval.decide');
    expect(decisions).toHaveLength(1);
    expect(await approvals.read(id)).toMatchObject({ status: 'approved', version: 2 });
    await eventually(async () => textNow(await approvals.card(id)).startsWith('✅ Approved'));
  });
});
