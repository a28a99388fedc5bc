import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { alertChat, openBench, token } from './approval-bot.fixture.ts';

const bench = await openBench();

// For tests of the queue alone: the reconciler has its first turn at the start, and no other.
const noReconciler = { reconcileMs: 600_000 };

async function settled(id: string, state = 'sent'): Promise<void> {
  await eventually(async () => (await bench.rowOf(id)).state === state);
}

function sentTexts(): Array<string | undefined> {
  return bench.telegram.messages({ chat_id: alertChat }).map(({ versions }) => versions[0].text);
}

describe('an alert', () => {
  it('is sent once and remembers its message', async () => {
    await bench.start({}, noReconciler);
    const id = await bench.report('Self-test failed: <b>2</b> & more');
    await settled(id);
    const [message] = bench.telegram.messages();
    expect(sentTexts()).toEqual(['Self-test failed: <b>2</b> & more']);
    expect(await bench.rowOf(id)).toMatchObject({ message_id: message?.message_id, last_error: null });
  });

  it('carries no secret and no hidden character, and fits into one message', async () => {
    await bench.start();
    await settled(await bench.leave(`token: ghp_${'a'.repeat(36)} \u202E ${'x'.repeat(9_000)}`));
    const [text = ''] = sentTexts();
    expect(text).not.toContain('ghp_');
    expect(text).toContain('⟦U+202E⟧');
    expect(text.length).toBeLessThanOrEqual(4_096);
  });

  it('[SEC-008] whose text goes on is the same message, edited; what nobody saw yet is sent as it is now', async () => {
    const revise = (body: string) =>
      bench.stores.sql.query("select revise_notification('selftest:x', 'selftest.problem', $1)", [body]);
    await revise('failed');
    await revise('failed, healing');
    await bench.start();
    await bench.telegram.waitForMessage({ text: 'failed, healing' });
    expect(sentTexts()).toEqual(['failed, healing']);
    await revise('failed, healed');
    await eventually(() => bench.telegram.messages()[0]?.versions.at(-1)?.text === 'failed, healed');
    // The same again is no news; a message that somebody deleted is sent anew.
    await revise('failed, healed');
    await bench.telegram.waitUntilQuiet({ quietMs: 300 });
    expect(bench.telegram.messages()).toHaveLength(1);
    expect(bench.telegram.calls('editMessageText')).toHaveLength(1);
    await bench.stores.sql.query('update actp_notifications set message_id = 999999');
    await revise('failed, healed, thanks');
    await bench.telegram.waitForMessage({ text: 'failed, healed, thanks' });
    await revise(`healed gh${'p'}_${'Ab1'.repeat(12)} \u202E ${'x'.repeat(9_000)}`);
    const edited = await eventually(() =>
      bench.telegram
        .messages()
        .map(({ versions }) => versions.at(-1)?.text ?? '')
        .find((text) => text.startsWith('healed ')),
    );
    expect(edited).not.toContain('ghp_');
    expect(edited).toContain('⟦U+202E⟧');
  });

  it('waits while Telegram is away, and comes in order when it returns', async () => {
    await bench.telegram.goAway();
    await bench.start();
    const first = await bench.report('problem');
    const second = await bench.report('recovery');
    await eventually(async () => (await bench.rowOf(first)).attempts > 1);
    expect((await bench.rowOf(first)).last_error).toBe('away: Telegram is unavailable');
    await bench.telegram.comeBack();
    await settled(second);
    expect(sentTexts()).toEqual(['problem', 'recovery']);
  });

  it('waits as long as Telegram asks for', async () => {
    bench.telegram.faults.add({
      effect: 'error',
      code: 429,
      retry_after: 1,
      method: 'sendMessage',
      times: 1,
    });
    await bench.start();
    await settled(await bench.report('limited'));
    const [first, second, ...more] = bench.telegram.calls('sendMessage').map((call) => call.started_at);
    expect(more).toEqual([]);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it('survives 5xx, resets and answers that are none', async () => {
    for (const fault of [
      { effect: 'error', code: 500 },
      { effect: 'reset' },
      { effect: 'garbage' },
    ] as const) {
      bench.telegram.faults.add({ ...fault, method: 'sendMessage', times: 1 });
    }
    await bench.start();
    await settled(await bench.report('in the end'));
    expect(sentTexts()).toEqual(['in the end']);
  });

  it('is sent again when the answer was lost: better twice than never', async () => {
    bench.telegram.faults.add({ effect: 'reset', when: 'after', method: 'sendMessage', times: 1 });
    await bench.start();
    const id = await bench.report('maybe');
    await settled(id);
    const [, second] = bench.telegram.messages({ chat_id: alertChat });
    expect(sentTexts()).toEqual(['maybe', 'maybe']);
    expect((await bench.rowOf(id)).message_id).toBe(second?.message_id);
  });

  it('comes without its job: from the database', async () => {
    const id = await bench.leave('no job');
    await bench.start();
    await settled(id);
    expect(sentTexts()).toEqual(['no job']);
  });

  it('comes while Redis is away', async () => {
    const id = await bench.leave('redis is away');
    await bench.start({ REDIS_URL: 'redis://127.0.0.1:1' });
    await settled(id);
  });

  it('is sent once when several bots run', async () => {
    await Promise.all([bench.start(), bench.start(), bench.start(), bench.start()]);
    const ids = await Promise.all(['1', '2', '3', '4', '5', '6'].map((body) => bench.report(body)));
    await Promise.all(ids.map((id) => settled(id)));
    expect(sentTexts()).toHaveLength(6);
    expect(new Set(sentTexts())).toEqual(new Set(['1', '2', '3', '4', '5', '6']));
  });
});

describe('an alert that Telegram refuses', () => {
  it('is kept and reported while the chat is unknown, and sent when it is there', async () => {
    await bench.start({ TELEGRAM_CHAT_ID: '-77' });
    const id = await bench.report('to nowhere');
    await eventually(async () => (await bench.rowOf(id)).attempts > 1);
    expect(await bench.rowOf(id)).toMatchObject({
      state: 'pending',
      last_error: 'refused: Bad Request: chat not found',
    });
    expect(bench.log.filter(({ level, msg }) => level === 'error' && msg.includes('refuses'))).not.toEqual(
      [],
    );
    bench.telegram.addChat({ id: -77 });
    await settled(id);
  });

  it('is kept while the bot is blocked', async () => {
    bench.telegram.setReachability(alertChat, 'kicked');
    await bench.start();
    const id = await bench.report('to a closed door');
    await eventually(async () => (await bench.rowOf(id)).attempts > 0);
    expect((await bench.rowOf(id)).last_error).toContain('refused: Forbidden: bot was kicked');
    bench.telegram.setReachability(alertChat, 'open');
    await settled(id);
  });

  it('for its content goes to the log and does not hold up the next one', async () => {
    bench.telegram.faults.add({
      effect: 'error',
      code: 400,
      description: "Bad Request: can't parse entities: byte offset 4",
      method: 'sendMessage',
      times: 1,
    });
    await bench.start();
    const odd = await bench.report('odd');
    const next = await bench.report('next');
    await settled(odd, 'logged');
    await settled(next);
    expect(bench.log).toContainEqual(
      expect.objectContaining({ msg: 'telegram rejected the alert', body: 'odd' }),
    );
  });
});

describe('without Telegram', () => {
  it.each([{ TELEGRAM_BOT_TOKEN: undefined }, { TELEGRAM_CHAT_ID: undefined }])(
    'an alert goes to the log (%j)',
    async (env) => {
      await bench.start(env);
      await settled(await bench.report('to the log'), 'logged');
      expect(bench.log).toContainEqual(
        expect.objectContaining({ level: 'warn', msg: 'alert', body: 'to the log' }),
      );
      expect(bench.telegram.calls('sendMessage')).toEqual([]);
    },
  );

  it('nothing is polled', async () => {
    await bench.start({ TELEGRAM_BOT_TOKEN: undefined });
    await settled(await bench.report('to the log'), 'logged');
    expect(bench.telegram.calls()).toEqual([]);
  });
});

it('no log line holds the token, whatever goes wrong', async () => {
  await bench.start();
  await bench.telegram.goAway();
  const id = await bench.report('x');
  await eventually(async () => (await bench.rowOf(id)).attempts > 1);
  await bench.telegram.comeBack();
  bench.telegram.faults.add({ effect: 'error', code: 401, times: 3 });
  bench.telegram.faults.add({ effect: 'garbage', times: 3 });
  await settled(id);
  expect(bench.log.length).toBeGreaterThan(0);
  expect(JSON.stringify(bench.log)).not.toContain(token.slice(12));
});
