import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeTree } from './remove-tree.ts';

it('[TRU-002] removes what a suite has left, folders that nobody may enter included, and follows no link', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'remove-tree-'));
  await mkdir(join(dir, 'kept'));
  await writeFile(join(dir, 'kept', 'file'), '');
  await mkdir(join(dir, 'left', 'closed', 'inner'), { recursive: true });
  await symlink(join(dir, 'kept'), join(dir, 'left', 'closed', 'link'));
  await chmod(join(dir, 'left', 'closed'), 0o000);
  await removeTree(join(dir, 'left'));
  expect(existsSync(join(dir, 'left'))).toBe(false);
  expect(existsSync(join(dir, 'kept', 'file'))).toBe(true);
  await removeTree(join(dir, 'never-was'));
  await rm(dir, { recursive: true });
});
