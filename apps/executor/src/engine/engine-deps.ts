import type { GuardDeps } from '@actp/services/guard/evaluate';
import type { TaskStore } from '@actp/services/tasks/task-store';
import type { Logger } from '@actp/shared/log';
import type { Agent, JsonObject } from '../agents/agent.ts';

/** What the plane understands a prompt to ask for. */
export interface Intent {
  agent: string;
  /** Fits the agent's input schema. */
  input: unknown;
  /** What understood it, for instance `sentences`, or the name of a model. */
  by: string;
  /** Minor units. */
  costMinor: number | 'unknown';
  note?: string | undefined;
  facts?: JsonObject;
}

/** What every step of a task needs. */
export interface EngineDeps {
  store: TaskStore;
  guard: GuardDeps;
  agents: ReadonlyMap<string, Agent>;
  /**
   * @param mayCost false: no language model is asked, since nothing may be spent
   * @throws TaskError `not_understood`
   */
  parseIntent: (prompt: string, mayCost: boolean, signal: AbortSignal) => Promise<Intent>;
  /** Minor units; of a user and day. */
  dailyBudgetMinor: number;
  approvalTtlSeconds: number;
  log: Logger;
  /** How long to wait before the second attempt at an effect; doubled each time. */
  retryMs: number;
}
