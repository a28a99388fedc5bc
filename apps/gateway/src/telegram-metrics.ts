import { Gauge, type Registry } from 'prom-client';
import { z } from 'zod';
import type { Db } from '@actp/db/client';

const State = z.object({
  refusals: z.array(z.object({ what: z.string(), reason: z.string(), chats: z.int() })),
  alerts: z.int(),
  cards: z.int(),
});

/** What Telegram refuses at present and how much waits for it; no value while the database is away. */
export function addTelegramMetrics(registry: Registry, db: Db): void {
  // One question for both, however many metrics are collected at a time.
  let reading: Promise<z.infer<typeof State> | undefined> | undefined;
  const read = () => {
    reading ??= readState(db).finally(() => (reading = undefined));
    return reading;
  };
  new Gauge({
    name: 'actp_telegram_waiting',
    help: 'Alerts and approval cards that are not sent yet; no value while the database is away',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      const state = await read();
      this.reset();
      if (!state) return;
      this.set({ kind: 'alert' }, state.alerts);
      this.set({ kind: 'card' }, state.cards);
    },
  });
  new Gauge({
    name: 'actp_telegram_refused',
    help: 'Chats to which Telegram refuses something, by what (edit, text, buttons, token) and reason',
    labelNames: ['what', 'reason'],
    registers: [registry],
    async collect() {
      const state = await read();
      this.reset();
      for (const { what, reason, chats } of state?.refusals ?? []) this.set({ what, reason }, chats);
    },
  });
}

// Metrics are shown without what cannot be read.
async function readState(db: Db): Promise<z.infer<typeof State> | undefined> {
  try {
    return State.parse(await db.call((client) => client.rpc('telegram_state')));
  } catch {
    return undefined;
  }
}
