import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { openOwnRedis } from '@actp/testing/own-redis';
import { createAnchorCopies } from './anchor-copies.ts';

const redis = await openOwnRedis();
const folder = await mkdtemp(join(tmpdir(), 'actp-anchor-copies-'));
atEnd(() => rm(folder, { recursive: true, force: true }));
let data = folder;
let n = 0;

beforeEach(() => {
  n += 1;
  data = join(folder, String(n), 'data');
});

const open = () => createAnchorCopies(redis.env, data);
const inFolder = (text: string) => ({ where: 'the data folder', text });
const inRedis = (text: string) => ({ where: 'Redis', text });

describe('copies of an anchor', () => {
  it('are in the data folder, which need not be there, and in Redis', async () => {
    const copies = open();
    copies.write('one');
    await copies.close();
    const later = open();
    expect(await later.read()).toEqual([inFolder('one'), inRedis('one')]);
    await later.close();
    const path = join(data, 'audit', 'anchor.json');
    expect((await lstat(path)).mode & 0o777).toBe(0o600);
    expect((await lstat(join(data, 'audit'))).mode & 0o777).toBe(0o700);
  });

  it('are the last of many when they are closed', async () => {
    const copies = open();
    for (let i = 0; i < 50; i += 1) copies.write(String(i));
    await copies.close();
    const later = open();
    later.write('after');
    for (let i = 0; i < 20; i += 1) {
      await new Promise(setImmediate);
      later.write(`after ${i}`);
    }
    await later.close();
    const last = open();
    expect(await last.read()).toEqual([inFolder('after 19'), inRedis('after 19')]);
    await last.close();
  });

  it('are one where the other cannot be written or read', async () => {
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'audit'), 'a file in its place');
    const copies = open();
    copies.write('two');
    await copies.close();
    const later = open();
    expect(await later.read()).toEqual([inRedis('two')]);
    await later.close();
    expect(await readFile(join(data, 'audit'), 'utf8')).toBe('a file in its place');
  });

  it('hold nobody up while Redis is away', async () => {
    await redis.kill();
    const copies = open();
    copies.write('three');
    expect(await copies.close()).toBeUndefined();
    const later = open();
    expect(await later.read()).toEqual([inFolder('three')]);
    await later.close();
    await redis.start();
  });
});
