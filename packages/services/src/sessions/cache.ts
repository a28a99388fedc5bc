import type { SessionKind } from './kind.ts';
import type { SessionPerson } from './person.ts';

export interface SessionCache {
  /**
   * Whose session it is, as the database has said within the last quarter of a second, or says now.
   *
   * @throws UnavailableError when the database does not say: then nobody is let in
   */
  read(id: string, kind: SessionKind): Promise<SessionPerson | undefined>;
  /** Sessions have ended here: the next read waits for the database. */
  invalidate(): void;
}

// Ended elsewhere, a session is refused here after this and the time of one query.
const maxAgeMs = 250;
const maxSessions = 10_000;

interface Known {
  askedAt: number;
  person: Promise<SessionPerson | undefined>;
}

/**
 * Saves a query for each request of a person who makes many. Callers at the same time share one; without callers there is none.
 *
 * @param query throws when there is no answer in time
 * @param now milliseconds on a clock that never goes back
 */
export function createSessionCache(
  query: (id: string, kind: SessionKind) => Promise<SessionPerson | undefined>,
  now = () => performance.now(),
): SessionCache {
  const known = new Map<string, Known>();

  return {
    read(id, kind) {
      const key = `${kind} ${id}`;
      const askedAt = now();
      const last = known.get(key);
      if (last !== undefined && askedAt - last.askedAt < maxAgeMs) return last.person;
      if (known.size >= maxSessions) known.clear();
      const person = query(id, kind);
      const asked: Known = { askedAt, person };
      known.set(key, asked);
      person.catch(() => {
        // The next caller asks again.
        if (known.get(key) === asked) known.delete(key);
      });
      return person;
    },
    invalidate: () => known.clear(),
  };
}
