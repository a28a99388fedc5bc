import { AppError } from '@actp/shared/errors';

/** How long a password may be that somebody chooses. Long is what counts; there are no rules about its characters. */
const lengths = { operator: { min: 12, max: 1_024 }, user: { min: 10, max: 200 } };

/**
 * A password that somebody chooses for an account of this kind, as it came.
 *
 * @param field what the caller calls it
 * @throws AppError `validation_failed`
 */
export function newPassword(role: 'operator' | 'user', field: string, text: string): string {
  const { min, max } = lengths[role];
  // As people count them: an emoji is one.
  const { length } = Array.from(text);
  if (length < min || length > max) throw refused(field, `must have ${min} to ${max} characters`);
  if (!text.isWellFormed() || text.includes('\0')) throw refused(field, 'must be valid text');
  return text;
}

const refused = (field: string, message: string) =>
  new AppError('validation_failed', 'the request is not valid', { fields: [{ field, message }] });
