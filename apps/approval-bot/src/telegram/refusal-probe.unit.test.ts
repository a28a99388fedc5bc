import { GrammyError } from 'grammy';
import { describe, expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { createRefusalProbe } from './refusal-probe.ts';

const chat = '-1001';
const log = createLogger({ app: 'test', level: 'silent' });

/** One look into a chat whose last refusal was long ago. */
async function probe(answer: () => Promise<unknown>, found: string | null = chat) {
  const told: unknown[] = [];
  const run = createRefusalProbe({
    // Of a message only whether it was taken matters.
    api: { sendMessage: async (to) => (told.push(['sent', to]), answer() as never) },
    store: { claimQuiet: async () => found },
    chats: { known: () => new Set([chat, '-1002']), current: (id) => (id === chat ? '-1002' : id) },
    pacer: {
      turn: async (chatId) => {
        told.push(['turn', chatId]);
        return { ok: true, done: (retryAfterMs) => void told.push(['done', retryAfterMs]) };
      },
    },
    refusals: {
      refused: async (...of) => void told.push(['refused', ...of]),
      accepted: async (...of) => void told.push(['accepted', ...of]),
    },
    log,
    quietSeconds: 60,
  });
  await run();
  return told;
}

const refusedWith =
  (error_code: number, description: string, parameters = {}) =>
  () =>
    Promise.reject(
      new GrammyError('refused', { ok: false, error_code, description, parameters }, 'sendMessage', {}),
    );

describe('a look into a chat that refused messages', () => {
  it('ends the refusal when the message goes through, in the chat that the group has become', async () => {
    expect(await probe(async () => ({ message_id: 1 }))).toEqual([
      ['turn', chat],
      ['sent', -1002],
      ['accepted', chat, 'buttons'],
      ['done', undefined],
    ]);
  });

  it('notes the refusal when it goes on', async () => {
    expect((await probe(refusedWith(403, 'Forbidden: bot was kicked'))).slice(2)).toEqual([
      ['refused', chat, 'text', 'Forbidden: bot was kicked'],
      ['done', undefined],
    ]);
  });

  it('has everybody wait as long as Telegram asks for', async () => {
    const limited = refusedWith(429, 'Too Many Requests: retry after 7', { retry_after: 7 });
    expect((await probe(limited)).slice(2)).toEqual([['done', 7_000]]);
  });

  it('sends nothing where nothing was refused', async () => {
    expect(await probe(async () => ({}), null)).toEqual([]);
  });
});
