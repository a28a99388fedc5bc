import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { createSessionFile, stateFolder } from './session-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-session-file-'));
atEnd(() => rm(folder, { recursive: true }));
const url = new URL('http://127.0.0.1:8787');
const session = { url: url.origin, email: 'a@b.c', token: 't', expires_at: '2026-11-26T00:00:00.000Z' };

it('is in the folder that XDG names, else in the one that it has by default', () => {
  expect(stateFolder({ XDG_STATE_HOME: '/x' })).toBe('/x/actp-worker');
  expect(stateFolder({ XDG_STATE_HOME: 'relative', HOME: '/home/a' })).toBe(
    '/home/a/.local/state/actp-worker',
  );
});

it('is one for each plane', async () => {
  const one = createSessionFile(join(folder, 'one'), url);
  const other = createSessionFile(join(folder, 'one'), new URL('https://127.0.0.1:8787'));
  await one.prepare();
  await one.write(session);
  expect(await one.read()).toEqual(session);
  expect(await other.read()).toBeUndefined();
  await one.remove();
  expect(await one.read()).toBeUndefined();
});

it('is refused when it holds something else, with how to get rid of it', async () => {
  const file = createSessionFile(join(folder, 'two'), url);
  await file.prepare();
  for (const text of ['', '{}', 'junk', JSON.stringify({ ...session, url: 'http://127.0.0.1:1' })]) {
    await writeFile(file.path, text, { mode: 0o600 });
    await expect(file.read()).rejects.toThrow(`Delete it: rm ${file.path}`);
  }
});

// Everybody else cannot read it anyway.
it.runIf(process.getuid?.() === 0)(
  'is not used by root when it, or its folder, is another user’s',
  async () => {
    const file = createSessionFile(join(folder, 'three'), url);
    await file.prepare();
    await file.write(session);
    await chown(file.path, 1, 1);
    await expect(file.read()).rejects.toThrow(`${file.path} belongs to another user`);
    await chown(file.path, 0, 0);
    expect(await file.read()).toEqual(session);
    await chown(join(folder, 'three'), 1, 1);
    await expect(file.read()).rejects.toThrow('three belongs to another user');
  },
);

it('says what to do when its folder cannot be made', async () => {
  await writeFile(join(folder, 'file'), '');
  const file = createSessionFile(join(folder, 'file', 'actp-worker'), url);
  await expect(file.prepare()).rejects.toThrow(
    'cannot be made (ENOTDIR), so no session can be kept.\nSet XDG_STATE_HOME',
  );
});
