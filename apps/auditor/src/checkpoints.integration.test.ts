import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkpointDigest, lastCheckpoint } from '@actp/db/audit/checkpoint';
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
await stores.sql.query(
  `insert into actp_users (email, password_hash, role) values ('op@example.com', 'of a test', 'operator')`,
);
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

it('continues behind damage that an operator has acknowledged, and behind no other', async () => {
  const file = checkpointFile(dataDir);
  const db = createDb(stores.env, 'auditor', 20_000);
  const signer = createSigner('audit-signing-key-of-the-tests-0123456789');
  let elapsed = 60 * minutes;
  const checkpoints = createCheckpoints({
    db,
    producer,
    log,
    signer,
    file,
    timings: { checkEveryMs: 1, rows: 1_000, afterMs: 5 * minutes },
    elapsed: () => elapsed,
  });
  const take = async () => {
    elapsed += 6 * minutes;
    await row();
    await checkpoints.takeWhenDue();
    return count();
  };
  const forge = async () => {
    const { rows } = await stores.sql.query<{ n: string }>(
      `insert into actp_audit.checkpoints (n, payload, signature)
       select max(n) + 1, '{}', 'AAAA' from actp_audit.checkpoints returning n`,
    );
    return Number(rows[0]?.n);
  };
  const acknowledge = async () => {
    const [stored, outside] = [await lastCheckpoint(db), (await file.read()).last];
    const place = (one: typeof stored) => one && JSON.stringify({ n: one.n, digest: checkpointDigest(one) });
    await stores.sql.query(
      `select acknowledge_audit_damage('[{"checkpoint": 3, "reason": "not signed"}]', $1, $2, 'seen', 'operator:op@example.com', '{}')`,
      [place(stored), place(outside)],
    );
  };

  const before = Number(await take());
  expect(await forge()).toBe(before + 1);
  expect(await take()).toBe(before + 1);
  await acknowledge();
  // Damage that came after the acknowledgement is not covered by it.
  await forge();
  expect(await take()).toBe(before + 2);
  await acknowledge();
  expect(await take()).toBe(before + 3);
  expect((await file.read()).last?.n).toBe(before + 3);

  // An older copy of the database, which the operator means to use.
  await stores.sql.query('alter table actp_audit.checkpoints disable trigger user');
  await stores.sql.query('delete from actp_audit.checkpoints where n > $1', [before]);
  await stores.sql.query('alter table actp_audit.checkpoints enable trigger user');
  expect(await take()).toBe(before);
  await acknowledge();
  expect(await take()).toBe(before + 1);
  expect((await file.read()).last?.n).toBe(before + 1);
});
