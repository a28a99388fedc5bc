import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { sendThroughKills } from './kills.fixture.ts';

const stores = await openStores();

it('100,000 events, killed again and again: nothing is missing, nothing is there twice', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-kills-'));
  atEnd(() => rm(dataDir, { recursive: true, force: true }));
  const redis = await openOwnRedis();
  const { kills } = await sendThroughKills(
    { stores, redis, dataDir },
    { count: 100_000, batch: 20, everyMs: 1_500, kills: 20 },
  );
  expect(kills).toBeGreaterThanOrEqual(20);
});
