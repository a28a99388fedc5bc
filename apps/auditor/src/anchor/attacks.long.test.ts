import { execFile } from 'node:child_process';
import { copyFile, cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { openFolder, type TestPlane } from './older-copy.fixture.ts';

const held = 'AC503';
const run = promisify(execFile);

async function approved(plane: TestPlane): Promise<string> {
  const id = await plane.ask();
  expect(await plane.decide(id, 'approved')).toBe('decided');
  return id;
}

it('a data folder that was copied while the plane ran, and is put back, releases nothing', async () => {
  const folder = await openFolder();
  let plane = await folder.start();
  expect(await plane.settled()).toBe('free');
  const id = await approved(plane);
  const copied = `${folder.data}.hot`;
  await plane.stores.sql.query('checkpoint');
  // Files that come and go meanwhile are no reason to stop.
  await run('cp', ['-a', folder.data, copied]).catch(() => undefined);
  // It names this process, which goes on.
  await rm(join(copied, 'lock'), { force: true, recursive: true });
  expect(await plane.redeem(id)).toBe('redeemed');
  await plane.stop();
  await rm(folder.data, { recursive: true });
  await rename(copied, folder.data);

  plane = await folder.start();
  expect(await plane.settled()).toBe('behind');
  expect(await plane.state(id)).toBe('approved');
  expect(await plane.redeem(id)).toBe(held);
  await plane.stop();
});

it('an older database with its anchor of then is shown by the copy in Redis, and by that in the data folder', async () => {
  const folder = await openFolder();
  let plane = await folder.start();
  expect(await plane.settled()).toBe('free');
  const id = await approved(plane);
  await plane.stop();
  const putBack = await folder.keep();
  const olderAnchor = `${folder.anchor}.older`;
  await copyFile(folder.anchor, olderAnchor);
  plane = await folder.start();
  expect(await plane.settled()).toBe('free');
  expect(await plane.redeem(id)).toBe('redeemed');
  await plane.stop();
  const newer = `${folder.data}.newer`;
  await cp(folder.data, newer, { recursive: true, preserveTimestamps: true });

  const rest: ReadonlyArray<readonly [string, () => Promise<unknown>]> = [
    ['Redis', () => rm(join(folder.data, 'audit', 'anchor.json'))],
    ['the data folder', () => putBack('redis')],
  ];
  for (const [where, lose] of rest) {
    await rm(folder.data, { recursive: true });
    await cp(newer, folder.data, { recursive: true, preserveTimestamps: true });
    await putBack('postgres');
    await copyFile(olderAnchor, folder.anchor);
    await lose();
    plane = await folder.start();
    expect([where, await plane.settled()]).toEqual([where, 'behind']);
    expect((await plane.hold())?.reason).toContain(`a copy in ${where}`);
    expect(await plane.redeem(id)).toBe(held);
    await plane.stop();
  }
});

it('a data folder that is moved needs its anchor, and a copy of it that runs as well holds itself', async () => {
  const folder = await openFolder();
  let plane = await folder.start();
  expect(await plane.settled()).toBe('free');
  const id = await approved(plane);
  await plane.stop();
  const moved = `${folder.data}.moved`;
  await cp(folder.data, moved, { recursive: true, preserveTimestamps: true });

  // As by default, where the anchor's name is that of the folder.
  plane = await folder.start({}, { data: moved, anchor: `${folder.anchor}.moved` });
  expect(await plane.settled()).toBe('anchor_missing');
  expect(await plane.redeem(id)).toBe(held);
  await plane.stop();

  plane = await folder.start();
  expect(await plane.settled()).toBe('free');
  expect(await plane.redeem(id)).toBe('redeemed');
  await plane.anchored();
  const copy = await folder.start({}, { data: moved });
  await eventually(async () => (await copy.hold())?.code === 'behind');
  expect(await copy.redeem(id)).toBe(held);
  await copy.stop();
  expect(await plane.hold()).toBeNull();
  await plane.stop();

  await rm(moved, { recursive: true });
  await rename(folder.data, moved);
  plane = await folder.start({}, { data: moved });
  expect(await plane.settled()).toBe('free');
  await plane.stop();
});
