import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';
import { taskCalls } from '../tasks/tasks.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const tasks = taskCalls(sql);
const set = (what: string) => sql.query(`update actp_audit.plane set ${what}`);
const plane = async () => {
  const { rows } = await sql.query<Record<string, unknown>>(
    'select held_code, held_reason, held_epoch, held_stopped, epoch, signing_key, accepted_at is not null as accepted from actp_audit.plane',
  );
  return rows[0];
};
const accept = (newKey = false, dryRun = false) =>
  call(`accept_restored_plane('system:tester', $1, $2, '{}')`, newKey, dryRun);
const hold = (code: string, reason: string, anchor: object | null = null) =>
  call<boolean>('hold_plane($1, $2, $3, null)', code, reason, anchor);
const scopes = async () => {
  const { rows } = await sql.query<{ scope: string }>(
    'select scope from actp_kill_switches where lifted_at is null order by 1',
  );
  return rows.map(({ scope }) => scope);
};
const told = async (kind: string) => {
  const { rows } = await sql.query<{ body: string }>('select body from actp_notifications where kind = $1', [
    kind,
  ]);
  return rows.map(({ body }) => body);
};
const stops = (...of: string[]) => of.map((scope) => ({ scope, reason: 'r' }));

beforeEach(async () => {
  await set(`held_code = null, held_reason = null, held_at = null, held_stopped = null, held_epoch = null, epoch = 1,
    signing_key = 'key', accepted_at = null, confirmed_for = actp_audit.plane_mark()`);
  await sql.query('delete from actp_kill_switches');
  await sql.query('truncate actp_notifications');
});

describe('a plane is held', () => {
  it('once for each reason, of which people and the log hear once', async () => {
    const rows = await rowsLeftBy(sql, async () => {
      expect(await hold('behind', 'older', { epoch: 3, stopped: stops('all') })).toBe(true);
      expect(await hold('behind', 'older', { epoch: 3, stopped: [] })).toBe(false);
      expect(await hold('behind', 'another')).toBe(true);
      // Said before, in turn.
      expect(await hold('behind', 'older', { epoch: 2 })).toBe(false);
      expect(await hold('other_plane', 'another')).toBe(false);
    });
    expect(rows.map(({ result }) => result)).toEqual([
      { code: 'behind', reason: 'older' },
      { code: 'behind', reason: 'another' },
    ]);
    expect(await told('plane.held')).toHaveLength(2);
    // What one anchor has named stays known.
    expect(await plane()).toMatchObject({
      held_code: 'other_plane',
      held_epoch: 3,
      held_stopped: stops('all'),
    });
    expect(await call('plane_hold()')).toMatchObject({ code: 'other_plane', reason: 'another' });
  });

  it('when it is still what was compared', async () => {
    const holdCompared = (epoch: number) => call<boolean>(`hold_plane('behind', 'older', null, $1)`, epoch);
    // An operator has accepted it since.
    expect(await holdCompared(0)).toBe(false);
    expect(await plane()).toMatchObject({ held_code: null, epoch: 1 });
    expect(await holdCompared(1)).toBe(true);
    expect(await plane()).toMatchObject({ held_code: 'behind', epoch: 1 });
  });
});

describe('a restored plane is accepted', () => {
  it('when it is held, which an operator is told', async () => {
    expect(await accept()).toEqual({ result: 'not_held' });
    await set(`confirmed_for = 'another start'`);
    expect(await accept()).toEqual({ result: 'not_compared' });
  });

  it.each<[code: string, newKey: boolean, result: string, key: string | null]>([
    ['behind', false, 'accepted', 'key'],
    ['signing_key', false, 'signing_key', 'key'],
    ['signing_key', true, 'accepted', null],
  ])('%s, with a new key: %s', async (code, newKey, result, key) => {
    await hold(code, 'r', { epoch: 4, stopped: [] });
    expect(await accept(newKey, true)).toMatchObject({
      result: result === 'accepted' ? 'would_accept' : result,
    });
    expect(await plane()).toMatchObject({ held_code: code, epoch: 1 });
    expect(await accept(newKey)).toMatchObject({ result });
    expect(await plane()).toMatchObject({
      ...{ signing_key: key, held_code: result === 'accepted' ? null : code },
      ...{ epoch: result === 'accepted' ? 5 : 1, accepted: result === 'accepted' },
    });
    expect(await call('plane_hold()')).toEqual(result === 'accepted' ? null : expect.anything());
  });

  it('with what was stopped then, and with everything where nobody knows', async () => {
    await call(`stop_again($1, 'why', 'plane', '{}')`, JSON.stringify(stops('agent:before')));
    await hold('behind', 'r', { epoch: 1, stopped: stops('agent:before', 'action:a.b') });
    expect(await accept()).toMatchObject({ stopped: ['agent:before', 'action:a.b'] });
    expect(await scopes()).toEqual(['action:a.b', 'agent:before']);
    await hold('behind', 'no anchor');
    expect(await accept()).toMatchObject({ stopped: ['all'] });
    expect(await scopes()).toContain('all');
    expect((await told('plane.accepted')).map((body) => /Stopped: (.*)/.exec(body)?.[1])).toEqual([
      'agent:before, action:a.b',
      'all',
    ]);
    await sql.query('delete from actp_kill_switches');
    await hold('behind', 'nothing was stopped', { epoch: 1, stopped: [] });
    await accept();
    expect(await scopes()).toEqual([]);
    expect((await told('plane.accepted')).at(-1)).not.toContain('Stopped');
  });

  it('and what it could release is void: effects are unknown, tasks end, sessions too', async () => {
    const reserved = await tasks.released();
    const settled = await tasks.released();
    await tasks.record(settled.id, settled.effect, { state: 'done', facts: {} });
    const ended = await tasks.claimed();
    await tasks.finish(ended, { event: 'fail', error_code: 'earlier' });
    const waiting = await tasks.claimed();
    const question = await tasks.ask(waiting);
    const owner = await tasks.owner();
    const [over, early] = [await tasks.owner(), await tasks.owner()];
    await sql.query(`update actp_sessions set expires_at = now() - interval '1 s' where id = $1`, [
      over.session,
    ]);
    await sql.query(`update actp_sessions set ended_at = now(), end_reason = 'logout' where id = $1`, [
      early.session,
    ]);
    const { rows: open } = await sql.query<{ n: number }>(
      'select count(*)::int as n from actp_sessions where ended_at is null and expires_at > now()',
    );
    await hold('behind', 'r', { epoch: 1, stopped: [] });
    const facts = { pending: 1, tasks: 3, sessions: open[0]?.n };
    expect(await accept(false, true)).toMatchObject({ ...facts, effects: [{ id: reserved.effect }] });
    expect(await accept()).toMatchObject(facts);
    expect(await tasks.effectOf(reserved.effect)).toMatchObject({ state: 'unknown' });
    expect(await tasks.effectOf(settled.effect)).toMatchObject({ state: 'done' });
    expect(await tasks.rowOf(reserved.id)).toMatchObject({ status: 'failed', error_code: 'effect_unknown' });
    expect(await tasks.rowOf(settled.id)).toMatchObject({ status: 'failed', error_code: 'restored' });
    expect(await tasks.rowOf(waiting)).toMatchObject({ status: 'failed', error_code: 'restored' });
    expect(await tasks.rowOf(ended)).toMatchObject({ error_code: 'earlier' });
    expect(await call('read_approval($1)', question)).toMatchObject({ status: 'cancelled' });
    const reasonOf = async (session: string) =>
      (
        await sql.query<{ end_reason: string | null }>('select end_reason from actp_sessions where id = $1', [
          session,
        ])
      ).rows[0]?.end_reason;
    expect([
      await reasonOf(owner.session),
      await reasonOf(over.session),
      await reasonOf(early.session),
    ]).toEqual([...['restored', null, 'logout']]);
  });
});

