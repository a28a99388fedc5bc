import { rename } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { eventually } from '@actp/testing/eventually';
import { openFolder, type TestPlane } from './older-copy.fixture.ts';

const held = 'AC503';
const folder = await openFolder();

// What the plane did before and after the copy was made.
let plane = await folder.start();
expect(await plane.settled()).toBe('free');
const redeemed = await plane.ask();
const rejected = await plane.ask();
const granted = await plane.ask();
await plane.decide(redeemed, 'approved');
await plane.decide(granted, 'approved');
await plane.stop();
const putOlderBack = await folder.keep();

plane = await folder.start();
expect(await plane.settled()).toBe('free');
expect(await plane.redeem(redeemed)).toBe('redeemed');
expect(await plane.decide(rejected, 'rejected')).toBe('decided');
expect(await plane.stopAll('action:dm.bulk_send')).toBe('set');
await plane.stop();
const putNewestBack = await folder.keep();

async function releasesNothing(copy: TestPlane): Promise<void> {
  expect(await copy.redeem(redeemed)).not.toBe('redeemed');
  expect(await copy.redeem(granted)).not.toBe('redeemed');
  expect(await copy.decide(rejected, 'approved')).not.toBe('decided');
  expect(await copy.lift('action:dm.bulk_send')).not.toBe('lifted');
}

async function startAgain(): Promise<TestPlane> {
  await plane.stop();
  plane = await folder.start();
  return plane;
}

it('an older copy of the whole folder releases nothing, and what was open or granted in it is void once it is accepted', async () => {
  await putOlderBack();
  await startAgain();
  expect(await plane.settled()).toBe('behind');
  await releasesNothing(plane);
  expect(await plane.redeem(redeemed)).toBe(held);
  expect(await plane.decide(rejected, 'rejected')).toBe(held);
  await expect(plane.ask()).rejects.toThrow('older than at');
  expect(await plane.stopAll('agent:somebody')).toBe('set');

  expect(await plane.accept()).toMatchObject({ result: 'accepted', pending: 1, granted: 2 });
  expect(await plane.accept()).toEqual({ result: 'not_held' });
  expect(await plane.hold()).toBeNull();
  expect(await plane.state(redeemed)).toBe('lapsed');
  expect(await plane.state(rejected)).toBe('cancelled');
  expect(await plane.stopped()).toEqual(['action:dm.bulk_send', 'agent:somebody']);
  expect(await plane.redeem(redeemed)).not.toBe('redeemed');
  await plane.anchored();
  await startAgain();
  expect(await plane.settled()).toBe('free');
  expect(await plane.redeem(granted)).toBe('lapsed');
});

it('an older copy of the database alone releases nothing', async () => {
  await plane.stop();
  await putNewestBack();
  await putOlderBack('postgres');
  plane = await folder.start();
  expect(await plane.settled()).toBe('behind');
  await releasesNothing(plane);
});

it('an older copy of Redis alone changes nothing: what is released stands in the database', async () => {
  await plane.stop();
  await putNewestBack();
  await putOlderBack('redis');
  plane = await folder.start();
  // The newest copy was accepted away above: its anchor is the one of the copy.
  expect(await plane.settled()).toBe('behind');
  await releasesNothing(plane);
});
