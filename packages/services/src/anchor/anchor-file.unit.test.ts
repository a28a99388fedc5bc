import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { anchorFile } from './anchor-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-anchor-file-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const path = join(folder, 'anchor.json');
const planeId = '0b0e3c1e-6a55-4a0c-9a39-6a1f1b1f0c11';

/** As a file that nobody has written to for an hour. */
async function old(name: string, content = ''): Promise<void> {
  await writeFile(join(folder, name), content);
  const before = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, name), before, before);
}

it('is written whole, over a symbolic link too, and leaves nothing beside it', async () => {
  const elsewhere = join(folder, 'elsewhere.json');
  await writeFile(elsewhere, 'before');
  await symlink(elsewhere, path);
  await anchorFile(path).write('one');
  expect(await anchorFile(path).read()).toBe('one');
  expect((await lstat(path)).isSymbolicLink()).toBe(false);
  expect(await readFile(elsewhere, 'utf8')).toBe('before');
  await rm(elsewhere);
  expect(await readdir(folder)).toEqual(['anchor.json']);
});

it('that cannot be written leaves nothing beside it', async () => {
  const taken = join(folder, 'taken.json');
  await mkdir(join(taken, 'in-use'), { recursive: true });
  await expect(anchorFile(taken).write('one')).rejects.toThrow();
  await expect(anchorFile(taken).read()).rejects.toThrow('it is not a file');
  await rm(taken, { recursive: true });
  expect((await readdir(folder)).filter((name) => name.startsWith('taken'))).toEqual([]);
});

it('removes what a killed process has left, and neither kept anchors, nor files of others, nor what is being written', async () => {
  const kept = [
    `anchor.json.${planeId}`,
    'anchor.json.replaced',
    `other.json.${planeId}.new`,
    'anchor.json.new',
  ];
  for (const name of kept) await old(name);
  await old(`anchor.json.${planeId}.new`, '{"half');
  const underWay = `anchor.json.${planeId.replace('0b', '0c')}.new`;
  await writeFile(join(folder, underWay), '');
  await anchorFile(path).removeLeftovers();
  expect((await readdir(folder)).toSorted()).toEqual(['anchor.json', underWay, ...kept].toSorted());
  await anchorFile(join(folder, 'nowhere', 'anchor.json')).removeLeftovers();
});
