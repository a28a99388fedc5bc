import { GrammyError } from 'grammy';
import { describe, expect, it } from 'vitest';
import { UnavailableError } from '@actp/shared/errors';
import { createLogger } from '@actp/shared/log';
import { createSendBackoff } from './send-backoff.ts';

const chat = '-1001';
const timings = { retryMs: 100, maxRetryMs: 400, refusedMs: 1_000, busyMs: 10 };
const card = (id: string) => ({ id, kind: 'deliver' as const, chat_id: chat });

function open() {
  let now = 0;
  const refused: string[] = [];
  const backoff = createSendBackoff({
    chats: {
      main: () => chat,
      allowed: () => new Set([chat]),
      known: () => new Set([chat]),
      current: (id) => id,
    },
    moves: {
      current: (id) => id,
      written: (id) => id,
      inSettings: (id) => id,
      moved: () => false,
      announced: () => undefined,
      confirmed: () => undefined,
      failed: () => undefined,
      sync: async () => undefined,
      settled: async () => undefined,
    },
    refusals: {
      refused: async (chatId, part) => void refused.push(`${part} ${chatId}`),
      accepted: async () => undefined,
    },
    log: createLogger({ app: 'test', level: 'silent' }),
    timings,
    now: () => now,
  });
  const pass = (ms: number) => (now += ms);
  /** Milliseconds until something is over. */
  const until = (isOver: () => boolean) => {
    const start = now;
    while (!isOver()) pass(10);
    return now - start;
  };
  return { backoff, refused, until };
}

const kicked = new GrammyError(
  'refused',
  { ok: false, error_code: 403, description: 'Forbidden: bot was kicked' },
  'sendMessage',
  {},
);

describe('what is left alone after a failure', () => {
  it('is an approval whose card cannot be made, and no other', async () => {
    const { backoff, until } = open();
    expect(await backoff.failed(card('odd'), new TypeError('no such row'))).toBe(true);
    expect([backoff.ids(), backoff.chats(), backoff.waiting()]).toEqual([['odd'], [], false]);
    expect(until(() => backoff.ids().length === 0)).toBe(timings.refusedMs);
  });

  it('is a chat that takes no cards, each time for longer, until it has taken one', async () => {
    const { backoff, refused, until } = open();
    const pause = async () => {
      await backoff.failed(card('a'), kicked);
      expect(backoff.concerns(card('b'))).toBe(true);
      return until(() => backoff.chats().length === 0);
    };
    expect([await pause(), await pause(), await pause()]).toEqual([100, 200, 400]);
    await backoff.succeeded(card('a'));
    expect(await pause()).toBe(100);
    expect(refused).toEqual(Array.from({ length: 4 }, () => `buttons ${chat}`));
  });

  it('is everything while Telegram is away, each time for longer, until it is back', async () => {
    const { backoff, until } = open();
    const pause = async () => {
      expect(await backoff.failed(card('a'), new UnavailableError('Telegram'))).toBe(false);
      return until(() => !backoff.waiting());
    };
    expect([await pause(), await pause(), await pause(), await pause()]).toEqual([100, 200, 400, 400]);
    await backoff.succeeded(card('a'));
    expect(await pause()).toBe(100);
  });

  it('is nothing when the database fails, which concerns everything', async () => {
    const { backoff } = open();
    const error = new UnavailableError('the database');
    await expect(backoff.failed(card('a'), error)).rejects.toBe(error);
    expect([backoff.ids(), backoff.chats(), backoff.waiting()]).toEqual([[], [], false]);
  });
});
