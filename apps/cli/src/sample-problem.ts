import { messageOf } from '@actp/shared/errors';
import { fileProblem } from '@actp/shared/file-problem';
import { CliError } from './cli-error.ts';

/** A file of samples that cannot be used: not read, or not what it should hold. */
export function sampleProblem(file: string, error: unknown): CliError {
  const unread = error instanceof Error && 'code' in error;
  const why = unread
    ? fileProblem(error)
    : error instanceof SyntaxError
      ? 'a line is not valid JSON'
      : messageOf(error);
  return new CliError(`${file}: ${why}`, { cause: error });
}
