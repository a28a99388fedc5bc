import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { context, withOperators } from '../approvals/approvals.fixture.ts';
import { rowCalls, type Row } from './rows.fixture.ts';

const { sql } = await openDatabase();
await withOperators(sql)();
const { call, expectRows } = rowCalls(sql);
const operator = 'operator:op@example.com';
let updates = 0;

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

  it('none where two hundred are set: one more is refused, also of a scope that was set before', async () => {
    await set('action:once.before');
    await lift('action:once.before');
    const fill = (count: number) =>
      sql.query(
        `insert into actp_kill_switches (scope, reason, set_by)
         select 'action:full.n' || n, 'r', $2 from generate_series(1, $1::int) n`,
        [count, operator],
      );
    await fill(199);
    expect(await set('action:the.last')).toMatchObject({ result: 'set' });
    await expectRows(async () => {
      expect(await set('action:one.more')).toEqual({ result: 'too_many' });
      expect(await set('action:once.before')).toEqual({ result: 'too_many' });
    }, []);
    expect(await set('action:the.last')).toMatchObject({ result: 'known' });
    await lift('action:the.last');
    expect(await set('action:one.more')).toMatchObject({ result: 'set' });
  });
});
