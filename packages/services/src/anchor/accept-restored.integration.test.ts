import { expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { openStores } from '@actp/testing/stores';
import { openTasks, redeem, release } from '../tasks/releases.fixture.ts';
import { openVerbs } from '../verbs.fixture.ts';
import { acceptRestored } from './accept-restored.ts';
import { advanceAnchor, confirmPlane, holdPlane, isReleased, readHold, readPlane } from './anchor-store.ts';

const stores = await openStores();
const { sql } = stores;
const { operator } = await openVerbs(stores);
const { executor, task, approved } = await openTasks(stores);
const db = createDb(stores.env, 'auditor', 20_000);
const cli = createDb(stores.env, 'cli', 20_000);
const accept = (over: Partial<Parameters<typeof acceptRestored>[1]> = {}) =>
  acceptRestored(cli, { by: 'root', newSigningKey: false, dryRun: false, ...over });

async function hold(code: Parameters<typeof holdPlane>[1]['code'], stopped: object[] | null) {
  const plane = await readPlane(db);
  if (plane === null) throw new Error('which plane it is, nobody knows');
  const { epoch } = plane;
  const anchor = stopped && { epoch, stopped: stopped as never };
  await holdPlane(db, { code, reason: 'rows are missing', anchor, epoch });
}

it('a restored database is accepted by an operator at the machine; what could release something in it is void', async () => {
  await confirmPlane(db, null, 'the-key');
  expect(await accept()).toEqual({ result: 'not_held' });
  await operator('ann@example.com');
  await approved(executor());
  const waiting = await task();
  await hold('behind', [
    { scope: 'agent:buyer', reason: 'x', set_by: 'operator:a', since: '2026-06-01T12:00:00Z' },
  ]);

  const facts = {
    ...{ code: 'behind', reason: 'rows are missing', pending: 0, granted: 1, tasks: 2, sessions: 1 },
    ...{ effects: [], stopped: ['agent:buyer'] },
  };
  expect(await accept({ dryRun: true })).toEqual({ result: 'would_accept', ...facts });
  const before = await readPlane(db);
  expect(before && isReleased(before)).toBe(false);
  expect(await accept({ by: 'x'.repeat(200) })).toEqual({ result: 'accepted', ...facts });
  const after = await readPlane(db);
  expect(after && isReleased(after)).toBe(true);
  const { rows } = await sql.query('select status from actp_tasks where id = $1', [waiting]);
  expect(rows).toEqual([{ status: 'failed' }]);
  const audited = await sql.query(
    `select agent_id from actp_agent_audit_log where action_type = 'plane.accepted'`,
  );
  expect(audited.rows).toEqual([{ agent_id: `system:${'x'.repeat(93)}` }]);
  expect((await advanceAnchor(db, { total: 0, epoch: 0 })).epoch).toBe((before?.epoch ?? 0) + 1);
});

it('names the effects of which nobody can know whether they happened', async () => {
  const store = executor();
  await sql.query('delete from actp_kill_switches');
  const id = await approved(store);
  const { effect } = await store.release(id, release, redeem);
  await hold('behind', []);
  expect(await accept({ dryRun: true })).toMatchObject({
    effects: [{ id: effect?.id, task_id: id, action: 'payment.purchase', key: `actp-key-of-${id}` }],
  });
  await accept();
});

it.each(['behind', 'other_plane', 'anchor_missing', 'anchor_unusable'] as const)(
  'is held and accepted for whatever it was held: %s',
  async (code) => {
    await hold(code, []);
    expect(await readHold(cli)).toEqual({
      ...{ code, reason: 'rows are missing', since: expect.any(String) as string },
    });
    expect(await accept()).toMatchObject({ result: 'accepted', code });
    expect(await readHold(cli)).toBeNull();
  },
);

it('a database that was not compared since its server was started is not accepted', async () => {
  await sql.query(`update actp_audit.plane set confirmed_for = 'another start'`);
  expect(await readHold(cli)).toMatchObject({ code: 'unconfirmed' });
  expect(await accept()).toEqual({ result: 'not_compared' });
  await confirmPlane(db, null, 'the-key');
});

it('another signing key is accepted only on purpose', async () => {
  await hold('signing_key', null);
  expect(await accept()).toEqual({ result: 'signing_key', reason: 'rows are missing' });
  expect(await accept({ newSigningKey: true })).toMatchObject({ result: 'accepted', stopped: ['all'] });
  expect((await readPlane(db))?.signing_key).toBeNull();
});
