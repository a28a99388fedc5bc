import { expect, it } from 'vitest';
import { createLogger } from '@actp/shared/log';
import { createStaleCleanup } from './forget-stale.ts';

const log = createLogger({ app: 'test', level: 'silent' });

/** What one cleanup does, in order. */
async function cleanUp(allowed: string[]): Promise<unknown[]> {
  const did: unknown[] = [];
  const rpc = (name: string) => void did.push(name);
  await createStaleCleanup({
    db: { call: async (build) => void build({ rpc } as never) as never },
    cards: { forgetCardsInOtherChats: async (ids) => (did.push(['cards', ...ids]), 1) },
    refusals: { forgetOtherChats: async (ids) => void did.push(['refusals', ...ids]) as never },
    chats: { allowed: () => new Set(allowed), known: () => new Set([...allowed, '-1']) },
    moves: { sync: async () => void did.push('moves') },
    log,
  })();
  return did;
}

it('what is of chats that are none of the settings any more is forgotten, by the ids of now, and updates that cannot come again', async () => {
  expect(await cleanUp(['-1002'])).toEqual([
    'moves',
    ['cards', '-1002'],
    ['refusals', '-1002', '-1'],
    'forget_telegram_updates',
  ]);
});

it('cards stay where they are without any chat', async () => {
  expect(await cleanUp([])).toEqual(['moves', ['refusals', '-1'], 'forget_telegram_updates']);
});
