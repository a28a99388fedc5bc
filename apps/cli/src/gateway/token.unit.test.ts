import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '@actp/testing/at-end';
import { expect, it } from 'vitest';
import { givenToken } from './token.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-token-'));
atEnd(() => rm(folder, { recursive: true }));
const file = join(folder, 'token');

it('is that of the file, else of the environment, without the blanks around it', async () => {
  await writeFile(file, ' of-the-file\n');
  expect(await givenToken({ ACTP_TOKEN: 'other' }, file)).toBe('of-the-file');
  expect(await givenToken({ ACTP_TOKEN: ' other\n' }, undefined)).toBe('other');
  expect(await givenToken({ ACTP_TOKEN: ' ' }, undefined)).toBeUndefined();
});

it.each(['two\nlines', 'two words', 'schlüssel', 'bell\u0007'])(
  'is refused, and not shown, when no header could hold it: %j',
  async (text) => {
    await writeFile(file, text);
    const refused = givenToken({}, file);
    await expect(refused).rejects.toThrow(`${file} does not hold a token: it must be one line`);
    await expect(refused).rejects.not.toThrow(text);
  },
);

it('is refused when the file is empty', async () => {
  await writeFile(file, '\n');
  await expect(givenToken({ ACTP_TOKEN: 'other' }, file)).rejects.toThrow(`${file} is empty.`);
});
