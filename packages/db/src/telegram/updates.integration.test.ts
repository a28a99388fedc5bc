import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);

describe('updates', () => {
  const seen = async () => {
    const { rows } = await sql.query<{ id: number }>(
      'select update_id::int as id from actp_telegram_updates order by 1',
    );
    return rows.map(({ id }) => id);
  };

  it('are forgotten after a week', async () => {
    await sql.query(`delete from actp_telegram_updates`);
    await sql.query(`insert into actp_telegram_updates (update_id, seen_at) values
      (1, now() - interval '7 days 1 minute'), (2, now() - interval '6 days 23 hours'), (3, now())`);
    expect(await call('forget_telegram_updates()')).toBe(1);
    expect(await seen()).toEqual([2, 3]);
  });

  it('leave a row when a press is refused, once each', async () => {
    const refuse = (update: number) =>
      call<boolean>('record_refused_press($1, $2, $3)', update, 'telegram:9', { why: 'x' });
    const rows = await rowsLeftBy(sql, async () => {
      expect([await refuse(11), await refuse(11)]).toEqual([true, false]);
    });
    expect(rows).toMatchObject([
      { action_type: 'approval.decide', status: 'denied', agent_id: 'telegram:9', result: { why: 'x' } },
    ]);
  });

  it('are fetched again after a pause, which is said once', async () => {
    const poll = () => call<boolean>('note_telegram_poll(60)');
    await sql.query('delete from actp_telegram_polling');
    expect([await poll(), await poll()]).toEqual([true, false]);
    await sql.query(`update actp_telegram_polling set polled_at = now() - interval '2 minutes'`);
    expect([await poll(), await poll()]).toEqual([true, false]);
  });

  it('say what somebody is called by now, and an empty name says nothing', async () => {
    const name = async (id: number) => call<string | null>('actor_name($1)', `telegram:${id}`);
    const note = (id: number, called: string) => call('note_telegram_person($1, $2)', id, called);
    await note(5, 'Ann');
    await note(6, 'Bob');
    await note(5, 'Anna');
    await note(6, '');
    expect([await name(5), await name(6), await name(7)]).toEqual(['Anna', 'Bob', null]);
  });
});
