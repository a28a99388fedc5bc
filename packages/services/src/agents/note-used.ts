import type { Db } from '@actp/db/client';
import type { Logger } from '@actp/shared/log';

export interface AgentUses {
  note(id: string): void;
  /** Writes what was noted so far, and no more after that. */
  close(): Promise<void>;
}

const everyMs = 2_000;

/** Keeps when each agent used its key last: noted here, and written for all of them together. */
export function createAgentUses({ db, log }: { db: Db; log: Logger }): AgentUses {
  let used = new Set<string>();

  async function write(): Promise<void> {
    if (used.size === 0) return;
    const ids = [...used];
    used = new Set();
    try {
      await db.call((client) => client.rpc('note_agents_used', { p_ids: ids }));
    } catch (error) {
      log.warn({ err: error }, 'when agents used their keys was not noted');
    }
  }
  const timer = setInterval(() => void write(), everyMs);
  timer.unref();

  return {
    note: (id) => void used.add(id),
    async close() {
      clearInterval(timer);
      await write();
    },
  };
}
