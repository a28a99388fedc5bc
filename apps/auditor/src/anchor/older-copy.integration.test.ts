import { copyFile, rm } from 'node:fs/promises';
import process from 'node:process';
import { expect, it } from 'vitest';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { verifyAuditLog } from '@actp/db/audit/verify-log';
import { createDb } from '@actp/db/client';
import { databaseAppKey } from '@actp/db/access/app-key';
import { eventually } from '@actp/testing/eventually';
import { appSecret, openFolder, signingKey, type TestPlane } from './older-copy.fixture.ts';

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
const newestAnchor = `${folder.anchor}.newest`;
await copyFile(folder.anchor, newestAnchor);

async function releasesNothing(copy: TestPlane): Promise<void> {
  expect(await copy.redeem(redeemed)).toBe(held);
  expect(await copy.redeem(granted)).toBe(held);
  expect(await copy.decide(rejected, 'approved')).toBe(held);
  expect(await copy.decide(rejected, 'rejected')).toBe(held);
  await expect(copy.ask()).rejects.toThrow('older than at');
}

it('an older copy of the database alone releases nothing', async () => {
  await putOlderBack('postgres');
  plane = await folder.start();
  expect(await plane.settled()).toBe('behind');
  await releasesNothing(plane);
  await plane.stop();
});

it('an older copy of the whole folder releases nothing, and accepting it makes void what was open or granted', async () => {
  await putOlderBack();
  plane = await folder.start();
  expect(await plane.settled()).toBe('behind');
  await releasesNothing(plane);
  expect(await plane.stopAll('agent:somebody')).toBe('set');
  expect(await plane.lift('agent:somebody')).toBe(held);

  // Two operators at once: one is told that there is nothing to accept any more.
  const both = await Promise.all([plane.accept(), plane.accept()]);
  expect(both.map(({ result }) => String(result)).toSorted()).toEqual(['accepted', 'not_held']);
  expect(both.find(({ result }) => result === 'accepted')).toMatchObject({ pending: 1, granted: 2 });
  expect(await plane.hold()).toBeNull();
  expect(await plane.state(redeemed)).toBe('lapsed');
  expect(await plane.state(rejected)).toBe('cancelled');
  expect(await plane.stopped()).toEqual(['action:dm.bulk_send', 'agent:somebody']);
  await plane.anchored();
  await plane.stop();
});

it('an older copy of Redis alone changes nothing, and an accepted database stays accepted', async () => {
  await putOlderBack('redis');
  plane = await folder.start();
  expect(await plane.settled()).toBe('free');
  expect(await plane.redeem(redeemed)).toBe('lapsed');
  expect(await plane.redeem(granted)).toBe('lapsed');
  expect(await plane.decide(rejected, 'approved')).toBe('already_decided');
  expect(await plane.stopped()).toEqual(['action:dm.bulk_send', 'agent:somebody']);
  await plane.stop();
});

it('a lost anchor and another signing key hold the plane until they are put back', async () => {
  await putNewestBack();
  await rm(folder.anchor);
  plane = await folder.start();
  expect(await plane.settled()).toBe('anchor_missing');
  expect((await plane.hold())?.reason).toMatch(/is missing.*a copy in the data folder is of/);
  expect(await plane.redeem(granted)).toBe(held);
  await copyFile(newestAnchor, folder.anchor);
  await eventually(async () => (await plane.hold()) === null);
  expect(await plane.state(redeemed)).toBe('redeemed');

  const key = 'another-signing-key-of-the-tests-0123456789';
  await plane.restartAuditor({ key });
  await eventually(async () => (await plane.hold())?.code === 'signing_key');
  expect(await plane.redeem(granted)).toBe(held);
  const signed = await checkpointFile(folder.data).read();
  await plane.restartAuditor();
  await eventually(async () => (await plane.hold()) === null);
  expect((await checkpointFile(folder.data).read()).last?.n).toBeGreaterThanOrEqual(signed.last?.n ?? 0);

  // The old key signs the new one, and verification follows.
  await plane.restartAuditor({ key, previous: signingKey });
  await eventually(() => plane.isRotated());
  await plane.anchored();
  await plane.restartAuditor({ key });
  await plane.stopAll('agent:somebody');
  await plane.anchored();
  const db = createDb(
    { ...plane.stores.env, DATABASE_APP_KEY: databaseAppKey(appSecret, 'cli') },
    'cli',
    20_000,
  );
  const { publicKey, last } = await checkpointFile(folder.data).read();
  const verified = await verifyAuditLog({ db, publicKey, outside: last });
  expect(verified).toMatchObject({ ok: true, checkpoint: { signed: true } });
  await plane.stop();
});

