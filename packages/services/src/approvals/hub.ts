import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';
import type { RedisTarget } from '@actp/shared/redis';
import { createApprovalChangePublisher, followApprovalChanges } from './change-channel.ts';
import { readApproval } from './read.ts';
import type { Approval } from './approval-schema.ts';

export interface ApprovalHub {
  /** Tells every waiting process that an approval changed; never fails (the poll below repairs a lost word). */
  announce(id: string): void;
  /** Follows one approval until `end()`. */
  follow(id: string): Follower;
  /** Aborted when this process stops: whoever waits answers with what is. */
  closing: AbortSignal;
  close(): void;
}

interface Follower {
  /** The approval as it is now; those who look at the same one at the same time share a question. */
  look(): Promise<Approval>;
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

/** Who waits for which approval in this process. One subscription and one poll serve everybody. */
export function createApprovalHub(deps: { db: Db; redis: RedisTarget; log: Logger }): ApprovalHub {
  const { db, log } = deps;
  const closing = new AbortController();
  const followers = new Map<string, Set<Entry>>();
  const looks = new Map<string, Promise<Approval>>();
  const changes = createApprovalChangePublisher(deps.redis);
  const stopFollowing = followApprovalChanges(deps.redis, wake);

  function wake(id: string): void {
    looks.delete(id); // one that is under way may have begun before the change
    for (const entry of followers.get(id) ?? []) {
      entry.woken = true;
      entry.wake();
    }
  }

  function look(id: string): Promise<Approval> {
    const shared = looks.get(id);
    if (shared) return shared;
    const begun = readApproval(db, id);
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
        const answer = await db.call((client) =>
          client.rpc('approval_versions', { p_ids: ids.slice(at, at + perQuestion) }),
        );
        for (const [id, version] of Object.entries(answer as Record<string, number>)) {
          if ([...(followers.get(id) ?? [])].some((entry) => version > entry.seen)) wake(id);
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'waiting approvals could not be looked at');
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
          const approval = await look(id);
          // An expiry shows before it is written down: it has been seen, and its version comes later.
          const unwritten = approval.status === 'expired' && approval.version === entry.seen;
          entry.seen = unwritten ? approval.version + 1 : approval.version;
          return approval;
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
