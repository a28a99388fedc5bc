import { Gauge, type Registry } from 'prom-client';
import type { Db } from '@actp/db/client';
import { readTelegramState } from '@actp/services/telegram/read-state';
import { sharedRead } from './shared-read.ts';

/** What Telegram refuses at present and how much waits for it; no value while the database is away. */
export function addTelegramMetrics(registry: Registry, db: Db): void {
  const read = sharedRead(() => readTelegramState(db));
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