it('Postgres that is killed under a running auditor is held until that has compared, and released again', async () => {
  await putNewestBack();
  await copyFile(newestAnchor, folder.anchor);
  plane = await folder.start();
  expect(await plane.settled()).toBe('free');
  const startedAt = () => plane.serverStart();
  const before = await startedAt();
  process.kill(plane.stores.parts.postgres?.pid() ?? 0, 'SIGKILL');
  // It may be compared again before anybody asks: what counts is the end.
  await eventually(async () => (await startedAt()) !== before);
  await eventually(async () => (await plane.hold()) === null);
  // The answer of a plane that is not held: its action was stopped.
  expect(await plane.redeem(granted)).toBe('kill_switch');
  expect(await plane.heldEver()).toBe(false);

  // With no auditor the restarted server releases nothing.
  await plane.stopAuditor();
  const again = await startedAt();
  process.kill(plane.stores.parts.postgres?.pid() ?? 0, 'SIGKILL');
  await eventually(async () => (await startedAt()) !== again);
  expect((await plane.hold())?.code).toBe('unconfirmed');
  expect(await plane.decide(rejected, 'approved')).toBe(held);
  await plane.restartAuditor();
  await eventually(async () => (await plane.hold()) === null);
  expect(await plane.heldEver()).toBe(false);
  await plane.stop();
});

it('a lost signing key is replaced when an operator accepts that, and verification follows', async () => {
  await putNewestBack();
  await copyFile(newestAnchor, folder.anchor);
  const key = 'a-signing-key-after-the-lost-one-0123456789';
  plane = await folder.start({ key });
  expect(await plane.settled()).toBe('signing_key');
  expect(await plane.redeem(granted)).toBe(held);
  // Not by the way: whoever accepts has to say that the key is another one.
  expect(await plane.accept()).toMatchObject({ result: 'signing_key' });
  expect(await plane.accept({ newKey: true })).toMatchObject({ result: 'accepted' });
  await eventually(async () => (await plane.hold()) === null);
  expect(await plane.redeem(granted)).toBe('lapsed');
  await plane.anchored();
  await plane.stopAll('agent:after-the-key');
  await plane.anchored();
  const file = checkpointFile(folder.data);
  expect(await file.acceptedKeys()).toHaveLength(1);
  const db = createDb(
    { ...plane.stores.env, DATABASE_APP_KEY: databaseAppKey(appSecret, 'cli') },
    'cli',
    20_000,
  );
  // A checkpoint of the new key has to be there.
  const [accepted] = await file.acceptedKeys();
  await eventually(async () => ((await file.read()).last?.n ?? 0) >= (accepted?.from ?? Infinity));
  const { publicKey, last } = await file.read();
  const verified = await verifyAuditLog({
    db,
    publicKey,
    outside: last,
    accepted: await file.acceptedKeys(),
  });
  expect(verified).toMatchObject({ ok: true, checkpoint: { signed: true } });

  // Also after a start, and the old key is not taken any more.
  await plane.stop();
  plane = await folder.start({ key });
  expect(await plane.settled()).toBe('free');
  await plane.restartAuditor();
  await eventually(async () => (await plane.hold())?.code === 'signing_key');
  await plane.stop();
});
