import type { Approval } from './approval.ts';
import type { Calls } from './calls.ts';
import { ActpError } from './errors.ts';
import type { Settings } from './options.ts';
import type { Report } from './outcome.ts';

/**
 * Reports what became of an action. Never throws: what happened has happened, and the caller's result or error must not
 * be hidden by a failure to say so; `onReportFailure` hears of it.
 *
 * @param prepare what to report; may throw
 */
export async function reportQuietly(
  deps: { calls: Calls; settings: Pick<Settings, 'onReportFailure'> },
  approval: Approval,
  ended: Omit<Report, 'result'>,
  prepare: () => unknown,
): Promise<void> {
  const { calls, settings } = deps;
  try {
    try {
      // No signal: aborting the work does not undo it.
      await calls.report(approval.id, { ...ended, result: prepare() }, undefined);
    } catch (error) {
      if (isAboutPlane(error)) throw error;
      // The outcome matters more than the result that could not be sent.
      await calls.report(approval.id, ended, undefined);
      throw error;
    }
  } catch (error) {
    tell(settings, { approval, outcome: ended.status, error });
  }
}

// Everything but a result that could not be made, sent or taken (too large, not JSON).
function isAboutPlane(error: unknown): boolean {
  return error instanceof ActpError && error.code !== 'too_large' && error.code !== 'validation_failed';
}

function tell(
  { onReportFailure }: Pick<Settings, 'onReportFailure'>,
  failure: Parameters<typeof onReportFailure>[0],
) {
  try {
    onReportFailure(failure);
  } catch {
    // A listener that throws must not hide the result either.
  }
}
