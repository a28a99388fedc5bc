import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from '@actp/suites/remove-tree';

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
  await removeTree(parent);
  const path = join(parent, runId);
  await mkdir(path, { recursive: true, mode: 0o700 });
  return { path, remove: () => removeTree(path) };
}
