import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { checkpointDigest, lastCheckpoint, type Checkpoint } from '@actp/db/audit/checkpoint';
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
const dataDir = await mkdtemp(join(tmpdir(), 'actp-checkpoint-alarms-'));
const log = createLogger({ app: 'test', level: 'silent' });
const producer = createProducer({ redis: stores.env, log });
atEnd(async () => {
  await producer.close();
  await rm(dataDir, { recursive: true, force: true });
});
await eventually(() => producer.ping().then(() => true));

const db = createDb(stores.env, 'auditor', 20_000);
const signer = createSigner('audit-signing-key-of-the-tests-0123456789');
const stranger = createSigner('audit-signing-key-of-somebody-else-012345');
const file = checkpointFile(dataDir);
const checkpoints = createCheckpoints({
  db,
  producer,
  log,
  signer,
  file,
  // Every row makes one due.
  timings: { checkEveryMs: 1, rows: 1, afterMs: 1 },
});

/** As the owner of the database, who can do anything to it. */
async function tamper(statement: string, values: unknown[] = []): Promise<void> {
  await stores.sql.query('alter table actp_audit.checkpoints disable trigger user');
  await stores.sql.query(statement, values);
  await stores.sql.query('alter table actp_audit.checkpoints enable trigger user');
}
async function take(): Promise<void> {
  await stores.sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`,
  );
  await checkpoints.takeWhenDue();
}
const signed = async () => ({
  inDatabase: (await stores.sql.query('select n, payload, signature from actp_audit.checkpoints order by n'))
    .rows,
  inFile: (await file.read()).last,
});
const alarms = async () => {
  const { rows } = await stores.sql.query<{ body: string }>(
    `select body from actp_notifications where kind = 'audit.alarm' order by created_at`,
  );
  return rows.map(({ body }) => body.split('\n')[0]);
};

beforeEach(async () => {
  await tamper('truncate actp_audit.checkpoints');
  await stores.sql.query('delete from actp_notifications');
  await rm(join(dataDir, 'audit'), { recursive: true, force: true });
  await take();
  await take();
  expect((await lastCheckpoint(db))?.n).toBe(2);
  expect(await alarms()).toEqual([]);
});

const payload = JSON.stringify({ v: 1, n: 3, at: '', prev: '', kind: 'heads', heads: [] });
const add = 'insert into actp_audit.checkpoints (n, payload, signature) values (3, $1, $2)';
const replace = 'update actp_audit.checkpoints set payload = $1, signature = $2 where n = 2';
const unsigned = 'checkpoint 3 in the database is not signed with AUDIT_SIGNING_KEY.';

describe('a checkpoint that is not as it was signed', () => {
  it.each([
    ['added without a signature', add, [payload, 'AAAA'], unsigned],
    ['added with the signature of another key', add, [payload, stranger.sign(payload)], unsigned],
    ['added with the signature of another text', add, [payload, signer.sign(`${payload} `)], unsigned],
    [
      'replaced by another one with our signature',
      replace,
      [payload, signer.sign(payload)],
      'checkpoint 2 differs between the file and the database.',
    ],
    [
      'taken out of the database',
      'delete from actp_audit.checkpoints where n = 2',
      [],
      'checkpoint 2 is in the file but not in the database.',
    ],
    [
      'taken out of the database with all others',
      'delete from actp_audit.checkpoints',
      [],
      'checkpoint 2 is in the file but not in the database.',
    ],
  ])('raises an alarm, and nothing more is signed: %s', async (_how, statement, values, problem) => {
    await tamper(statement, values);
    const before = await signed();
    const dropped: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      await take();
      const drop = (checkpoint: unknown) => Promise.resolve(dropped.push(checkpoint) > 0);
      expect(await checkpoints.retire('2020-01-01', drop)).toBe(false);
    }
    expect(await signed()).toEqual(before);
    expect(dropped).toEqual([]);
    expect(await alarms()).toEqual([`🔴 Audit log integrity check failed: ${problem}`]);
  });
});

describe('damage that an operator has acknowledged', () => {
  const acknowledge = async () => {
    const place = (one: Checkpoint | undefined) =>
      one && JSON.stringify({ n: one.n, digest: checkpointDigest(one) });
    await stores.sql.query(
      `select acknowledge_audit_damage('[{"checkpoint": 2, "reason": "missing"}]', $1, $2, 'seen', 'operator:op@example.com', '{}')`,
      [place(await lastCheckpoint(db)), place((await file.read()).last)],
    );
  };
  const takeOut = () => tamper('delete from actp_audit.checkpoints where n > 1');
  /** Whether nothing is signed, though something is due. */
  const isRefused = async () => {
    const before = await signed();
    await take();
    expect(await signed()).toEqual(before);
  };

  it('is passed over once: the same done again is another damage', async () => {
    await takeOut();
    await isRefused();
    await acknowledge();
    await take();
    expect((await lastCheckpoint(db))?.n).toBe(2);
    await takeOut();
    await isRefused();
  });

  it('is passed over as it was seen: what was changed since is not', async () => {
    await takeOut();
    await acknowledge();
    const other = JSON.stringify({ v: 1, n: 1, at: '', prev: '', kind: 'heads', heads: [] });
    await tamper('update actp_audit.checkpoints set payload = $1, signature = $2 where n = 1', [
      other,
      signer.sign(other),
    ]);
    await isRefused();
  });
});
