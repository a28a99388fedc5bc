import { AppError } from '@actp/shared/errors';

const longestWaitSeconds = 55;

/**
 * How long a caller is ready to wait for a change (`Prefer: wait=N`), in seconds. RFC 7240: preferences that we do not know are not ours to refuse.
 *
 * @throws AppError `validation_failed`
 */
export function waitOf(prefer: string | undefined): number {
  const wait = prefer
    ?.split(',')
    .map((preference) => /^\s*wait\s*=\s*"?([^";]*)"?/i.exec(preference)?.[1]?.trim())
    .find((value) => value !== undefined);
  if (wait === undefined) return 0;
  if (/^\d{1,2}$/.test(wait) && Number(wait) <= longestWaitSeconds) return Number(wait);
  throw new AppError('validation_failed', 'the Prefer header cannot be used', {
    fields: [{ field: 'Prefer', message: `wait must be a whole number from 0 to ${longestWaitSeconds}` }],
  });
}
