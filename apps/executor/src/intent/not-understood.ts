import type { ModelCost } from '@actp/providers/model/cost';
import type { ScreeningReason } from '@actp/screening/reasons';
import { TaskError } from '../agents/task-error.ts';

/** A request that nobody could read for certain. The message says what was not understood, and what can be asked for. */
export class NotUnderstood extends TaskError {
  /** What the attempt has cost all the same. */
  readonly costMinor: ModelCost;
  readonly findings: readonly ScreeningReason[];

  constructor(message: string, facts: { costMinor: ModelCost; findings: readonly ScreeningReason[] }) {
    super('not_understood', message);
    this.costMinor = facts.costMinor;
    this.findings = facts.findings;
  }
}
