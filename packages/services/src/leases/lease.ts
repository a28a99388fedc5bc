import type { Db } from '@actp/db/client';

export interface LeaseDeps {
  db: Db;
  /** What only one copy may do at a time. */
  name: string;
  /** Who asks: unique to this process. */
  holder: string;
  seconds: number;
  /** Milliseconds that only go forward. */
  now?: () => number;
}

export interface Lease {
  /** Takes or extends the lease; false when another holds it. Throws when the database is unavailable. */
  acquire(): Promise<boolean>;
  /** Whether it certainly still is ours: counted from before we asked, so that ours always ends first. */
  held(): boolean;
  release(): Promise<void>;
}

/** The right to do something alone among all copies. It ends by itself when its holder dies. */
export function createLease(deps: LeaseDeps): Lease {
  const { db, name, holder, seconds, now = () => performance.now() } = deps;
  let until = 0;
  return {
    async acquire() {
      const asked = now();
      const acquired = await db.call((client) =>
        client.rpc('acquire_lease', { p_name: name, p_holder: holder, p_seconds: seconds }),
      );
      until = acquired ? asked + seconds * 1_000 : 0;
      return acquired;
    },
    held: () => now() < until,
    async release() {
      if (until === 0) return;
      until = 0;
      await db.call((client) => client.rpc('release_lease', { p_name: name, p_holder: holder }));
    },
  };
}
