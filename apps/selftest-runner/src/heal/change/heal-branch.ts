import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.ts';
import type { Patch } from './patch.ts';

const author = {
  GIT_AUTHOR_NAME: 'actp-worker self-heal',
  GIT_AUTHOR_EMAIL: 'self-heal@actp.local',
  GIT_COMMITTER_NAME: 'actp-worker self-heal',
  GIT_COMMITTER_EMAIL: 'self-heal@actp.local',
};

/**
 * Puts a verified change on a branch, as a commit after what is committed now; working tree and index stay as they are. A
 * second change of the same run becomes a second commit.
 *
 * @param scratch an absolute directory of ours that is there
 * @returns why that cannot be; null when it is done
 */
export async function makeHealBranch(
  git: Git,
  root: string,
  change: { branch: string; head: string; patch: Patch; message: string },
  scratch: string,
): Promise<string | null> {
  const ref = `refs/heads/${change.branch}`;
  const index = join(scratch, 'branch-index');
  const file = join(scratch, 'branch.patch');
  const env = { ...author, GIT_INDEX_FILE: index };
  const there = (await git.run(root, ['rev-parse', '--verify', '--quiet', ref]))?.trim();
  // Made by an attempt that was killed before it could say so.
  if (
    there !== undefined &&
    (await git.run(root, ['log', '-1', '--format=%B', ref]))?.trim() === change.message.trim()
  )
    return null;
  const parent = there === undefined || there === '' ? change.head : there;
  try {
    await writeFile(file, change.patch.text, { mode: 0o600 });
    const read = await git.run(root, ['read-tree', parent], { env });
    const applied =
      read === null ? null : await git.run(root, ['apply', '--cached', '--whitespace=nowarn', file], { env });
    if (applied === null)
      return 'it does not apply to the last commit: the same lines have other uncommitted changes';
    const tree = (await git.run(root, ['write-tree'], { env }))?.trim();
    if (tree === undefined) return 'git could not write it';
    const commit = (
      await git.run(root, ['commit-tree', tree, '-p', parent, '-m', change.message], { env })
    )?.trim();
    if (commit === undefined) return 'git could not commit it';
    const set = await git.run(root, [
      'update-ref',
      ref,
      commit,
      ...(there === undefined || there === '' ? [] : [there]),
    ]);
    return set === null ? 'git could not make the branch' : null;
  } finally {
    await rm(index, { force: true });
    await rm(file, { force: true });
  }
}
