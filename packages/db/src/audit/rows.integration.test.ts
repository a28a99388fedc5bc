import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStores } from '@actp/testing/stores';
import { context, withOperators } from '../approvals/approvals.fixture.ts';
import { byItself, called, rowsLeftBy } from './rows.fixture.ts';

const { sql } = await openStores();
await withOperators(sql)();
const operator = 'operator:op@example.com';
let updates = 0;

async function call<T = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<T> {
  const { rows } = await sql.query<{ answer: T }>(`select ${text} as answer`, values);
  if (!rows[0]) throw new Error('a function always answers');
  return rows[0].answer;
}

type Row = [action: string, status: string, agent: string, result: object | null];
async function expectRows(work: () => Promise<unknown>, expected: Row[], by: object = called) {
  const rows = await rowsLeftBy(sql, work);
  expect(rows).toMatchObject(
    expected.map(([action_type, status, agent_id, result]) => ({
      action_type,
      status,
      agent_id,
      result,
      ...by,
    })),
  );
}

describe('a kill switch leaves its row', () => {
  const set = (scope: string) =>
    call('set_kill_switch($1, $2, $3, $4)', scope, 'a reason', operator, context);
  const lift = (scope: string, id: string | null = null) =>
    call('lift_kill_switch($1, $2, $3, $4, $5)', scope, id, 'fine again', operator, context);

  it('set, set again, lifted, and lifted when nothing is set', async () => {
    const scope = 'action:a.b';
    await expectRows(
      () => set(scope),
      [['security.kill_switch_set', 'ok', operator, { scope, reason: 'a reason' }]],
    );
    await expectRows(
      () => set(scope),
      [['security.kill_switch_set', 'ok', operator, { scope, reason: 'a reason', already_set: true }]],
    );
    const refused: Row = ['security.kill_switch_lifted', 'error', operator, { scope, refused: 'not_found' }];
    await expectRows(() => lift(scope, randomUUID()), [refused]);
    await expectRows(
      () => lift(scope),
      [['security.kill_switch_lifted', 'ok', operator, { scope, reason: 'fine again', set_by: operator }]],
    );
    await expectRows(() => lift(scope), [refused]);
  });

  it('of one who may not act: none, and nothing is set', async () => {
    const stranger = 'operator:nobody@example.com';
    await expectRows(async () => {
      await expect(call(`set_kill_switch('all', 'x', $1, '{}')`, stranger)).rejects.toThrow();
      await expect(call(`lift_kill_switch('all', null, 'x', $1, '{}')`, stranger)).rejects.toThrow();
    }, []);
    expect(await call('active_kill_switches()')).toEqual([]);
  });

  const prepare = (actor = 'telegram:1', kind = 'stop', scope = 'action:c.d') =>
    call<string>(
      `prepare_kill_switch($1, $2, (select id from actp_kill_switches where scope = $2 and lifted_at is null), 'why', $3, '-1')`,
      kind,
      scope,
      actor,
    );
  const press = (
    id: string,
    more: { confirmed?: boolean; actor?: string; chat?: string; refusal?: string } = {},
  ) => {
    const { confirmed = true, actor = 'telegram:1', chat = '-1', refusal = null } = more;
    updates += 1;
    return call(
      'press_kill_switch($1, $2, $3, $4, $5, $6, $7)',
      id,
      confirmed,
      actor,
      chat,
      updates,
      refusal,
      context,
    );
  };
  const refusedPress = (refused: string, actor = 'telegram:1'): Row => [
    'kill_switch.press',
    'denied',
    actor,
    { refused, kind: 'stop', scope: 'action:c.d' },
  ];

  it.each<[refused: string, more: Parameters<typeof press>[1], arrange: string]>([
    ['not_yours', { actor: 'telegram:2' }, 'select $1::text'],
    ['other_chat', { chat: '-2' }, 'select $1::text'],
    ['done', {}, 'update actp_kill_switch_commands set done_at = now() where id::text = $1'],
    [
      'expired',
      {},
      `update actp_kill_switch_commands set created_at = now() - interval '2 minutes 1 second' where id::text = $1`,
    ],
    ['stranger', { refusal: 'stranger' }, 'select $1::text'],
  ])('a press that is refused: %s', async (refused, more, arrange) => {
    const id = await prepare();
    await sql.query(arrange, [id]);
    const actor = more?.actor ?? 'telegram:1';
    await expectRows(async () => {
      expect(await press(id, more)).toMatchObject({ result: 'refused', refusal: refused });
    }, [refusedPress(refused, actor)]);
    expect(await call('active_kill_switches()')).toEqual([]);
  });

  it('a press on what is not there', async () => {
    await expectRows(async () => {
      expect(await press(randomUUID())).toMatchObject({ result: 'refused', refusal: 'unknown' });
    }, [['kill_switch.press', 'denied', 'telegram:1', { refused: 'unknown' }]]);
  });

  it('a press of one whose account was disabled', async () => {
    const id = await prepare('telegram:77');
    await sql.query(
      `insert into actp_telegram_links (telegram_id, user_id)
       select 77, id from actp_users where email = 'other@example.com'`,
    );
    await sql.query(`update actp_users set disabled_at = now() where email = 'other@example.com'`);
    await expectRows(
      () => press(id, { actor: 'telegram:77' }),
      [refusedPress('not_operator', 'telegram:77')],
    );
    await sql.query('update actp_users set disabled_at = null');
  });

  it('a press within two minutes, once; one that is dismissed sets nothing', async () => {
    const dismissed = await prepare();
    await expectRows(async () => {
      expect(await press(dismissed, { confirmed: false })).toMatchObject({ result: 'dismissed' });
    }, []);
    expect(await press(dismissed)).toMatchObject({ refusal: 'done' });
    const id = await prepare();
    await sql.query(
      `update actp_kill_switch_commands set created_at = now() - interval '1 minute 50 seconds' where id = $1`,
      [id],
    );
    await expectRows(async () => {
      expect(await press(id)).toMatchObject({ result: 'set' });
      expect(
        await call(`press_kill_switch($1, true, 'telegram:1', '-1', $2, null, '{}')`, id, updates),
      ).toEqual({
        result: 'duplicate',
      });
    }, [['security.kill_switch_set', 'ok', 'telegram:1', { scope: 'action:c.d', reason: 'why' }]]);
    expect(await press(id)).toMatchObject({ refusal: 'done' });
    const resume = await prepare('telegram:1', 'lift');
    await expectRows(
      () => press(resume),
      [['security.kill_switch_lifted', 'ok', 'telegram:1', { scope: 'action:c.d', reason: 'why' }]],
    );
  });
});

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
    const hold = (code: string, reason: string) => call('hold_plane($1, $2, null)', code, reason);
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
