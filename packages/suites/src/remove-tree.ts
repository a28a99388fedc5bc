import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a folder that code under test has written to, with folders in it that nobody may enter. What we may not delete stays: that is no
 * reason to fail a run.
 */
export async function removeTree(path: string): Promise<void> {
  const removed = () =>
    rm(path, { recursive: true, force: true, maxRetries: 2 }).then(
      () => true,
      () => false,
    );
  if (await removed()) return;
  await openFolders(path);
  await removed();
}

// Links are not followed: they are no folders here.
async function openFolders(path: string): Promise<void> {
  await chmod(path, 0o700).catch(() => undefined);
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await openFolders(join(path, entry.name));
}
