import { setTimeout as delay } from 'node:timers/promises';
import { BotError, GrammyError, type Bot } from 'grammy';
import type { Update } from 'grammy/types';
import { UnavailableError } from '@actp/shared/errors';
import type { Logger } from '@actp/shared/log';
import { span } from '@actp/shared/telemetry/tracer';
import { failureOf } from '../telegram/failure.ts';

// How often an update is tried while a part is away; everything it does is idempotent by its id.
const attempts = 3;
const pauseMs = 1_000;
const maxPauseMs = 30_000;

/**
 * Handles one update and logs it as one event. Never throws, whatever the update looks like: one that cannot be handled must not
 * block others.
 */
export function handleUpdate(deps: UpdateDeps, update: Update): Promise<void> {
  const attributes = { 'messaging.system': 'telegram', 'messaging.message.id': String(update.update_id) };
  return span('telegram update', { kind: 'consumer', attributes, root: true }, () => tryUpdate(deps, update));
}

interface UpdateDeps {
  bot: Bot;
  log: Logger;
  signal: AbortSignal;
}

async function tryUpdate(deps: UpdateDeps, update: Update): Promise<void> {
  const started = performance.now();
  const facts = factsOf(update);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await deps.bot.handleUpdate(update);
      const ms = Math.round(performance.now() - started);
      deps.log.info({ ...facts, attempt, ms }, 'update');
      return;
    } catch (thrown) {
      const error: unknown = thrown instanceof BotError ? thrown.error : thrown;
      const ms = attempt < attempts && !deps.signal.aborted ? pauseBefore(error, attempt) : undefined;
      if (ms === undefined) {
        deps.log.error({ ...facts, attempt, err: error }, 'update failed');
        return;
      }
      await delay(ms, undefined, { signal: deps.signal }).catch(() => undefined);
    }
  }
}

// Looked up as in anything that came from outside: an update of an odd form lacks what its type promises.
function factsOf(update: Update): Record<'update_id' | 'user_id' | 'chat_id', unknown> {
  const sent = field(update, 'message') ?? field(update, 'callback_query');
  const chat = field(sent, 'chat') ?? field(field(sent, 'message'), 'chat');
  return {
    update_id: update.update_id,
    user_id: field(field(sent, 'from'), 'id'),
    chat_id: field(chat, 'id'),
  };
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;

/** How long to wait before the next attempt, in milliseconds; undefined when another would fail alike. */
function pauseBefore(error: unknown, attempt: number): number | undefined {
  if (error instanceof UnavailableError) return pauseMs * attempt;
  if (!(error instanceof GrammyError)) return undefined;
  const failure = failureOf(error);
  if (failure.kind === 'limited') return Math.min(failure.retryAfterMs, maxPauseMs);
  return failure.kind === 'away' ? pauseMs * attempt : undefined;
}
