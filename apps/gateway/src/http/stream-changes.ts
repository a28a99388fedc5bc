import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ChangeHub, Versioned } from '@actp/services/changes/hub';
import { AppError } from '@actp/shared/errors';
import { z } from 'zod';
import type { AppDeps } from '../app-deps.ts';
import type { AppEnv, Caller } from '../app-env.ts';
import { watchCredential } from '../auth/watch-credential.ts';

// Proxies close silent connections after 30 to 60 s.
const heartbeatMs = 15_000;

/** The `Last-Event-ID` of a client that comes back. */
export const LastEventId = z
  .string()
  .regex(/^\d{1,9}$/, 'must be the id of an event that was received')
  .transform(Number);

/** @throws AppError `validation_failed` when the client has seen what has not happened yet */
export function assertSeen(seen: number, { version }: Versioned, what: string): void {
  if (seen <= version) return;
  throw new AppError('validation_failed', `Last-Event-ID is ahead of this ${what}`, {
    fields: [{ field: 'Last-Event-ID', message: 'must be the id of an event that was received' }],
  });
}

export interface StreamedChanges<T extends Versioned> {
  hub: ChangeHub<T>;
  id: string;
  caller: Caller;
  /** The version that the client has seen. */
  seen: number;
  /** What happened after a version, oldest first. */
  eventsAfter: (version: number, state: T) => Promise<ReadonlyArray<{ version: number; type: string }>>;
  /** Nothing happens any more after an event of this type. */
  isLast: (type: string) => boolean;
  /** As it is sent. */
  shown: (state: T) => object;
  /** @throws when the caller may not see it any more */
  assertStill?: () => Promise<void>;
}

/** Server-sent events: one per change, its id the version, its data what changed as it is by then; ends when nothing more can happen. */
export function streamChanges<T extends Versioned>(
  c: Context<AppEnv>,
  deps: Pick<AppDeps, 'log' | 'sessions'>,
  changes: StreamedChanges<T>,
): Response {
  const { hub, id, caller, eventsAfter, isLast, shown, assertStill } = changes;
  const gone = new AbortController();
  let { seen } = changes;
  let last = '';
  return streamSSE(c, async (stream) => {
    stream.onAbort(() => gone.abort());
    const follower = hub.follow(id);
    const credential = watchCredential(deps.sessions, caller);
    credential.ended.addEventListener('abort', () => gone.abort());
    try {
      while (!gone.signal.aborted && !hub.closing.aborted) {
        const state = await follower.look();
        await assertStill?.();
        const events = await eventsAfter(seen - 1, state);
        // It went on between the two: what is told must not be older than its event.
        if ((events.at(-1)?.version ?? 0) > state.version) continue;
        for (const { version, type } of events) {
          last = type;
          if (version <= seen) continue;
          await stream.writeSSE({
            id: String(version),
            event: type,
            data: JSON.stringify(shown(state)),
          });
          seen = version;
        }
        if (isLast(last)) return;
        const pause = AbortSignal.any([gone.signal, hub.closing, AbortSignal.timeout(heartbeatMs)]);
        if (!(await follower.changed(pause))) await stream.write(': still here\n\n');
      }
    } catch (error) {
      // The client comes back with Last-Event-ID: nothing is lost by ending here. Hono would send it the message of what was thrown.
      deps.log.warn({ err: error }, 'an event stream ended early');
    } finally {
      follower.end();
      credential.stop();
    }
  });
}
