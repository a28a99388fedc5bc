import { chown, lchown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a folder and everything in it belong to this user; does nothing when it already does. */
export async function ensureOwner(directory: string, uid: number, gid: number): Promise<void> {
  const current = await stat(directory);
  if (current.uid === uid && current.gid === gid) return;
  const entries = await readdir(directory, { recursive: true });
  for (const entry of entries) await lchown(join(directory, entry), uid, gid);
  // Last, so that an interrupted run is seen as unfinished and done again.
  await chown(directory, uid, gid);
}
