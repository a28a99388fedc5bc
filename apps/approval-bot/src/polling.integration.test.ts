import { describe, expect, it } from 'vitest';
import { createBotClient } from '@actp/testing/telegram/bot-client';
import { eventually } from '@actp/testing/eventually';
import { openTcpGate } from '@actp/testing/tcp-gate';
import { approver, openBench, token } from './approval-bot.fixture.ts';

const bench = await openBench();

/** A command and its answer: proof that updates are being handled. */
async function answersHelp(): Promise<void> {
  const before = helps();
  bench.telegram.say({ chat_id: approver, text: '/help' });
  await eventually(() => helps() > before);
}

function helps(): number {
  return bench.telegram.messages({ text: 'This bot reports' }).length;
}

async function isPolling(): Promise<boolean> {
  const readiness = await bench.db.call((client) => client.rpc('plane_readiness'));
  return JSON.stringify(readiness).includes('"telegram_polling":true');
}

describe('polling', () => {
  it('is done by one of four bots, and by another when that one ends', async () => {
    const bots = await Promise.all([bench.start(), bench.start(), bench.start(), bench.start()]);
    await answersHelp();
    const conflicts = () => bench.telegram.calls('getUpdates').filter(({ outcome }) => outcome === 409);
    expect(conflicts()).toEqual([]);
    for (const bot of bots.slice(0, 3)) await bot.stop();
    await answersHelp();
    expect(conflicts()).toEqual([]);
    expect(helps()).toBe(2);
  });

  it('goes on after Telegram was away', async () => {
    await bench.start();
    await answersHelp();
    await bench.telegram.goAway();
    await eventually(async () => !(await isPolling()));
    await bench.telegram.comeBack();
    await answersHelp();
    expect(await isPolling()).toBe(true);
  });

  it('goes on after the database was away', async () => {
    const gate = await openTcpGate(Number(new URL(bench.stores.env.SUPABASE_URL).port));
    const bot = await bench.start({ SUPABASE_URL: `http://127.0.0.1:${gate.port}` });
    await answersHelp();
    await gate.shut();
    await eventually(async () => !(await isPolling()));
    bench.telegram.say({ chat_id: approver, text: '/help' });
    await gate.open();
    await eventually(() => helps() === 2);
    await bot.stop();
    await gate.shut();
  });

  it('goes on after 409, 429, 5xx and answers that are none', async () => {
    for (const fault of [
      { effect: 'error', code: 409 },
      { effect: 'error', code: 429, retry_after: 1 },
      { effect: 'error', code: 502 },
      { effect: 'garbage' },
      { effect: 'reset' },
    ] as const) {
      bench.telegram.faults.add({ ...fault, method: 'getUpdates', times: 1 });
    }
    await bench.start();
    await answersHelp();
    expect(bench.telegram.faults.list()).toEqual([]);
    const interrupted = bench.log.filter(({ msg }) => msg === 'polling interrupted');
    expect(interrupted.map(({ failure }) => failure)).toContain('conflict');
  });

  it("yields to a stranger's poll with the same token, and comes back", async () => {
    await bench.start();
    await answersHelp();
    // It waits for updates now: of two polls the later one is answered.
    await eventually(() => {
      const last = bench.telegram.calls('getUpdates').at(-1);
      return last?.params['timeout'] === 20 && last.outcome === undefined;
    });
    const stranger = createBotClient({ url: bench.telegram.url, token });
    const offset = (bench.telegram.updates().at(-1)?.update_id ?? 0) + 1;
    const leaving = new AbortController();
    const polled = stranger('getUpdates', { timeout: 20, offset }, leaving.signal).catch(() => undefined);
    await eventually(() => bench.log.some(({ failure }) => failure === 'conflict'));
    leaving.abort();
    await polled;
    await answersHelp();
  });

  it('notes with what it fetches that it does, so that no press after an interruption counts as late', async () => {
    await bench.start();
    await answersHelp();
    await bench.stores.sql.query(
      `update actp_telegram_polling set polled_at = polled_at - interval '1 hour'`,
    );
    await answersHelp();
    await eventually(async () => {
      const { rowCount } = await bench.stores.sql.query(
        `select from actp_telegram_polling where polled_at > now() - interval '30 minutes'`,
      );
      return rowCount === 1;
    });
  });

  it('begins with taking away a webhook', async () => {
    const bot = createBotClient({ url: bench.telegram.url, token });
    await bot('setWebhook', { url: 'https://example.org/hook' });
    await bench.start();
    await answersHelp();
  });

  it('is reported as not happening while the token is refused', async () => {
    bench.telegram.faults.add({ effect: 'error', code: 401, description: 'Unauthorized' });
    await bench.start();
    await eventually(() => bench.log.some(({ failure }) => failure === 'refused'));
    expect(await isPolling()).toBe(false);
    bench.telegram.faults.clear();
    await answersHelp();
  });

  it('confirms what was handled when it ends', async () => {
    const bot = await bench.start();
    await answersHelp();
    await bot.stop();
    expect(bench.telegram.pendingUpdates()).toEqual([]);
    expect(await isPolling()).toBe(false);
  });

  it('is not held up by an update that cannot be handled', async () => {
    bench.telegram.faults.add({ effect: 'error', code: 403, chat_id: 666 });
    await bench.start();
    bench.telegram.say({ chat_id: 666, text: '/help' });
    await answersHelp();
    expect(bench.log.some(({ msg }) => msg === 'update failed')).toBe(true);
  });

  it('[TRU-007] is not held up by updates without an author, of another kind, or of no form at all', async () => {
    await bench.start();
    const chat = { id: approver, type: 'private', first_name: 'A' };
    const channel = { id: -1009, type: 'channel', title: 'C' };
    const posted = {
      message_id: 1,
      date: 1,
      text: '/help',
      entities: [{ type: 'bot_command', offset: 0, length: 5 }],
    };
    const odd: ReadonlyArray<Record<string, unknown>> = [
      {},
      { channel_post: { ...posted, chat: channel, sender_chat: channel } },
      { edited_channel_post: { ...posted, chat: channel } },
      { message: { ...posted, chat: channel, sender_chat: channel } },
      { message: { ...posted, chat } },
      { message: posted },
      { message: null },
      { message: 'text' },
      { message: { ...posted, chat: null, from: null } },
      { callback_query: { id: '1', chat_instance: '1', data: 'x' } },
      {
        callback_query: { id: '1', chat_instance: '1', data: 'x', from: null, message: { ...posted, chat } },
      },
      { callback_query: { id: '1', from: { id: approver }, message: { message_id: 5 }, data: 7 } },
      { callback_query: null },
      { poll: [] },
      { my_chat_member: { chat } },
    ];
    for (const content of odd) bench.telegram.deliverOdd(content);
    await answersHelp();
    // Each was acknowledged and is in the log once.
    await eventually(() => bench.telegram.pendingUpdates().length === 0);
    const ids = bench.log.filter(({ msg }) => msg.startsWith('update')).map(({ update_id }) => update_id);
    expect(ids).toHaveLength(odd.length + 1);
    expect(new Set(ids).size).toBe(ids.length);
    expect(bench.log.some(({ msg }) => msg === 'polling interrupted')).toBe(false);
  });

  it('[TRU-007] goes on when an update has no id', async () => {
    await bench.start();
    bench.telegram.deliverOdd({ update_id: 'none', message: null });
    await answersHelp();
    expect(bench.log.some(({ msg }) => msg === 'polling interrupted')).toBe(false);
  });
});
