import { expireApprovals } from './expire.ts';
import { importApprovals, type ImportDeps } from './import.ts';

/**
 * Keeps approvals right without any queue: records what the clock has ended, and imports what other programs inserted.
 *
 * @returns the ids that changed
 */
export async function sweepApprovals(deps: ImportDeps): Promise<string[]> {
  const ended = await expireApprovals(deps.db);
  return [...ended, ...(await importApprovals(deps))];
}
