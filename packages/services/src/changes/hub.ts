import type { Logger } from '@actp/shared/log';
import type { RedisTarget } from '@actp/shared/redis';
import { createChangePublisher, followChanges } from './channel.ts';

/** Something that changes by versions, for instance an approval or a task. */
export interface Versioned {
  version: number;
}

export interface ChangeHub<T extends Versioned> {
  /** Tells every waiting process that it changed; never fails (the poll below repairs a lost word). */
  announce(id: string): void;
  /** Follows one until `end()`. */
  follow(id: string): Follower<T>;
  /** Aborted when this process stops: whoever waits answers with what is. */
  closing: AbortSignal;
  close(): void;
}

interface Follower<T> {
  /** As it is now; those who look at the same one at the same time share a question. */
  look(): Promise<T>;
  /** True as soon as it may have changed since the last look; false when the signal says that time is over. */
  changed(over: AbortSignal): Promise<boolean>;
  end(): void;
}

interface Entry {
  seen: number;
  woken: boolean;
  wake: () => void;
}

// How long a follower may be unaware when the word got lost (Redis away, a process killed between commit and word), and
// of an expiry, which nobody announces. One question for all followers together.
const pollMs = 500;
const perQuestion = 1_000;

export interface ChangeHubDeps<T extends Versioned> {
  redis: RedisTarget;
  log: Logger;
  /** The Redis channel on which ids of what changed are published. */
  channel: string;
  read: (id: string) => Promise<T>;
  /** The versions of many in one question, for all who wait. */
  versions: (ids: string[]) => Promise<Record<string, number>>;
  /** The version that whoever saw this one has seen; by default its own. */
  seen?: (state: T, before: number) => number;
}

/** Who waits for what in this process. One subscription and one poll serve everybody. */
export function createChangeHub<T extends Versioned>(deps: ChangeHubDeps<T>): ChangeHub<T> {
  const { log, seen = ({ version }) => version } = deps;
  const closing = new AbortController();
  const followers = new Map<string, Set<Entry>>();
  const looks = new Map<string, Promise<T>>();
  const changes = createChangePublisher(deps.redis, deps.channel);
  const stopFollowing = followChanges(deps.redis, deps.channel, wake);

  function wake(id: string): void {
    looks.delete(id); // one that is under way may have begun before the change
    for (const entry of followers.get(id) ?? []) {
      entry.woken = true;
      entry.wake();
    }
  }

  function look(id: string): Promise<T> {
    const shared = looks.get(id);
    if (shared) return shared;
    const begun = deps.read(id);
    looks.set(id, begun);
    const forget = () => {
      if (looks.get(id) === begun) looks.delete(id);
    };
    begun.then(forget, forget);
    return begun;
  }

  let polling = false;
  async function poll(): Promise<void> {
    if (polling || followers.size === 0) return;
    polling = true;
    try {
      const ids = [...followers.keys()];
      for (let at = 0; at < ids.length; at += perQuestion) {
        const answer = await deps.versions(ids.slice(at, at + perQuestion));
        for (const [id, version] of Object.entries(answer)) {
          if ([...(followers.get(id) ?? [])].some((entry) => version > entry.seen)) wake(id);
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'changes could not be looked for');
    } finally {
      polling = false;
    }
  }
  const timer = setInterval(() => void poll(), pollMs);

  return {
    closing: closing.signal,
    announce(id) {
      wake(id);
      changes.publish(id); // the poll repairs a lost one
    },
    follow(id) {
      const entry: Entry = { seen: 0, woken: false, wake: () => undefined };
      const here = followers.get(id) ?? new Set();
      followers.set(id, here.add(entry));
      return {
        async look() {
          entry.woken = false;
          const state = await look(id);
          entry.seen = seen(state, entry.seen);
          return state;
        },
        changed: (over) =>
          new Promise((resolve) => {
            if (entry.woken || over.aborted) {
              resolve(entry.woken);
              return;
            }
            const finish = () => {
              entry.wake = () => undefined;
              over.removeEventListener('abort', finish);
              resolve(entry.woken);
            };
            entry.wake = finish;
            over.addEventListener('abort', finish, { once: true });
          }),
        end() {
          here.delete(entry);
          if (here.size === 0 && followers.get(id) === here) followers.delete(id);
        },
      };
    },
    close() {
      clearInterval(timer);
      closing.abort();
      stopFollowing();
      changes.close();
    },
  };
}
