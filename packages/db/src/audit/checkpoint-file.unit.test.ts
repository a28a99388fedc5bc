import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkpointFile } from './checkpoint-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'actp-checkpoints-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const checkpoint = (n: number, size = 10) => ({ n, payload: 'x'.repeat(size), signature: 's' });

it('is empty where there is none', async () => {
  expect(await checkpointFile(join(folder, 'none')).read()).toEqual({
    publicKey: undefined,
    last: undefined,
  });
});

it('gives the key and the newest checkpoint, also of a file that has grown large, and behind half a line', async () => {
  const file = checkpointFile(folder);
  await file.append([{ public_key: 'key' }, checkpoint(1)]);
  for (let n = 2; n < 20; n += 1) await file.append([checkpoint(n, 200_000)]);
  await appendFile(join(folder, 'audit', 'checkpoints.jsonl'), '{"n":20,"payl');
  expect(await file.read()).toEqual({ publicKey: 'key', last: checkpoint(19, 200_000) });
  await file.append([checkpoint(20)]);
  expect((await file.read()).last).toEqual(checkpoint(20));
});

it('gives the newest checkpoint, whatever was written behind it', async () => {
  const file = checkpointFile(join(folder, 'older-behind'));
  await file.append([checkpoint(2), checkpoint(3), checkpoint(1)]);
  expect((await file.read()).last).toEqual(checkpoint(3));
});
