import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { sendThroughKills } from './kills.fixture.ts';

const stores = await openStores();

it('loses nothing that was acknowledged, and writes nothing twice, while auditor, gateway and Redis are killed', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'actp-kills-'));
  atEnd(() => rm(dataDir, { recursive: true, force: true }));
  const redis = await openOwnRedis();
  const { kills } = await sendThroughKills(
    { stores, redis, dataDir },
    { count: 1_000, batch: 5, everyMs: 1_000, kills: 3 },
  );
  expect(kills).toBeGreaterThanOrEqual(3);
});
