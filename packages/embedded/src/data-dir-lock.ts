import { join } from 'node:path';
import { tryLock } from './file-lock.ts';
import { StartupError } from './startup-error.ts';

/**
 * Keeps a second copy away from the same data folder.
 *
 * @returns what releases it
 * @throws StartupError naming the process that has the folder
 */
export function lockDataDir(dataDir: string): () => void {
  const attempt = tryLock(join(dataDir, 'lock'));
  if (attempt.locked) return attempt.release;
  const { pid } = attempt.owner;
  throw new StartupError(
    `The data folder ${dataDir} is in use by process ${pid}.`,
    `Stop that copy (kill ${pid}), or start this one with another ACTP_DATA_DIR and GATEWAY_PORT.`,
  );
}
