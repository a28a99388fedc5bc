import type { SessionCache } from '@actp/services/sessions/cache';
import { AppError } from '@actp/shared/errors';
import type { Caller } from '../app-env.ts';

const everyMs = 500;

interface Watch {
  /** Aborted when the credential has ended; its reason is the error for the caller. */
  ended: AbortSignal;
  stop(): void;
}

/**
 * Notices that the session of a person or the key of an agent has ended while an answer is still under way. The worker secret does not
 * end.
 */
export function watchCredential(sessions: Pick<SessionCache, 'read'>, caller: Caller): Watch {
  const over = new AbortController();
  if (!canEnd(caller)) return { ended: over.signal, stop: () => undefined };
  const look = async () => {
    try {
      if (!(await isValid(sessions, caller))) over.abort(credentialEnded(caller));
    } catch {
      // Nobody knows: what the answer needs from the database fails by itself.
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { ended: over.signal, stop: () => clearInterval(timer) };
}

/**
 * For what is answered later than it was asked.
 *
 * @throws AppError `unauthenticated` when the session or the key has ended meanwhile
 */
export async function assertCredential(sessions: Pick<SessionCache, 'read'>, caller: Caller): Promise<void> {
  if (!(await isValid(sessions, caller))) throw credentialEnded(caller);
}

const canEnd = (caller: Caller): boolean =>
  (caller.kind === 'agent' ? caller.stillValid : caller.session) !== undefined;

async function isValid(sessions: Pick<SessionCache, 'read'>, caller: Caller): Promise<boolean> {
  if (caller.kind === 'agent') return (await caller.stillValid?.()) ?? true;
  return caller.session === undefined || (await sessions.read(caller.session, 'api'))?.role === caller.kind;
}

const credentialEnded = ({ kind }: Caller): AppError =>
  new AppError('unauthenticated', kind === 'agent' ? 'the key has ended meanwhile' : 'the session has ended');
