import { AppError } from '@actp/shared/errors';

/** A backup that cannot be made, read or restored. The message says why, and on a further line what to do. */
export class BackupError extends AppError {
  override readonly name = 'BackupError';

  constructor(problem: string, remedy: string, options: ErrorOptions = {}) {
    super('validation_failed', `${problem}\n${remedy}`, options);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota of this user is used up',
  EFBIG: 'a file of that size is not allowed here',
  EACCES: 'this user may not write there',
  EPERM: 'the system does not allow it',
  EROFS: 'it is on a read-only file system',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
};

/** The failure to write a file, in words; anything else as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new BackupError(
    `${path} cannot be written: ${reason} (${code}). Nothing is left of it.`,
    'Free some space, or name another place with --to.',
    { cause: error },
  );
}