describe('a new plane where another one was', () => {
  const note = (stopped: object | null) =>
    call<string[]>(`note_earlier_plane('earlier', $1)`, stopped === null ? null : JSON.stringify(stopped));

  it('is stopped as that one was, and people hear what is known of it', async () => {
    await set('made_empty = true, anchored_rows = null');
    const rows = await rowsLeftBy(sql, async () => {
      expect(await note(stops('agent:x', 'agent:x', 'action:a.b'))).toEqual(['agent:x', 'action:a.b']);
    });
    expect(rows.map(({ action_type, result }) => [action_type, result])).toMatchObject([
      ['security.kill_switch_set', { scope: 'agent:x', again: true }],
      ['security.kill_switch_set', { scope: 'action:a.b', again: true }],
      ['plane.replaced', { earlier_plane: 'earlier', stopped: ['agent:x', 'action:a.b'], stops_known: true }],
    ]);
    expect(await scopes()).toEqual(['action:a.b', 'agent:x']);
    expect(await note([])).toEqual([]);
    expect(await note(null)).toEqual([]);
    const [first, second, third] = await told('plane.replaced');
    expect(first).toContain('agent:x, action:a.b');
    expect(second).not.toMatch(/Stopped here|not signed/);
    expect(third).toContain('not signed');
  });

  it('is stopped for a reason that is cut where it gets too long', async () => {
    await set('made_empty = true, anchored_rows = null');
    await note([{ scope: 'agent:x', reason: 'r'.repeat(600) }]);
    const { rows } = await sql.query<{ length: number }>(
      `select char_length(reason) as length from actp_kill_switches where lifted_at is null`,
    );
    expect(rows).toEqual([{ length: 500 }]);
  });

  it.each(['made_empty = false, anchored_rows = null', 'made_empty = true, anchored_rows = 0'])(
    'is one that has no anchor yet: not %s',
    async (what) => {
      await set(what);
      await expect(note([])).rejects.toThrow('this database is not new');
    },
  );
});

describe('the key that signs', () => {
  const rotate = async (n: number, over: { kind?: string; key?: string; old?: string } = {}) => {
    const { kind = 'key', key = 'new', old = 'key' } = over;
    return call<boolean>(
      'rotate_signing_key($1, $2, $3, $4, $5)',
      n,
      JSON.stringify({ kind, key }),
      'signed',
      old,
      'new',
    );
  };

  it('is another one when the old one has signed that, in turn', async () => {
    expect(await rotate(1, { old: 'not that' })).toBe(false);
    expect(await rotate(1, { kind: 'heads' })).toBe(false);
    expect(await rotate(1, { key: 'another' })).toBe(false);
    expect(await rotate(2)).toBe(false);
    expect(await plane()).toMatchObject({ signing_key: 'key' });
    const rows = await rowsLeftBy(sql, async () => {
      expect(await rotate(1)).toBe(true);
    });
    expect(rows).toMatchObject([
      { action_type: 'audit.key_rotated', result: { checkpoint: 1, old_key: 'key', new_key: 'new' } },
    ]);
    expect(await plane()).toMatchObject({ signing_key: 'new' });
  });

  it('may be any where none is known', async () => {
    await set('signing_key = null');
    expect(await rotate(2, { old: 'any' })).toBe(true);
  });
});
