import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { context, withOperators } from '../approvals/approvals.fixture.ts';
import { byItself, rowCalls, type Row } from './rows.fixture.ts';

const { sql } = await openDatabase();
await withOperators(sql)();
const { call, expectRows } = rowCalls(sql);

describe('what the guard allowed leaves a row of how it went', () => {
  const claims = [{ counter: 'c', amount: 1, max: 100, seconds: 60, over: 'deny' }];
  const grant = async () =>
    (await call<{ grant_id: string }>('claim_limits($1, $2, $3)', 'agent-1', 'a.b', JSON.stringify(claims)))
      .grant_id;
  const report = (id: string, outcome: string, before = false, by: object = context) =>
    call('record_guard_outcome($1, $2, $3, $4)', id, outcome, before, by);
  const uses = async (id: string) =>
    (await sql.query('select from actp_limit_uses where grant_id = $1', [id])).rows.length;

  it.each<[outcome: string, before: boolean, status: string, counted: number]>([
    ['succeeded', false, 'ok', 1],
    ['failed', false, 'error', 1],
    ['failed', true, 'error', 0],
  ])('%s (before the effect: %s), once', async (outcome, before, status, counted) => {
    const id = await grant();
    const facts = { grant_id: id, action: 'a.b', allowed_to: 'agent-1', outcome, before_effect: before };
    await expectRows(async () => {
      expect(await report(id, outcome, before)).toEqual({ result: 'recorded' });
      expect(await report(id, outcome, before)).toEqual({ result: 'recorded' });
      const others = await Promise.all([
        report(id, outcome === 'failed' ? 'succeeded' : 'failed'),
        outcome === 'failed' ? report(id, outcome, !before) : { result: 'already_recorded' },
      ]);
      expect(others).toEqual([{ result: 'already_recorded' }, { result: 'already_recorded' }]);
    }, [['guard.outcome', status, 'agent-1', facts]]);
    expect(await uses(id)).toBe(counted);
  });

  it('none for another agent, or for what the guard did not allow', async () => {
    const id = await grant();
    await expectRows(async () => {
      const other = { ...context, agent_id: 'agent-2' };
      expect(await report(id, 'failed', true, other)).toEqual({ result: 'not_found' });
      expect(await report(randomUUID(), 'failed')).toEqual({ result: 'not_found' });
      await expect(report(id, 'unknown')).rejects.toThrow('an outcome is');
      await expect(report(id, 'succeeded', true)).rejects.toThrow('an outcome is');
    }, []);
    expect(await uses(id)).toBe(1);
  });
});

describe('an account leaves its rows', () => {
  it('a session that is ended, and a password that is changed', async () => {
    const { rows } = await sql.query<{ id: string }>(
      `insert into actp_users (email, password_hash) values ('user@example.com', 'old') returning id`,
    );
    const id = rows[0]?.id ?? '';
    const open = () => call<string>(`open_session($1, 'old', 'api', 12, '{}')`, id);
    const [session, own] = [await open(), await open()];
    const actor = 'user:user@example.com';
    await expectRows(
      () => call(`end_session($1, 'logout', $2, $3)`, session, actor, { ...context, session_id: session }),
      [
        [
          'session.end',
          'ok',
          actor,
          { session_id: session, of: 'user@example.com', kind: 'api', reason: 'logout' },
        ],
      ],
    );
    const change = (from: string, by: string) =>
      call(`change_password($1, $2, 'new', 12, $3, $4)`, id, from, actor, { ...context, session_id: by });
    await expectRows(async () => {
      expect(await change('wrong', own)).toBe(null);
      expect(await change('old', session)).toBe(null);
      expect(await change('old', randomUUID())).toBe(null);
    }, []);
    await expectRows(
      () => change('old', own),
      [['auth.change_password', 'ok', actor, { of: 'user@example.com' }]],
    );
  });
});

describe('the plane leaves its rows', () => {
  it('an anchor that cannot be written, and can be again', async () => {
    const note = (problem: string | null) => call('note_anchor_problem($1)', problem);
    await expectRows(
      async () => {
        expect([await note('disk full'), await note('disk full')]).toEqual([true, false]);
      },
      [['plane.anchor_unwritten', 'error', 'plane', { problem: 'disk full' }]],
      byItself,
    );
    await expectRows(
      async () => {
        expect([await note(null), await note('')]).toEqual([true, false]);
      },
      [['plane.anchor_written', 'ok', 'plane', {}]],
      byItself,
    );
  });

  it('another plane that was here before', async () => {
    const stopped = JSON.stringify([{ scope: 'action:e.f', reason: 'there' }]);
    const reason = 'stopped in the plane that was here before: there';
    const replaced = (earlier: string, set: string[], known: boolean): Row => [
      'plane.replaced',
      'ok',
      'plane',
      { earlier_plane: earlier, stopped: set, stops_known: known },
    ];
    await expectRows(
      () => call('note_earlier_plane($1, $2)', 'p-1', stopped),
      [
        ['security.kill_switch_set', 'ok', 'plane', { scope: 'action:e.f', reason, again: true }],
        replaced('p-1', ['action:e.f'], true),
      ],
      byItself,
    );
    await expectRows(
      () => call('note_earlier_plane($1, null)', 'p-2'),
      [replaced('p-2', [], false)],
      byItself,
    );
  });

  it('a key that signs from now on, which the old one has signed', async () => {
    const rotate = (n: number, payload: object, old: string, next: string) =>
      call('rotate_signing_key($1, $2, $3, $4, $5)', n, JSON.stringify(payload), 'signed', old, next);
    const payload = { kind: 'key', key: 'new' };
    await sql.query(`update actp_audit.plane set signing_key = 'old'`);
    await expectRows(async () => {
      expect(await rotate(1, payload, 'another', 'new')).toBe(false);
      expect(await rotate(1, { ...payload, kind: 'day' }, 'old', 'new')).toBe(false);
      expect(await rotate(1, payload, 'old', 'another')).toBe(false);
      expect(await rotate(2, payload, 'old', 'new')).toBe(false);
    }, []);
    await expectRows(
      async () => {
        expect(await rotate(1, payload, 'old', 'new')).toBe(true);
      },
      [['audit.key_rotated', 'ok', 'plane', { checkpoint: 1, old_key: 'old', new_key: 'new' }]],
      byItself,
    );
    const { rows } = await sql.query('select signing_key from actp_audit.plane');
    expect(rows).toEqual([{ signing_key: 'new' }]);
  });

  it('that it is held, once for each reason, and that it is not any more', async () => {
    const hold = (code: string, reason: string) => call('hold_plane($1, $2, null, null)', code, reason);
    await expectRows(
      async () => {
        expect([await hold('other_plane', 'x'), await hold('other_plane', 'x')]).toEqual([true, false]);
        expect(await hold('other_plane', 'y')).toBe(true);
      },
      ['x', 'y'].map((reason): Row => ['plane.held', 'error', 'plane', { code: 'other_plane', reason }]),
      byItself,
    );
    await expectRows(async () => {
      expect(await call(`confirm_plane(null, 'wrong')`)).toEqual({ result: 'signing_key' });
    }, []);
    await expectRows(
      async () => {
        expect(await call(`confirm_plane(null, 'new')`)).toEqual({ result: 'confirmed' });
        expect(await call(`confirm_plane(null, 'new')`)).toEqual({ result: 'confirmed' });
      },
      [['plane.confirmed', 'ok', 'plane', { was_held: 'other_plane' }]],
      byItself,
    );
  });
});
