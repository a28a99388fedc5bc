import type { Db } from '@actp/db/client';
import { connectRedis, patientOptions, promptOptions, type RedisTarget } from '@actp/shared/redis';
import type { Logger } from '@actp/shared/log';
import { approvalChannel } from '@actp/shared/approvals/channel';

export interface ApprovalHub {
  /** Tells every waiting process that an approval changed; never fails (the poll below repairs a lost word). */
  announce(id: string): void;
  /** Calls back whenever the approval may have changed, until the returned function is called. */
  watch(id: string, version: number, changed: () => void): () => void;
  /** Aborted when this process stops: whoever waits answers with what is. */
  closing: AbortSignal;
  close(): void;
}

interface Watcher {
  version: number;
  changed: () => void;
}

// How long a waiter may be unaware when the word got lost (Redis away, a process killed between commit and word), and
// of an expiry, which nobody announces. One question for all waiters together.
const pollMs = 500;
const perQuestion = 1_000;

/** Who waits for which approval in this process. One subscription and one poll serve everybody. */
export function createApprovalHub(deps: { db: Db; redis: RedisTarget; log: Logger }): ApprovalHub {
  const { db, log } = deps;
  const closing = new AbortController();
  const watchers = new Map<string, Set<Watcher>>();
  const subscriber = connectRedis(deps.redis, patientOptions);
  const publisher = connectRedis(deps.redis, promptOptions);
  subscriber.on('error', () => undefined); // the producer's connection speaks for Redis
  publisher.on('error', () => undefined);
  subscriber.subscribe(approvalChannel).catch(() => undefined); // ioredis subscribes again after each reconnect
  subscriber.on('message', (_channel: string, id: string) => wake(id));

  const wake = (id: string) => {
    for (const watcher of watchers.get(id) ?? []) watcher.changed();
  };

  let polling = false;
  const poll = async () => {
    if (polling || watchers.size === 0) return;
    polling = true;
    try {
      const ids = [...watchers.keys()];
      for (let at = 0; at < ids.length; at += perQuestion) {
        const versions = await db.call((client) =>
          client.rpc('approval_versions', { p_ids: ids.slice(at, at + perQuestion) }),
        );
        for (const [id, version] of Object.entries(versions as Record<string, number>)) {
          for (const watcher of watchers.get(id) ?? []) if (version > watcher.version) watcher.changed();
        }
      }
    } catch (error) {
      log.warn({ err: error }, 'waiting approvals could not be looked at');
    } finally {
      polling = false;
    }
  };
  const timer = setInterval(() => void poll(), pollMs);

  return {
    closing: closing.signal,
    announce(id) {
      wake(id);
      publisher.publish(approvalChannel, id).catch(() => undefined); // the poll repairs it
    },
    watch(id, version, changed) {
      const watcher = { version, changed };
      const here = watchers.get(id) ?? new Set();
      watchers.set(id, here.add(watcher));
      return () => {
        here.delete(watcher);
        if (here.size === 0 && watchers.get(id) === here) watchers.delete(id);
      };
    },
    close() {
      clearInterval(timer);
      closing.abort();
      subscriber.disconnect();
      publisher.disconnect();
    },
  };
}
