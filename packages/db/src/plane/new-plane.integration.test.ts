import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';
import { killSwitchCalls } from '../approvals/kill-switch.fixture.ts';

const { sql } = await openDatabase();
const approvals = approvalCalls(sql);
const switches = killSwitchCalls(sql);
// They make accounts at their first call.
await Promise.all([approvals.request(), switches.active()]);
const unconfirmed = { code: 'AC503', detail: 'unconfirmed' };

async function releasesNothing(): Promise<void> {
  await expect(sql.query('select releasable_kill_switches()')).rejects.toMatchObject(unconfirmed);
  await expect(approvals.request()).rejects.toMatchObject(unconfirmed);
}

describe('a new, empty database', () => {
  it('releases nothing before an auditor has looked: where another plane was, its stops are not here yet', async () => {
    await sql.query(
      'update actp_audit.plane set confirmed_for = null, anchored_rows = null, made_empty = true',
    );
    await releasesNothing();
    expect((await switches.set('action:x.y')).result).toBe('set');
    await sql.query(`select confirm_plane(null, 'a public key')`);
    await expect(approvals.request()).resolves.toMatchObject({ status: 'pending' });
    await sql.query('select releasable_kill_switches()');
  });

  it('releases nothing either when it has lost the row that says which plane it is', async () => {
    await sql.query('truncate actp_audit.plane');
    await releasesNothing();
  });
});
