import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '@actp/testing/at-end';
import { expect, it } from 'vitest';
import { runInProcess } from '../../in-process.fixture.ts';

const root = await mkdtemp(join(tmpdir(), 'actp-service-'));
atEnd(() => rm(root, { recursive: true }));

it('[OPS-001] the unit that is printed has what tells one copy from another, and no secret of the environment', async () => {
  const env = {
    GATEWAY_PORT: '9000',
    ACTP_DATA_DIR: '/srv/data',
    WORKER_SECRET: 'w'.repeat(40),
    LOG_LEVEL: 'info',
  };
  const { code, out } = await runInProcess(['service', 'install', '--print'], { root, env });
  expect(code).toBe(0);
  const set = out.split('\n').filter((line) => line.startsWith('Environment='));
  expect(set.slice(1)).toEqual(['Environment="GATEWAY_PORT=9000"', 'Environment="ACTP_DATA_DIR=/srv/data"']);
  expect(out).not.toContain(env.WORKER_SECRET);
});
