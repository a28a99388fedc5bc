import type { Db } from '@actp/db/client';

export interface AgentDeps {
  db: Db;
  /** Called after every change, so that this process need not find out by itself. */
  changed: () => void;
}
