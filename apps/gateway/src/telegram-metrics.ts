import { Gauge, type Registry } from 'prom-client';
import type { Db } from '@actp/db/client';
import { readTelegramState } from '@actp/services/telegram/read-state';

/** What Telegram refuses at present and how much waits for it; no value while the database is away. */
export function addTelegramMetrics(registry: Registry, db: Db): void {
  // One question for both, however many metrics are collected at a time.
  let reading: ReturnType<typeof readOrSkip> | undefined;
  const read = () => {
    reading ??= readOrSkip(db).finally(() => (reading = undefined));
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
const readOrSkip = (db: Db) => readTelegramState(db).catch(() => undefined);
