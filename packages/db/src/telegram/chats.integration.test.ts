import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { approvalCalls } from '../approvals/approvals.fixture.ts';
import { rowCalls } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const calls = approvalCalls(sql);

let chats = 0;
const chat = () => `-${(chats += 1)}`;
const asked = async (over: Record<string, unknown> = {}) => (await calls.request(over)).id;
const record = (id: string, chatId: string, message = 1, version = 1) =>
  call('record_approval_card($1, $2, $3, $4)', id, chatId, message, version);
const cardOf = async (id: string) => {
  const { rows } = await sql.query<Record<string, unknown>>(
    `select chat_id, message_id::int as message, shown_version as shown, wanted_version as wanted, reminders
     from actp_approval_cards where approval_id = $1`,
    [id],
  );
  return rows[0];
};

describe('what Telegram refuses', () => {
  const note = (chatId: string, what: string, reason = 'no') =>
    call('note_telegram_refusal($1, $2, $3)', chatId, what, reason);
  const clear = (chatId: string, ...what: string[]) =>
    call<number>('clear_telegram_refusals($1, $2)', chatId, what);
  const refused = async (...of: string[]) => {
    const { rows } = await sql.query<{ r: string }>(
      `select concat_ws(' ', chat_id, what, reason) as r from actp_telegram_refusals where chat_id = any ($1) order by 1`,
      [of],
    );
    return rows.map(({ r }) => r);
  };
  const quiet = (...of: string[]) => call<string | null>('claim_quiet_telegram_refusal($1, 60)', of);
  const age = (chatId: string, what: string, seconds: number) =>
    sql.query(
      `update actp_telegram_refusals set tried_at = clock_timestamp() - make_interval(secs => $3) where chat_id = $1 and what = $2`,
      [chatId, what, seconds],
    );

  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;

  it('is noted once for a chat and a thing, with the last reason, and goes when it went through', async () => {
    const [one, two] = [chat(), chat()];
    for (const [of, what, reason] of [
      [one, 'edit', 'a'],
      [one, 'edit', 'b'],
      [one, 'text', 'c'],
      [two, 'edit', 'd'],
    ] as const)
      await note(of, what, reason);
    expect(await refused(one, two)).toEqual([`${one} edit b`, `${one} text c`, `${two} edit d`]);
    expect(await clear(one, 'edit', 'buttons')).toBe(1);
    expect(await clear(one, 'edit')).toBe(0);
    expect(await refused(one, two)).toEqual([`${one} text c`, `${two} edit d`]);
  });

  it('says nothing any more of chats that are not named; that of the token stays', async () => {
    const [kept, gone] = [chat(), chat()];
    for (const of of [kept, gone, '']) await note(of, 'text');
    await call('forget_telegram_refusals_elsewhere($1)', [kept]);
    expect(await refused(kept, gone, '')).toEqual([' text no', `${kept} text no`]);
  });

  it('is tried again where nobody has tried for a while, by one', async () => {
    const [old, fresh, unnamed] = [chat(), chat(), chat()];
    for (const of of [old, fresh, unnamed]) {
      await note(of, 'text');
      await note(of, 'edit');
      await age(of, 'text', 90);
      await age(of, 'edit', 90);
    }
    // Somebody has tried something there.
    await note(fresh, 'edit');
    expect(await quiet(fresh)).toBeNull();
    expect(await quiet(old, fresh)).toBe(old);
    expect(await quiet(old, fresh)).toBeNull();
    expect(await quiet(unnamed)).toBe(unnamed);
    expect(await quiet()).toBeNull();
    // Two at the same moment: the second one waits for the first, and then somebody has tried.
    await age(old, 'text', 90);
    await age(old, 'edit', 90);
    const first = await sql.connect();
    await first.query('begin');
    await first.query('select claim_quiet_telegram_refusal($1, 60)', [[old]]);
    const second = quiet(old);
    await expect.poll(async () => (await sql.query(waiting)).rows.length).toBe(1);
    await first.query('commit');
    first.release();
    expect(await second).toBeNull();
  });
});

