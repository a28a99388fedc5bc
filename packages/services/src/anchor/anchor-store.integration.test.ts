import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import {
  advanceAnchor,
  confirmPlane,
  holdPlane,
  isReleased,
  noteAnchorProblem,
  noteEarlierPlane,
  readHold,
  readPlane,
  rotateSigningKey,
} from './anchor-store.ts';

const stores = await openStores();
const { sql } = stores;
const db = createDb(stores.env, 'auditor', 20_000);
const cli = createDb(stores.env, 'cli', 20_000);
const key = 'the-public-key';
const plane = async () => {
  const found = await readPlane(db);
  if (found === null) throw new Error('which plane it is, nobody knows');
  return found;
};
const row = () =>
  sql.query(`insert into actp_agent_audit_log (agent_id, action_type, status) values ('a', 'b.c', 'ok')`);

describe('the anchor of a plane', () => {
  it('is compared, and grows with the audit log', async () => {
    expect(await confirmPlane(db, null, key)).toBe('confirmed');
    expect(await confirmPlane(db, null, 'another key')).toBe('signing_key');
    const first = await plane();
    expect(first).toMatchObject({ anchored: false, confirmed: true, held: null, signing_key: key });
    expect([await readHold(cli), isReleased(first)]).toEqual([null, true]);
    await row();
    const { total } = await plane();
    const grown = await advanceAnchor(db, { total: 0, epoch: first.epoch });
    // It has had none before.
    expect(grown).toMatchObject({ total, anchored: null, next: { written: total } });
    expect(grown.next?.facts).toMatchObject({ plane_id: first.plane_id, total, epoch: first.epoch });
    expect(grown.next?.facts).not.toHaveProperty('written');
    expect(grown.next?.facts.heads.length).toBeGreaterThan(0);
    const same = await advanceAnchor(db, { total, epoch: first.epoch });
    expect(same).toMatchObject({ total, anchored: total });
    expect(same.next).toBeUndefined();
    if (grown.next === undefined) throw new Error('it has not grown');
    const { facts } = grown.next;
    expect(await confirmPlane(db, facts, key)).toBe('confirmed');
    expect(await confirmPlane(db, { ...facts, plane_id: randomUUID() }, key)).toBe('other_plane');
    expect(await confirmPlane(db, { ...facts, total: total + 1 }, key)).toBe('behind');
  });

  it('that cannot be written is said once, and once that it can be again', async () => {
    const said = [];
    for (const problem of ['no room', 'no room', null, null]) said.push(await noteAnchorProblem(db, problem));
    expect(said).toEqual([true, false, true, false]);
    await noteAnchorProblem(db, 'no room');
    expect((await plane()).anchor_problem).toBe('no room');
    await noteAnchorProblem(db, null);
  });

  it('is signed with another key from the checkpoint on that says so', async () => {
    const checkpoint = {
      n: 1,
      payload: JSON.stringify({ v: 1, n: 1, kind: 'key', key: 'new' }),
      signature: 's',
    };
    const keys = { old: 'wrong', new: 'new' };
    expect(await rotateSigningKey(db, checkpoint, keys)).toBe(false);
    expect(await rotateSigningKey(db, checkpoint, { ...keys, old: key })).toBe(true);
    expect((await plane()).signing_key).toBe('new');
  });
});

describe('a plane that is held', () => {
  it('says why, and is released by nobody who only compares', async () => {
    const { epoch } = await plane();
    const hold: Parameters<typeof holdPlane>[1] = {
      code: 'behind',
      reason: 'rows are missing',
      anchor: { epoch, stopped: [] },
      epoch,
    };
    expect(await holdPlane(db, { ...hold, epoch: epoch + 1 })).toBe(false);
    expect(await holdPlane(db, hold)).toBe(true);
    expect(await holdPlane(db, hold)).toBe(false);
    expect(await readHold(cli)).toMatchObject({ code: 'behind', reason: 'rows are missing' });
    const held = await plane();
    expect([held.held?.code, isReleased(held)]).toEqual(['behind', false]);
    expect(await confirmPlane(db, null, 'new')).toBe('behind');
    expect(await advanceAnchor(db, { total: 0, epoch })).toMatchObject({ held: { code: 'behind' } });
  });

  it('is released while nothing holds it but a start since it was accepted', async () => {
    const held = await plane();
    const unconfirmed = { code: 'unconfirmed', reason: 'x', since: 'x' } as const;
    expect(isReleased({ ...held, accepted: true, held: unconfirmed })).toBe(true);
    expect(isReleased({ ...held, accepted: false, held: unconfirmed })).toBe(false);
    expect(isReleased({ ...held, accepted: true })).toBe(false);
    expect(isReleased({ ...held, accepted: false, held: null })).toBe(true);
  });
});

describe('a new plane where another one was', () => {
  it('stops what was stopped there', async () => {
    const other = await openStores();
    const fresh = createDb(other.env, 'auditor', 20_000);
    const stopped = [
      { scope: 'agent:buyer', reason: 'x', set_by: 'operator:a', since: '2026-06-01T12:00:00Z' },
    ];
    // A copy of a database that a test is given may have grown up already.
    await other.sql.query('update actp_audit.plane set made_empty = true, anchored_rows = null');
    expect(await noteEarlierPlane(fresh, 'of before', stopped)).toEqual(['agent:buyer']);
    const { rows } = await other.sql.query('select scope from actp_kill_switches where lifted_at is null');
    expect(rows).toEqual([{ scope: 'agent:buyer' }]);
    await expect(noteEarlierPlane(db, 'of before', null)).rejects.toThrow('this database is not new');
  });

  it('is nothing that anybody knows when its row is gone', async () => {
    const other = await openStores();
    await other.sql.query('delete from actp_audit.plane');
    expect(await readPlane(createDb(other.env, 'auditor', 20_000))).toBeNull();
  });
});
