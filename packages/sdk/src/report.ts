import type { Approval } from './approval.ts';
import { ActpError } from './errors.ts';
import type { Settings } from './options.ts';
import type { Report } from './outcome.ts';

/** What is reported about, and how. */
export interface Reported {
  approval: Approval | undefined;
  grantId: string;
  send: (report: Report) => Promise<unknown>;
}

/**
 * Reports what became of an action. Never throws: what happened has happened, and the caller's result or error must not
 * be hidden by a failure to say so; `onReportFailure` hears of it.
 *
 * @param prepare what to report; may throw
 */
export async function reportQuietly(
  settings: Pick<Settings, 'onReportFailure'>,
  { approval, grantId, send }: Reported,
  ended: Omit<Report, 'result'>,
  prepare: () => unknown,
): Promise<void> {
  try {
    try {
      // No signal: aborting the work does not undo it.
      await send({ ...ended, result: prepare() });
    } catch (error) {
      if (isAboutPlane(error)) throw error;
      // The outcome matters more than the result that could not be sent.
      await send(ended);
      throw error;
    }
  } catch (error) {
    tell(settings, { approval, grantId, outcome: ended.status, error });
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
