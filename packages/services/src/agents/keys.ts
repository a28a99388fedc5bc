import type { Db } from '@actp/db/client';
import { looksLike } from '@actp/shared/names/look-alike';
import { createKillSwitchCache } from '../kill-switch/cache.ts';
import { hashAgentKey } from './key.ts';
import { readKeyList, type KeyHolder, type KeyList } from './key-list.ts';

export interface AgentKeys {
  /**
   * Whose key this is; undefined when it is nobody's, expired or deleted.
   *
   * @throws UnavailableError when the database is unavailable
   */
  holderOf(key: string): Promise<KeyHolder | undefined>;
  /** Whether a name belongs to an agent with a key, or looks like such a name, so that no other credential may use it. */
  isTaken(name: string): Promise<boolean>;
  /** An agent has changed: the next question waits for the database. */
  changed(): void;
}

// How long a name waits for the list. Without a database nothing is allowed in anybody's name; but events are still taken.
const nameWaitMs = 300;
const retryMs = 2_000;
// Names are shorter, even when every letter is written with several.
const comparedLetters = 512;

/**
 * Whose key a request shows. All keys are held here, by their hashes, and are at most a quarter of a second old (as the kill
 * switches, in whose cache they are): so a wrong key costs one hash and no question to the database, however many come.
 *
 * @param db answers within `maxLatencyMs` of that cache
 * @param used told of every use of a key
 */
export function createAgentKeys(
  deps: { db: Db; used: (id: string) => void },
  now = () => performance.now(),
): AgentKeys {
  let last: KeyList | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  const cache = createKillSwitchCache(async () => {
    last = await readKeyList(deps.db, last, now);
    return last;
  }, now);

  // Without the database the names that were taken still are.
  async function takenNames(): Promise<ReadonlySet<string>> {
    const reading = cache.read().then(
      ({ names }) => names,
      () => {
        failedAt = now();
        return undefined;
      },
    );
    const known = last?.names ?? new Set<string>();
    if (now() - failedAt < retryMs) return known;
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), nameWaitMs);
    try {
      return (await Promise.race([reading, late.promise])) ?? known;
    } finally {
      // Every request asks: none leaves a timer behind.
      clearTimeout(timer);
    }
  }

  return {
    async holderOf(key) {
      const list = await cache.read();
      const holder = list.byHash.get(hashAgentKey(key));
      if (holder === undefined) return undefined;
      const databaseNow = list.databaseNow + (now() - list.askedAt);
      if ((holder.validUntil ?? Infinity) <= databaseNow) return undefined;
      deps.used(holder.id);
      return holder;
    },
    async isTaken(name) {
      return (await takenNames()).has(looksLike(name.slice(0, comparedLetters)));
    },
    changed: () => cache.invalidate(),
  };
}
