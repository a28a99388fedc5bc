import { describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import type { SessionPerson } from '@actp/services/sessions/person';
import type { Caller } from '../app-env.ts';
import { assertCredential, watchCredential } from './watch-credential.ts';

const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
const email = 'op@example.com';
const operator: Caller = { kind: 'operator', id, email, session: 'the-session' };
const person: SessionPerson = { id, email, name: null, role: 'operator' };

function sessionsOf(answer: () => Promise<SessionPerson | undefined>) {
  const asked: string[][] = [];
  return { asked, read: (...of: string[]) => (asked.push(of), answer()) };
}
const alive = sessionsOf(async () => person);
const over = sessionsOf(async () => undefined);
const demoted = sessionsOf(async () => ({ ...person, role: 'user' }));
const withKey = (valid: boolean): Caller => ({
  kind: 'agent',
  id: 'buyer',
  ownKey: true,
  stillValid: async () => valid,
});

const sessionEnded = { code: 'unauthenticated', message: 'the session has ended' };
const keyEnded = { code: 'unauthenticated', message: 'the key has ended meanwhile' };

describe('[TRU-003] a credential that is looked at once more', () => {
  it.each<[string, ReturnType<typeof sessionsOf>, Caller]>([
    ['a session that lives', alive, operator],
    ['the worker secret', over, { kind: 'agent', id: 'worker' }],
    ['a key that is valid', over, withKey(true)],
    ['a person without a session', over, { kind: 'operator', id, email }],
  ])('is good: %s', async (_what, sessions, caller) => {
    await assertCredential(sessions, caller);
  });

  it.each<[string, ReturnType<typeof sessionsOf>, Caller, object]>([
    ['a session that is over', over, operator, sessionEnded],
    ['a session of one who is no operator any more', demoted, operator, sessionEnded],
    ['a key that is over', alive, withKey(false), keyEnded],
  ])('is not: %s', async (_what, sessions, caller, error) => {
    await expect(assertCredential(sessions, caller)).rejects.toMatchObject(error);
  });

  it('is the session of a program, not of a page', async () => {
    const sessions = sessionsOf(async () => person);
    await assertCredential(sessions, operator);
    expect(sessions.asked).toEqual([['the-session', 'api']]);
  });
});

describe('[TRU-003] a credential that is watched', () => {
  it.each<[string, Caller, object]>([
    ['a session', operator, sessionEnded],
    ['a key', withKey(false), keyEnded],
  ])('ends what is under way: %s', async (_what, caller, error) => {
    const watch = watchCredential(over, caller);
    await eventually(() => watch.ended.aborted, { within: 10_000 });
    watch.stop();
    expect(watch.ended.reason).toMatchObject(error);
  });

  it('ends nothing while it lives, while nobody knows, or once it is watched no more', async () => {
    const unknown = sessionsOf(() => Promise.reject(new Error('no database')));
    const unwatched = sessionsOf(async () => undefined);
    const watches = [unwatched, alive, unknown].map((sessions) => watchCredential(sessions, operator));
    watches[0]?.stop();
    const begun = alive.asked.length;
    // The others look twice meanwhile.
    await eventually(() => alive.asked.length >= begun + 2 && unknown.asked.length >= 2, {
      within: 10_000,
    });
    for (const watch of watches) {
      watch.stop();
      expect(watch.ended.aborted).toBe(false);
    }
    expect(unwatched.asked).toEqual([]);
  });

  it('is none that cannot end', () => {
    for (const caller of [
      { kind: 'agent', id: 'worker' },
      { kind: 'user', id, email },
    ] as const) {
      const watch = watchCredential(over, caller);
      watch.stop();
      expect(watch.ended.aborted).toBe(false);
    }
  });
});