describe('a chat', () => {
  const greeted = (of: string) => call<boolean>('is_chat_greeted($1)', of);
  const move = (from: string, to: string, alerts = true) =>
    call<string>('record_telegram_move($1, $2, $3, $4)', from, to, alerts, `${from} is ${to}`);

  it('is greeted once, and is the same under another id', async () => {
    const [one, two, to, elsewhere] = [chat(), chat(), chat(), chat()];
    expect(await greeted(one)).toBe(false);
    await call('note_greeting($1)', one);
    await call('note_greeting($1)', one);
    await move(one, to);
    await move(two, elsewhere);
    expect([await greeted(one), await greeted(to), await greeted(two), await greeted(elsewhere)]).toEqual([
      ...[true, true, false, false],
    ]);
  });

  it.each([true, false])('that moves has its cards sent again, once (alerts: %s)', async (alerts) => {
    const [from, to, elsewhere] = [chat(), chat(), chat()];
    const [open, decided, other] = [await asked(), await asked(), await asked()];
    for (const id of [open, decided]) await record(id, from);
    await record(other, elsewhere);
    await calls.decide(decided, 'approved');
    for (const of of [from, elsewhere]) await call(`note_telegram_refusal($1, 'text', 'no')`, of);
    await sql.query(`update actp_notifications set message_id = 7`);
    const told = await move(from, to, alerts);
    const sent = async () =>
      (await sql.query('select 1 from actp_notifications where message_id is not null')).rows.length > 0;
    expect([
      await cardOf(open),
      (await cardOf(decided))?.['chat_id'],
      (await cardOf(other))?.['chat_id'],
    ]).toEqual([...[undefined, from, elsewhere]]);
    const { rows } = await sql.query('select chat_id from actp_telegram_refusals where chat_id = any ($1)', [
      [from, elsewhere],
    ]);
    expect(rows).toEqual([{ chat_id: elsewhere }]);
    if (alerts) expect(await sent()).toBe(false);
    // The same news again says nothing new, and takes nothing away.
    await record(open, from);
    expect(await move(from, to, alerts)).toBe(told);
    expect(await cardOf(open)).toMatchObject({ chat_id: from });
    expect(await move(from, elsewhere, alerts)).not.toBe(told);
    expect(await cardOf(open)).toBeUndefined();
  });

  it('that moves without alerts leaves their messages as they are', async () => {
    await call(`enqueue_notification('of a test', 'k', 'b')`);
    await sql.query(`update actp_notifications set message_id = 7`);
    await move(chat(), chat(), false);
    const { rows } = await sql.query(
      `select message_id::int as id from actp_notifications where dedupe_key = 'of a test'`,
    );
    expect(rows).toEqual([{ id: 7 }]);
  });

  it('that is not named any more has no cards of what is open', async () => {
    const [kept, gone] = [chat(), chat()];
    const [here, there, over] = [await asked(), await asked(), await asked()];
    await record(here, kept);
    await record(there, gone);
    await record(over, gone);
    await calls.decide(over, 'rejected');
    const { rows } = await sql.query<{ named: string[] }>(
      'select array_agg(distinct chat_id) as named from actp_approval_cards where chat_id <> $1',
      [gone],
    );
    const named = rows[0]?.named;
    expect(await call('forget_cards_elsewhere($1)', named)).toBe(1);
    expect(await call('forget_cards_elsewhere($1)', named)).toBe(0);
    expect([await cardOf(here), await cardOf(there), await cardOf(over)]).toMatchObject([
      { chat_id: kept },
      undefined as never,
      { chat_id: gone },
    ]);
  });
});

