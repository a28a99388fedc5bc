import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface RunDir {
  path: string;
  remove(): Promise<void>;
}

/**
 * Makes the directory of one run (`{run_dir}` in the configuration), for reports that must not meet those of another
 * run. What earlier runs left when they were killed goes first: only one runs at a time.
 *
 * @param parent absolute; nothing else may be kept in it
 */
export async function makeRunDir(parent: string, runId: string): Promise<RunDir> {
  await remove(parent);
  const path = join(parent, runId);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return { path, remove: () => remove(path) };
}

// A suite can leave files that we may not delete; that is no reason to fail its run.
async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
}
