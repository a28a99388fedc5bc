import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { readHeads } from './checkpoint.ts';
import { deleteRetiredEventIds, listOldDays, makePartitions, retireDay } from './retire.ts';

const stores = await openStores();
const { sql } = stores;
const db = createDb(stores.env, 'auditor', 20_000);
const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const partitions = async () =>
  (await sql.query(`select 1 from pg_inherits where inhparent = 'public.actp_agent_audit_log'::regclass`))
    .rowCount ?? 0;

it('the partitions of the coming days are made once', async () => {
  const before = await partitions();
  const made = await makePartitions(db, 40);
  expect(made).toBeGreaterThan(0);
  expect(await partitions()).toBe(before + made);
  expect(await makePartitions(db, 40)).toBe(0);
});

it('a day that is old enough is dropped with the checkpoint that signs its ends, and then its ids', async () => {
  // Rows of a day that is long over: as they would be if they had been written then.
  const old = day(40);
  const owner = await sql.connect();
  await owner.query('begin');
  await owner.query('set local session_replication_role = replica');
  await owner.query(
    `insert into actp_audit.lanes (day, lane, seq, hash) values ($1, 0, 1, decode(repeat('ab', 32), 'hex'))`,
    [old],
  );
  await owner.query(`insert into actp_audit.event_ids (event_id, day) values ($1, $2)`, [randomUUID(), old]);
  await owner.query(`insert into actp_audit.retention (days) values (30) on conflict do nothing`);
  await owner.query(`update actp_audit.retention set days = 30`);
  await owner.query('commit');
  owner.release();

  expect(await listOldDays(db, 40)).toEqual([]);
  expect(await listOldDays(db, 30)).toEqual([old]);
  const heads = await readHeads(db, old);
  const checkpoint = { n: 1, payload: JSON.stringify({ kind: 'retired', day: old, heads }), signature: 's' };
  expect(await retireDay(db, old, { ...checkpoint, n: 9 }, heads)).toBe(false);
  expect(await retireDay(db, old, checkpoint, [])).toBe(false);
  expect(await retireDay(db, old, checkpoint, heads)).toBe(true);
  expect(await listOldDays(db, 30)).toEqual([]);
  const { rows } = await sql.query('select n::int, payload, signature from actp_audit.checkpoints');
  expect(rows).toEqual([checkpoint]);
  // Ids are forgotten when a younger day has rows.
  await sql.query(
    `insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`,
  );
  expect(await deleteRetiredEventIds(db)).toBe(1);
  expect(await deleteRetiredEventIds(db)).toBe(0);
});

it('ids are forgotten in as many calls as they take', async () => {
  const counts = [10_000, 10_000, 3];
  const answering = { call: () => Promise.resolve(counts.shift() as never) };
  expect(await deleteRetiredEventIds(answering)).toBe(20_003);
  expect(counts).toEqual([]);
});
