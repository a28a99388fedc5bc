import { afterEach, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { killSwitchCalls } from '../approvals/kill-switch.fixture.ts';
import { rowCalls } from '../audit/rows.fixture.ts';

const { sql } = await openDatabase();
const { call } = rowCalls(sql);
const switches = killSwitchCalls(sql);
const lifted = 'update actp_kill_switches set lifted_at = now(), lifted_by = set_by where lifted_at is null';

afterEach(() => sql.query(lifted));

const since = (scope: string, minutes: number) =>
  sql.query(
    'update actp_kill_switches set set_at = set_at - make_interval(mins => $2) where scope = $1 and lifted_at is null',
    [scope, minutes],
  );

// The first one: what has been lifted since does not count.
it('that stops everything is set however many there are', async () => {
  await sql.query(
    `insert into actp_kill_switches (scope, reason, set_by) select 'agent:n' || n, 'test', 'operator:a@b.c' from generate_series(1, 200) n`,
  );
  expect(await switches.set('agent:more')).toEqual({ result: 'too_many' });
  expect((await switches.set('agent:n7')).result).toBe('known');
  expect((await switches.set('all')).result).toBe('set');
});

it('of several that stop the same the oldest is named, with its reason; they are listed the newest first', async () => {
  for (const scope of ['agent:a', 'action:x.*', 'agent:b']) await switches.set(scope, `why ${scope}`);
  await since('action:x.*', 10);
  await since('agent:b', 20);
  expect(await switches.blocks('a', 'x.y')).toMatchObject({ scope: 'action:x.*', reason: 'why action:x.*' });
  expect((await switches.active()).map(({ scope }) => scope)).toEqual(['agent:a', 'action:x.*', 'agent:b']);
  await switches.lift('action:x.*');
  expect(await switches.blocks('a', 'x.y')).toMatchObject({ scope: 'agent:a' });
  expect((await switches.active()).map(({ scope }) => scope)).toEqual(['agent:a', 'agent:b']);
});

it('is lifted alone, and stays on record with who lifted it and why', async () => {
  for (const scope of ['agent:a', 'agent:b']) await switches.set(scope);
  await call(`lift_kill_switch('agent:a', null, 'fine', 'operator:a@b.c', '{}')`);
  const { rows } = await sql.query(
    `select scope, lifted_by, lift_reason, lifted_at is not null as lifted from actp_kill_switches
     where set_at >= (select max(set_at) from actp_kill_switches where scope = 'agent:a') order by scope`,
  );
  expect(rows).toEqual([
    { scope: 'agent:a', lifted_by: 'operator:a@b.c', lift_reason: 'fine', lifted: true },
    { scope: 'agent:b', lifted_by: null, lift_reason: null, lifted: false },
  ]);
});

it('that is set again says for what it was set at first', async () => {
  const first = await switches.set('agent:a', 'first');
  expect(await switches.set('agent:a', 'second')).toEqual({ result: 'known', switch: first.switch });
  expect(first).toMatchObject({ result: 'set', notification_id: expect.any(String) });
});

it('a command in Telegram is forgotten after a day', async () => {
  const prepare = () =>
    call<string>(`prepare_kill_switch('stop', 'agent:a', null, 'why', 'operator:a@b.c', '-1')`);
  const [old, young] = [await prepare(), await prepare()];
  for (const [id, minutes] of [
    [old, 24 * 60 + 1],
    [young, 24 * 60 - 10],
  ])
    await sql.query(
      'update actp_kill_switch_commands set created_at = now() - make_interval(mins => $2) where id = $1',
      [id, minutes],
    );
  const next = await prepare();
  const { rows } = await sql.query<{ id: string }>('select id from actp_kill_switch_commands');
  expect(rows.map(({ id }) => id).toSorted()).toEqual([young, next].toSorted());
  await expect(
    call(`prepare_kill_switch('stop', 'agent:a', null, 'why', 'operator:nobody@example.com', '-1')`),
  ).rejects.toThrow();
});

it.each<[actor: string | null, person: boolean]>([
  ['telegram:1', true],
  [`telegram:${'9'.repeat(20)}`, true],
  ['operator:a@b.c', true],
  [`operator:${'a'.repeat(319)}@example.com`, true],
  [`operator:${'a'.repeat(320)}@example.com`, false],
  [`telegram:${'9'.repeat(21)}`, false],
  ['telegram:', false],
  ['telegram:-1', false],
  ['xtelegram:1', false],
  ['operator:a', false],
  ['operator:a@b@c', false],
  ['operator:a b@c', false],
  ['user:a@b.c', false],
  ['agent-1', false],
  ['', false],
  [null, false],
])('%s is a person: %s', async (actor, person) => {
  const asserted = sql.query('select assert_person($1)', [actor]);
  if (person) await asserted;
  else await expect(asserted).rejects.toThrow('only a person does this');
});
