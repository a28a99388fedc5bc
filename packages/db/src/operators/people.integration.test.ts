import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { peopleOn, type Person } from './people.fixture.ts';

const { sql, call, calls, person, asked, press, decide, votesOf, next } = peopleOn(
  (await openDatabase()).sql,
);

describe('[TRU-003] approvers: 2 counts people', () => {
  it.each([
    ['HTTP and then Telegram', (p: Person) => [decide, p.http, press, p.telegram] as const],
    ['Telegram and then HTTP', (p: Person) => [press, p.telegram, decide, p.http] as const],
    [
      'HTTP twice, in other letters',
      (p: Person) => [decide, p.http, decide, `operator:${p.http.slice(9).toUpperCase()}`] as const,
    ],
  ])('one person by %s is one vote', async (_way, steps) => {
    const [ann, bob] = [await person(), await person()];
    const id = await asked({ approvers: 2 });
    const [first, by, second, again] = steps(ann);
    expect((await first(id, by)).result).toBe('needs_more');
    expect((await second(id, again)).result).toBe('needs_more');
    expect(await votesOf(id)).toBe(1);
    expect((await calls.read(id)).status).toBe('pending');
    expect((await press(id, bob.telegram)).result).toBe('decided');
  });

  it('also when the link is made after the first vote', async () => {
    const ann = await person({ linked: false });
    const id = await asked({ approvers: 2 });
    await press(id, ann.telegram);
    await ann.link();
    expect((await decide(id, ann.http)).result).toBe('needs_more');
    expect(await votesOf(id)).toBe(1);
  });

  it.each(['before', 'between'])('also when the link is ended %s', async (when) => {
    const ann = await person();
    const id = await asked({ approvers: 2 });
    if (when === 'before') await ann.unlink();
    await decide(id, ann.http);
    if (when === 'between') await ann.unlink();
    expect((await press(id, ann.telegram)).result).toBe('needs_more');
    const other = await asked({ approvers: 2 });
    await press(other, ann.telegram);
    expect((await decide(other, ann.http)).result).toBe('needs_more');
  });

  it('also when two votes turn out to be of one person before a third', async () => {
    const [ann, bob] = [await person({ linked: false }), await person()];
    const id = await asked({ approvers: 3 });
    await press(id, ann.telegram);
    await decide(id, ann.http);
    await ann.link();
    expect((await decide(id, bob.http)).result).toBe('needs_more');
    expect(await votesOf(id)).toBe(2);
  });

  it('at the same moment as well', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, () => person()));
    await Promise.all(
      people.map(async (one) => {
        const id = await asked({ approvers: 2 });
        const results = await Promise.all([
          press(id, one.telegram),
          decide(id, one.http),
          press(id, one.telegram),
          decide(id, one.http),
        ]);
        expect(results.map(({ result }) => result)).toEqual(Array.from({ length: 4 }, () => 'needs_more'));
      }),
    );
  });

  it('and Telegram ids that were never linked count as themselves', async () => {
    const id = await asked({ approvers: 2 });
    expect((await press(id, 'telegram:1')).result).toBe('needs_more');
    expect((await press(id, 'telegram:2')).result).toBe('decided');
  });

  it('and not the vote of somebody who was disabled meanwhile', async () => {
    const [ann, bob, eve] = [await person(), await person(), await person()];
    const id = await asked({ approvers: 2 });
    await decide(id, ann.http);
    await ann.disable();
    expect((await decide(id, bob.http)).result).toBe('needs_more');
    expect((await decide(id, eve.http)).result).toBe('decided');
  });
});

describe('[TRU-003] who asked', () => {
  it('does not decide by the other identity either', async () => {
    const ann = await person();
    // Whoever really asked, as the plane knows it: a name in the request excludes nobody.
    const askedBy = async (name: string, critical = false) => {
      const id = await asked({ critical });
      await sql.query('update actp_approval_queue set asked_by = $2 where id = $1', [id, name]);
      return id;
    };
    expect((await decide(await askedBy(ann.telegram), ann.http)).result).toBe('own_request');
    expect((await press(await askedBy(ann.http), ann.telegram)).result).toBe('own_request');
    expect((await press(await askedBy(ann.http, true), ann.telegram)).result).toBe('own_request');
  });
});

describe('[TRU-003] whoever is no operator', () => {
  it.each<[who: string, end: (p: Person) => Promise<unknown>]>([
    ['disabled', (p) => p.disable()],
    ['without the role', (p) => sql.query(`update actp_users set role = 'user' where id = $1`, [p.id])],
    [
      'without a password: only invited',
      (p) => sql.query('update actp_users set password_hash = null where id = $1', [p.id]),
    ],
    ['deleted', (p) => sql.query('delete from actp_users where id = $1', [p.id])],
    ['disabled after unlinking', async (p) => [await p.unlink(), await p.disable()]],
  ])('decides, stops and lifts nothing, by HTTP or Telegram: %s', async (_who, end) => {
    const ann = await person();
    const id = await asked();
    const critical = await asked({ critical: true });
    await end(ann);
    expect((await decide(id, ann.http)).result).toBe('not_operator');
    expect((await press(id, ann.telegram)).result).toBe('not_operator');
    expect((await press(critical, ann.telegram)).result).toBe('not_operator');
    expect((await calls.decide(id, 'rejected', ann.telegram)).result).toBe('not_operator');
    for (const actor of [ann.http, ann.telegram]) {
      await expect(call(`set_kill_switch('all', 'x', $1, '{}')`, [actor])).rejects.toThrow('may act');
      await expect(call(`lift_kill_switch('all', null, null, $1, '{}')`, [actor])).rejects.toThrow('may act');
      await expect(call(`prepare_kill_switch('stop', 'all', null, null, $1, '-1')`, [actor])).rejects.toThrow(
        'may act',
      );
    }
    expect((await calls.read(id)).status).toBe('pending');
    const { rows } = await sql.query(
      `select count(*)::int as n from actp_agent_audit_log
       where approval_id = $1 and status = 'denied' and result ->> 'refused' = 'not_operator'`,
      [id],
    );
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('is every address without an account', async () => {
    expect((await decide(await asked(), 'operator:nobody@example.com')).result).toBe('not_operator');
  });

  it('cannot press a button that was there before', async () => {
    const ann = await person();
    const id = await call<string>(`prepare_kill_switch('stop', 'agent:x', null, null, $1, '-1')`, [
      ann.telegram,
    ]);
    await ann.disable();
    expect(
      await call(`press_kill_switch($1, true, $2, '-1', $3, null, '{}')`, [id, ann.telegram, next()]),
    ).toMatchObject({ result: 'refused', refusal: 'not_operator' });
  });
});

it('[TRU-003] the name of who decided stands in the approval and in the audit log, beside the identity', async () => {
  const ann = await person({ name: 'Ann Lee' });
  for (const [by, act] of [
    [ann.http, decide],
    [ann.telegram, press],
  ] as const) {
    const id = await asked();
    expect((await act(id, by)).approval).toMatchObject({ decided_by: by, decided_by_name: 'Ann Lee' });
    const { rows } = await sql.query(
      `select result ->> 'name' as name, agent_id from actp_agent_audit_log
       where approval_id = $1 and action_type = 'approval.decide'`,
      [id],
    );
    expect(rows).toEqual([{ name: 'Ann Lee', agent_id: by }]);
  }
});
