import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TelegramAnswer } from '../doctor/telegram-api.ts';
import { waitForStart } from './wait-for-start.ts';

const none = new Set<number>();
const done = (result: unknown): TelegramAnswer => ({ is: 'done', result, date: null });
const ann = { id: 12, is_bot: false, first_name: 'Ann' };
const chat = { id: 11, type: 'private', first_name: 'Ann' };
const start = (update_id: number, over: object = {}) => ({
  update_id,
  message: { text: '/start', chat, from: ann, ...over },
});

/** Telegram gives these answers, one after the other, and then none any more. */
function telegramThatSays(...answers: TelegramAnswer[]) {
  const calls: Array<Record<string, unknown>> = [];
  const stop = new AbortController();
  const waitFor = (seen: ReadonlySet<number> = none) =>
    waitForStart(
      (method, params, options) => {
        calls.push({ method, ...params, withinMs: options?.withinMs });
        expect(options?.signal).toBe(stop.signal);
        const answer = answers.shift();
        if (answer !== undefined) return Promise.resolve(answer);
        stop.abort();
        return Promise.resolve({ is: 'unreachable', how: '' });
      },
      seen,
      stop.signal,
    );
  return { calls, stop, waitFor };
}
const heard = (...updates: object[]) => telegramThatSays(done(updates)).waitFor();

describe('who has sent /start', () => {
  it.each([
    [{}, { chat: { id: 11, type: 'private', title: 'Ann' }, user: { id: 12, name: 'Ann' } }],
    [{ from: { ...ann, last_name: 'Lee' } }, { user: { id: 12, name: 'Ann Lee' } }],
    [{ from: { ...ann, first_name: '', last_name: 'Lee' } }, { user: { id: 12, name: 'Lee' } }],
    [
      { chat: { id: -100, type: 'supergroup', title: 'Ops', first_name: 'x' } },
      { chat: { id: -100, type: 'supergroup', title: 'Ops' } },
    ],
    [{ chat: { id: -100, type: 'group' } }, { chat: { id: -100, type: 'group', title: '' } }],
  ])('is named as Telegram names them: %j', async (over, named) => {
    expect(await heard(start(7, over))).toMatchObject({ is: 'start', start: { updateId: 7, ...named } });
  });

  it.each([
    '/start',
    '/START',
    '/Start@plane_bot',
    '/start hello',
    '/start@plane_bot hello',
    '/start\nhello',
  ])('is whoever writes %j', async (text) => {
    expect(await heard(start(7, { text }))).toMatchObject({ is: 'start' });
  });

  it.each([
    start(7, { text: '/startle' }),
    start(7, { text: '/start@plane-bot' }),
    start(7, { text: '/start@' }),
    start(7, { text: 'please /start' }),
    start(7, { text: '' }),
    start(7, { text: undefined }),
    start(7, { from: undefined }),
    start(7, { from: { ...ann, is_bot: true } }),
    { update_id: 7 },
    { update_id: 7, edited_message: start(7).message },
    { update_id: 7, channel_post: start(7).message },
  ])('is nobody by %j, and what comes after it counts', async (update) => {
    expect(await heard(start(6), update)).toMatchObject({ start: { updateId: 6 } });
    expect(await heard(update, start(8))).toMatchObject({ start: { updateId: 8 } });
  });

  it('is the last of several, but for what was looked at before', async () => {
    expect(await heard(start(5), start(6))).toMatchObject({ start: { updateId: 6 } });
    const { waitFor } = telegramThatSays(done([start(5), start(6)]));
    expect(await waitFor(new Set([6]))).toMatchObject({ start: { updateId: 5 } });
  });

  it.each([
    'nothing',
    [{ message: start(7).message }],
    [{ update_id: '7' }],
    [start(7, { text: 1 })],
    [start(7, { chat: { id: 'a', type: 'private' } })],
    [start(7, { chat: { id: 1 } })],
    [start(7, { chat: undefined })],
    [start(7, { from: { ...ann, id: undefined } })],
    [start(7, { from: { ...ann, is_bot: undefined } })],
    [start(7, { from: { ...ann, first_name: undefined } })],
  ])('is not guessed from what Telegram would never say: %j', async (result) => {
    await expect(telegramThatSays(done(result)).waitFor()).rejects.toThrow('Invalid');
  });
});

describe('asking Telegram', () => {
  it('waits for an answer as long as nothing is there, and asks again', async () => {
    const { calls, waitFor } = telegramThatSays(done([]), done([]), done([start(7)]));
    await waitFor();
    const asked = { method: 'getUpdates', timeout: 20, limit: 100, withinMs: 30_000 };
    expect(calls).toEqual([asked, asked, asked]);
  });

  it('pauses while updates are there, and asks for those beyond what is given at once', async () => {
    const old = (count: number) => done(Array.from({ length: count }, (_, at) => ({ update_id: 500 + at })));
    const few = telegramThatSays(old(99), done([start(7)]));
    const many = telegramThatSays(old(100), done([start(7)]));
    const waiting = [few.waitFor(), many.waitFor()];
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    expect(few.calls).toHaveLength(1);
    await Promise.all(waiting);
    const asked = { method: 'getUpdates', timeout: 0, limit: 100, withinMs: 30_000 };
    expect(few.calls[1]).toEqual(asked);
    expect(many.calls[1]).toEqual({ ...asked, offset: 600 });
  });

  it('begins at once, and ends at once, also within a pause', async () => {
    const { calls, stop, waitFor } = telegramThatSays(done([{ update_id: 1 }]));
    const waiting = waitFor();
    expect(calls).toHaveLength(1);
    await setImmediate();
    stop.abort();
    await expect(waiting).rejects.toThrow('aborted');
    await expect(waitFor()).rejects.toThrow('aborted');
    expect(calls).toHaveLength(1);
  });

  it('does not say that Telegram is away when it was told to end meanwhile', async () => {
    await expect(telegramThatSays().waitFor()).rejects.toThrow('aborted');
  });

  it.each<[TelegramAnswer, object]>([
    [{ is: 'refused', code: 409, description: 'Conflict', date: null }, { is: 'taken' }],
    [
      { is: 'refused', code: 401, description: 'Unauthorized', date: null },
      { is: 'failed', why: 'Telegram refuses (401)' },
    ],
    [
      { is: 'unreachable', how: ' (ECONNREFUSED)' },
      { is: 'failed', why: 'Telegram cannot be reached (ECONNREFUSED)' },
    ],
  ])('ends with what it says: %j', async (answer, outcome) => {
    expect(await telegramThatSays(answer).waitFor()).toEqual(outcome);
  });
});
