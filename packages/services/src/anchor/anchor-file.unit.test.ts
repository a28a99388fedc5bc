import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
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

it('is nobody else’s to read, nor is a folder that is made for it', async () => {
  const inner = join(folder, 'made', 'here');
  await anchorFile(join(inner, 'anchor.json')).write('one');
  expect((await lstat(join(inner, 'anchor.json'))).mode & 0o777).toBe(0o600);
  expect((await lstat(inner)).mode & 0o777).toBe(0o700);
  await rm(join(folder, 'made'), { recursive: true });
});

it('is not there, or is none', async () => {
  const other = join(folder, 'another.json');
  expect(await anchorFile(other).read()).toBeUndefined();
  await writeFile(other, 'x'.repeat(1_048_576));
  expect(await anchorFile(other).read()).toHaveLength(1_048_576);
  await writeFile(other, 'x'.repeat(1_048_577));
  await expect(anchorFile(other).read()).rejects.toThrow('it is larger than an anchor can be');
  await rm(other);
  // Below a file there are none.
  await expect(anchorFile(join(path, 'anchor.json')).read()).rejects.toThrow('ENOTDIR');
});

it('is set aside under another name, and stays until another one takes its place', async () => {
  const file = anchorFile(join(folder, 'aside.json'));
  await file.write('one');
  await file.setAside('replaced');
  expect(await readFile(`${file.path}.replaced`, 'utf8')).toBe('one');
  expect(await file.read()).toBe('one');
  // What cannot be copied is moved.
  await rm(file.path);
  await mkdir(file.path);
  await rm(`${file.path}.replaced`);
  await file.setAside('replaced');
  expect((await lstat(`${file.path}.replaced`)).isDirectory()).toBe(true);
  expect(await file.read()).toBeUndefined();
  await rm(`${file.path}.replaced`, { recursive: true });
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
    `anchor.json.${planeId}.new.old`,
    `anchor.json.x.${planeId}.new`,
    `anchor.json.${planeId.slice(1)}.new`,
  ];
  for (const name of kept) await old(name);
  const folderOfSuchName = `anchor.json.${planeId.replace('0b', '0d')}.new`;
  await mkdir(join(folder, folderOfSuchName));
  const before = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, folderOfSuchName), before, before);
  await old(`anchor.json.${planeId}.new`, '{"half');
  const underWay = `anchor.json.${planeId.replace('0b', '0c')}.new`;
  await writeFile(join(folder, underWay), '');
  await anchorFile(path).removeLeftovers();
  expect((await readdir(folder)).toSorted()).toEqual(
    ['anchor.json', underWay, folderOfSuchName, ...kept].toSorted(),
  );
  await anchorFile(join(folder, 'nowhere', 'anchor.json')).removeLeftovers();
});

// Only root can give a file to somebody else.
it.runIf(process.getuid?.() === 0)('leaves what another user has left', async () => {
  const theirs = `anchor.json.${planeId.replace('0b', '0e')}.new`;
  await old(theirs);
  await chown(join(folder, theirs), 12_345, 12_345);
  await anchorFile(path).removeLeftovers();
  expect(await readdir(folder)).toContain(theirs);
});
