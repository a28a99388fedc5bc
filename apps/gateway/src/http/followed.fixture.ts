import type { ChangeHub, Versioned } from '@actp/services/changes/hub';
import type { SessionCache } from '@actp/services/sessions/cache';
import { eventually } from '@actp/testing/eventually';
import type { Caller } from '../app-env.ts';
import { watchCredential } from '../auth/watch-credential.ts';

export const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
const email = 'op@example.com';
export const operator: Caller = { kind: 'operator', id, email, session: 'the-session' };

interface Seen {
  /** How often it was read, and how often somebody stopped following it. */
  looks: number;
  ended: number;
  /** How often it was asked whether the session lives. */
  asked: number;
}

/** Nothing changes before the time is over. */
export const untilOver = (over: AbortSignal) =>
  new Promise<boolean>((resolve) => {
    if (over.aborted) return resolve(false);
    over.addEventListener('abort', () => resolve(false), { once: true });
  });

interface Course<T> {
  look: () => Promise<T>;
  /** Gives, after each look, whether something changed. */
  changed?: ((over: AbortSignal) => Promise<boolean>) | undefined;
  closing?: AbortSignal | undefined;
}

/** Something that is followed as the test says, by an operator whose session lives; and what was seen of the followers. */
export function followed<T extends Versioned>({ look, changed = untilOver, closing }: Course<T>) {
  const seen: Seen = { looks: 0, ended: 0, asked: 0 };
  const hub: ChangeHub<T> = {
    announce: () => undefined,
    close: () => undefined,
    closing: closing ?? new AbortController().signal,
    follow: () => ({
      look: () => {
        seen.looks += 1;
        return look();
      },
      changed,
      end: () => void (seen.ended += 1),
    }),
  };
  const sessions: SessionCache = {
    read: async () => {
      seen.asked += 1;
      return { id, email, name: null, role: 'operator' };
    },
    invalidate: () => undefined,
  };
  return { seen, hub, sessions };
}

/** Resolves when a session that is watched from now on was looked at: one that was watched before would have been as well. */
export async function nextLookAtSessions(): Promise<void> {
  let looks = 0;
  const read = async () => {
    looks += 1;
    return undefined;
  };
  const watch = watchCredential({ read }, operator);
  await eventually(() => looks > 0);
  watch.stop();
}
