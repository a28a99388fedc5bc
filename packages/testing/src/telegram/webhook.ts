import type { Update, WebhookInfo } from 'grammy/types';
import type { Signal } from './state/signal.ts';
import type { UpdateQueue } from './state/update-queue.ts';

export interface WebhookSettings {
  url: string;
  secretToken: string | undefined;
  maxConnections: number;
}

// Telegram's own pauses grow to minutes; a stand-in that waits that long would only slow tests.
const retryPauseMs = 200;
const deliveryTimeoutMs = 10_000;

export type Webhook = ReturnType<typeof createWebhook>;

/** Delivers updates by POST, one after the other, each until it is answered with 2xx. */
export function createWebhook(deps: { clock: () => number; changed: Signal; updates: UpdateQueue }) {
  const { clock, changed, updates } = deps;
  let settings: WebhookSettings | undefined;
  let lastError: { date: number; message: string } | undefined;
  let delivering = false;
  let timer: NodeJS.Timeout | undefined;

  const deliver = async () => {
    if (delivering) return;
    delivering = true;
    try {
      for (;;) {
        const target = settings;
        const update = target && updates.take(0, 1)[0];
        if (!target || !update) return;
        const problem = await post(target, update);
        if (settings !== target) continue;
        if (problem === undefined) updates.remove(update.update_id);
        else {
          lastError = { date: Math.floor(clock() / 1000), message: problem };
          timer = setTimeout(() => void deliver(), retryPauseMs);
          return;
        }
      }
    } finally {
      delivering = false;
    }
  };
  const unsubscribe = changed.subscribe(() => void deliver());

  const set = (next: WebhookSettings | undefined) => {
    settings = next;
    lastError = undefined;
    changed.emit();
  };

  return {
    isSet: () => settings !== undefined,
    set,
    info(): WebhookInfo {
      return {
        url: settings?.url ?? '',
        has_custom_certificate: false,
        pending_update_count: updates.pending().length,
        ...(settings ? { max_connections: settings.maxConnections } : {}),
        ...(lastError ? { last_error_date: lastError.date, last_error_message: lastError.message } : {}),
      };
    },
    stop(): void {
      unsubscribe();
      clearTimeout(timer);
      settings = undefined;
    },
  };
}

async function post(target: WebhookSettings, update: Update): Promise<string | undefined> {
  const secret =
    target.secretToken === undefined ? {} : { 'x-telegram-bot-api-secret-token': target.secretToken };
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...secret },
      body: JSON.stringify(update),
      signal: AbortSignal.timeout(deliveryTimeoutMs),
    });
    await response.arrayBuffer();
    if (response.ok) return undefined;
    return `Wrong response from the webhook: ${response.status} ${response.statusText}`;
  } catch {
    return 'Connection failed';
  }
}