describe('a card', () => {
  it.each([
    [1_740, 0],
    [1_860, 1],
    [2_640, 1],
    [2_760, 2],
  ])(
    'is due for a reminder at half and at three quarters of the time: after %d s, %d',
    async (seconds, due) => {
      const id = await asked();
      await record(id, '-1');
      await calls.elapse(id, seconds);
      const claim = (sent: number) => call<boolean>('claim_reminder($1, $2)', id, sent);
      const kinds = async () =>
        (await call<Array<{ id: string; kind: string }>>(`due_approval_work('-1', '{}', '{}', 1000)`))
          .filter((one) => one.id === id)
          .map(({ kind }) => kind);
      expect(await kinds()).toEqual(due === 0 ? [] : ['remind']);
      expect([await claim(0), await claim(0)]).toEqual([due > 0, false]);
      expect(await cardOf(id)).toMatchObject({ reminders: due });
      expect([await claim(1), await kinds()]).toEqual([false, []]);
    },
  );

  it('is due for none when it is decided or over, and begins with those that were due', async () => {
    const [decided, over, late] = [await asked(), await asked(), await asked()];
    for (const id of [decided, over]) await record(id, '-1');
    await calls.decide(decided, 'approved');
    await calls.elapse(decided, 1_900);
    await calls.elapse(over, 3_601);
    for (const id of [decided, over]) expect(await call('claim_reminder($1, 0)', id)).toBe(false);
    await calls.elapse(late, 1_900);
    await record(late, '-1');
    expect(await cardOf(late)).toMatchObject({ reminders: 1, shown: 1, wanted: 1 });
  });

  it('is the newest of its chat, and shows no earlier version again', async () => {
    const [id, other] = [await asked(), await asked()];
    await record(id, '-1', 10, 1);
    await record(other, '-1', 20, 1);
    await calls.decide(id, 'approved');
    expect([await cardOf(id), await cardOf(other)]).toMatchObject([{ shown: 1, wanted: 2 }, { wanted: 1 }]);
    await call('record_card_shown($1, 2)', id);
    await call('record_card_shown($1, 1)', id);
    expect([await cardOf(id), await cardOf(other)]).toMatchObject([{ shown: 2 }, { shown: 1 }]);
    await record(id, '-1', 10, 1);
    expect(await cardOf(id)).toMatchObject({ message: 10, shown: 2 });
    await record('00000000-0000-4000-8000-000000000000', '-1');
    expect(await cardOf('00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });

  it('is read with what it shows, where, and why it failed', async () => {
    const [id, bare] = [await asked({ details: { n: 1.1 }, chat_id: '-8' }), await asked({ chat_id: '-9' })];
    await record(id, '-7', 70);
    await calls.decide(id, 'approved');
    await calls.redeem(id);
    const read = (of: string) => call<Record<string, unknown>>('read_approval_card($1)', of);
    await sql.query(
      `update actp_approval_queue set outcome_result = '{"e": 1}', outcome = 'succeeded' where id = $1`,
      [id],
    );
    expect(await read(id)).toMatchObject({
      ...{ approval: { id }, details: '{"n": 1.1}', chat_id: '-7', message_id: 70, outcome_result: null },
    });
    await sql.query(`update actp_approval_queue set outcome = 'failed' where id = $1`, [id]);
    expect(await read(id)).toMatchObject({ outcome_result: { e: 1 } });
    expect(await read(bare)).toMatchObject({ chat_id: '-9', message_id: null, reminders: null });
  });

  it('is sent or changed where that is possible just now', async () => {
    await sql.query('truncate actp_approval_queue cascade');
    const [edited, waiting, elsewhere] = [await asked(), await asked(), await asked({ chat_id: '-2' })];
    await record(edited, '-1');
    await calls.decide(edited, 'approved');
    const due = async (without: string[], ids: string[] = [], main: string | null = '-1') =>
      (await call<Array<{ id: string }>>('due_approval_work($1, $2, $3, 10)', main, without, ids)).map(
        ({ id }) => id,
      );
    expect(await due([])).toEqual([edited, waiting, elsewhere]);
    expect(await due(['edit:-1'])).toEqual([waiting, elsewhere]);
    expect(await due(['deliver:-1'])).toEqual([edited, elsewhere]);
    expect(await due(['remind:-1'])).toEqual([edited, waiting, elsewhere]);
    expect(await due(['-2'])).toEqual([edited, waiting]);
    expect(await due([], [edited, elsewhere])).toEqual([waiting]);
    expect(await due([], [], null)).toEqual([edited, elsewhere]);
    // What another program has inserted is taken up before it is shown.
    await sql.query(
      `insert into actp_approval_queue (action, details, requested_by) values ('a.b', '{}', 'py')`,
    );
    await calls.elapse(elsewhere, 3_601);
    expect(await due([])).toEqual([edited, waiting]);
  });
});
