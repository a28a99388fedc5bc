import type { SessionCache } from '@actp/services/sessions/cache';
import type { Caller } from '../app-env.ts';

const everyMs = 500;

/** Notices that the session of a caller has ended while an answer is still under way. Of an agent nothing is watched. */
export function watchSession(
  sessions: Pick<SessionCache, 'read'>,
  caller: Caller,
): { ended: AbortSignal; stop(): void } {
  const over = new AbortController();
  const session = caller.kind === 'agent' ? undefined : caller.session;
  if (session === undefined) return { ended: over.signal, stop: () => undefined };
  const look = async () => {
    try {
      if ((await sessions.read(session, 'api')) === undefined) over.abort();
    } catch {
      // Nobody knows: what the answer needs from the database fails by itself.
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { ended: over.signal, stop: () => clearInterval(timer) };
}
