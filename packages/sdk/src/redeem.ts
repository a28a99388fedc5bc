import type { Grant } from './approval.ts';
import type { Calls } from './calls.ts';
import { ActpError } from './errors.ts';
import { refusalOf } from './refusal.ts';

/**
 * Uses the permission. A grant means: act now, once; nobody else gets one.
 *
 * @throws OutcomeUnknown when it was used before, also when that was an attempt of our own whose answer got lost
 */
export async function redeem(
  calls: Calls,
  id: string,
  payload: { action: string; details: object },
  signal: AbortSignal | undefined,
): Promise<Grant> {
  try {
    return await calls.redeem(id, payload, signal);
  } catch (error) {
    if (!(error instanceof ActpError) || (error.code !== 'conflict' && error.code !== 'gone')) throw error;
    // The refusal says no; only the approval says why.
    const options = { cause: error, ...(error.problem && { problem: error.problem }) };
    throw refusalOf(await calls.read(id, signal), options) ?? error;
  }
}
