import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpointFile } from '@actp/db/audit/checkpoint-file';
import { createSigner } from '@actp/db/audit/signature';
import { createDb } from '@actp/db/client';
import { createProducer } from '@actp/shared/jobs/producer';
import { createLogger } from '@actp/shared/log';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openStores } from '@actp/testing/stores';
import { createCheckpoints } from './checkpoints.ts';

const stores = await openStores();
const dataDir = await mkdtemp(join(tmpdir(), 'actp-checkpoints-'));
const log = createLogger({ app: 'test', level: 'silent' });
const producer = createProducer({ redis: stores.env, log });
atEnd(async () => {
  await producer.close();
  await rm(dataDir, { recursive: true, force: true });
});
await eventually(() => producer.ping().then(() => true));

const minutes = 60_000;
const row = () =>
  stores.sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`,
  );
const count = async () =>
  (await stores.sql.query<{ n: number }>('select count(*)::int as n from actp_audit.checkpoints')).rows[0]?.n;

it('signs in the interval that has really gone by, whatever was done to the clock', async () => {
  let elapsed = 20;
  const checkpoints = createCheckpoints({
    db: createDb(stores.env, 'auditor', 20_000),
    producer,
    log,
    signer: createSigner('audit-signing-key-of-the-tests-0123456789'),
    file: checkpointFile(dataDir),
    timings: { checkEveryMs: 1, rows: 1_000, afterMs: 5 * minutes },
    elapsed: () => elapsed,
  });
  const clock = Date.now;
  atEnd(() => {
    Date.now = clock;
    return Promise.resolve();
  });
  // The first one right after the start, while the clock is a day ahead.
  Date.now = () => clock() + 24 * 60 * minutes;
  await row();
  await checkpoints.takeWhenDue();
  expect(await count()).toBe(1);
  // Then it is set right.
  Date.now = clock;
  await row();
  elapsed += 4 * minutes;
  await checkpoints.takeWhenDue();
  expect(await count()).toBe(1);
  elapsed += 2 * minutes;
  await checkpoints.takeWhenDue();
  expect(await count()).toBe(2);
});
