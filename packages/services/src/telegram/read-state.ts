import { z } from 'zod';
import type { Db } from '@actp/db/client';

const State = z.object({
  refusals: z.array(z.object({ what: z.string(), reason: z.string(), chats: z.int() })),
  alerts: z.int(),
  cards: z.int(),
});

/** What Telegram refuses at present, and how many alerts and cards wait for it. */
export const readTelegramState = async (db: Db): Promise<z.output<typeof State>> =>
  State.parse(await db.call((client) => client.rpc('telegram_state')));
