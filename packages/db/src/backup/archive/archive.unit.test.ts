import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openArchive, readArchive } from './read-archive.ts';
import { writeArchive } from './write-archive.ts';

const root = await mkdtemp(join(tmpdir(), 'actp-archive-'));
afterAll(() => rm(root, { recursive: true }));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'a-'));
});

const passphrase = 'a passphrase of this test';
const entries: [string, Buffer][] = [
  ['first.json', Buffer.from('{"a":1}')],
  ['data/large.copy', randomBytes(700_001)],
  ['empty', Buffer.alloc(0)],
  ['data/text.copy', Buffer.from('one\ttwo\n'.repeat(40_000))],
];

async function write(secret?: string, content = entries): Promise<string> {
  const path = join(folder, `backup-${String(secret !== undefined)}`);
  await writeArchive({ path, passphrase: secret, workFactor: 8 }, async (archive) => {
    for (const [name, bytes] of content) await archive.add(name, bytes);
  });
  return path;
}

async function read(path: string, secret?: string): Promise<[string, Buffer][]> {
  const found: [string, Buffer][] = [];
  const archive = await openArchive(path, secret);
  for await (const { name, content } of readArchive(archive)) found.push([name, content]);
  return found;
}

const said = (path: string, secret?: string) =>
  read(path, secret).then(
    () => 'read',
    (error: unknown) => String(error),
  );

describe.each([
  ['without a passphrase', undefined],
  ['encrypted', passphrase],
])('[OPS-002] an archive %s', (_what, secret) => {
  it('gives back every entry, and only its owner may read the file', async () => {
    const path = await write(secret);
    expect(await read(path, secret)).toEqual(entries);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('is told to be damaged wherever it is cut or a byte is changed', async () => {
    const path = await write(secret);
    const whole = await readFile(path);
    const places = [300, whole.length >> 2, whole.length >> 1, whole.length - 8, whole.length - 1];
    for (const place of places) {
      await writeFile(path, whole.subarray(0, place));
      expect(await said(path, secret), `cut at ${place}`).toMatch(/is damaged|cannot be decrypted/);
      const changed = Buffer.from(whole);
      changed[place] = (changed[place] ?? 0) ^ 0x10;
      await writeFile(path, changed);
      expect(await said(path, secret), `changed at ${place}`).toMatch(/is damaged|cannot be decrypted/);
    }
  });
});

describe('[OPS-002] an archive', () => {
  it('tells a wrong or missing passphrase, and a file of something else', async () => {
    const path = await write(passphrase);
    expect(await said(path, 'another passphrase')).toContain('the passphrase is wrong');
    expect(await said(path)).toContain('is encrypted');
    await writeFile(join(folder, 'other'), 'PGDMP and more');
    expect(await said(join(folder, 'other'))).toContain('is no backup of actp-worker');
    expect(await said(join(folder, 'nothing'))).toContain('there is no such file');
  });

  it('leaves nothing when it fails, and never replaces a file', async () => {
    const path = join(folder, 'failing');
    const fails = writeArchive({ path }, async (archive) => {
      await archive.add('a', Buffer.alloc(100_000));
      throw new Error('no more');
    });
    await expect(fails).rejects.toThrow('no more');
    expect(await readdir(folder)).toEqual([]);

    await writeFile(path, 'mine');
    const replaces = writeArchive({ path }, (archive) => archive.add('a', Buffer.alloc(1)));
    await expect(replaces).rejects.toThrow('exists already');
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['failing']);
  });

  it('names what is wrong with the place', async () => {
    const into = (path: string) => writeArchive({ path }, (archive) => archive.add('a', Buffer.alloc(1)));
    await expect(into(join(folder, 'no', 'folder'))).rejects.toThrow('its folder does not exist');
  });
});
