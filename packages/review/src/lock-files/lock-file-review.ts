import { lookedExcept, type SourceReview } from '../findings/source-review.ts';
import type { FoundLockFiles } from './find-lock-files.ts';

/** Whether the lock files of a project could be read, as a source of its own. */
export const lockFileReview = ({ observations, reasons }: FoundLockFiles): SourceReview =>
  lookedExcept('lock-files', observations, reasons);
