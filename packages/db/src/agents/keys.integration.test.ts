import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { withOperators } from '../approvals/approvals.fixture.ts';
import { rowCalls, rowsLeftBy } from '../audit/rows.fixture.ts';
import { answerAfterWaiting } from '../waits.fixture.ts';

const { sql } = await openDatabase();
await withOperators(sql)();
const { call } = rowCalls(sql);
const operator = 'operator:op@example.com';
const strangers = ['agent-1', 'plane', 'operator:nobody@example.com'];
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

interface Answer {
  result: string;
  agent?: Record<string, unknown>;
}
interface Key {
  id: string;
  key_hash: string | null;
  previous_key_hash: string | null;
  previous_until: string | null;
}
let counted = 0;
const nameOf = () => `agent-${(counted += 1)}`;
const create = (id: string, over: object = {}, actor = operator) =>
  call<Answer>(`create_agent($1, $2, '{}')`, { id, key_hash: hashOf(randomUUID()), ...over }, actor);
const rotate = (id: string, key: string, grace = 600, actor = operator) =>
  call<Answer>(`rotate_agent_key($1, $2, $3, $4, '{}')`, id, hashOf(key), grace, actor);
const remove = (id: string, actor = operator) => call<Answer>(`delete_agent($1, $2, '{}')`, id, actor);
const list = (version: string | null = null) =>
  call<{ version: string; agents?: Key[] }>('agent_keys($1)', version);
const keyOf = async (id: string) => (await list()).agents?.find((one) => one.id === id);
const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const expire = (id: string) =>
  sql.query(`update actp_agents set expires_at = now() - interval '1 second' where id = $1`, [id]);

describe('the key of an agent', () => {
  it('is made by an operator, as it was asked for', async () => {
    const id = nameOf();
    const more = { note: 'n', actions: ['b.*', 'a.b'], expires_at: soon() };
    const rows = await rowsLeftBy(sql, async () => {
      expect(await create(id, { ...more, key_hash: hashOf('k') })).toMatchObject({
        result: 'created',
        agent: { id, note: 'n', actions: ['b.*', 'a.b'], created_by: operator, last_used_at: null },
      });
    });
    expect(rows).toMatchObject([
      {
        action_type: 'agent_key.create',
        status: 'ok',
        agent_id: operator,
        result: { agent: id, actions: more.actions },
      },
    ]);
    expect(await keyOf(id)).toMatchObject({ key_hash: hashOf('k'), previous_key_hash: null });
    for (const actor of strangers) await expect(create(nameOf(), {}, actor)).rejects.toThrow();
  });

  it('is of one name, however it is written, and of no time that is over', async () => {
    const id = nameOf();
    await create(id);
    expect(await create(id)).toEqual({ result: 'conflict' });
    expect(await create(` ${id.toUpperCase()} `)).toEqual({ result: 'conflict' });
    expect(await create(nameOf(), { expires_at: '2020-01-01T00:00:00Z' })).toEqual({ result: 'past' });
    expect((await create(nameOf(), { actions: null, expires_at: null })).result).toBe('created');
  });

  it('is rotated: the one before goes on for a time, or ends', async () => {
    const [id, other] = [nameOf(), nameOf()];
    await create(id, { key_hash: hashOf('first') });
    await create(other);
    const before = await keyOf(other);
    expect((await rotate(id, 'second')).result).toBe('rotated');
    expect(await keyOf(id)).toMatchObject({
      key_hash: hashOf('second'),
      previous_key_hash: hashOf('first'),
      previous_until: expect.any(String),
    });
    expect((await rotate(id, 'third', 1)).result).toBe('rotated');
    expect(await keyOf(id)).toMatchObject({
      key_hash: hashOf('third'),
      previous_key_hash: hashOf('second'),
      previous_until: expect.any(String),
    });
    expect(await rotate(id, 'fourth', 0)).toMatchObject({
      result: 'rotated',
      agent: { rotated_at: expect.any(String) },
    });
    expect(await keyOf(id)).toMatchObject({
      ...{ key_hash: hashOf('fourth'), previous_key_hash: null, previous_until: null },
    });
    expect(await keyOf(other)).toEqual(before);
    const { rows } = await sql.query(
      `select result from actp_agent_audit_log where action_type = 'agent_key.rotate' order by created_at`,
    );
    expect(rows).toEqual([600, 1, 0].map((grace_seconds) => ({ result: { agent: id, grace_seconds } })));
  });

  it('is not rotated when it is over or deleted, or by whoever may not', async () => {
    const [over, gone, id] = [nameOf(), nameOf(), nameOf()];
    for (const one of [over, gone, id]) await create(one, { expires_at: soon() });
    await expire(over);
    await remove(gone);
    await expire(gone);
    expect(await rotate(over, 'x')).toEqual({ result: 'expired' });
    expect(await rotate(gone, 'x')).toEqual({ result: 'not_found' });
    expect(await rotate(nameOf(), 'x')).toEqual({ result: 'not_found' });
    for (const actor of strangers) await expect(rotate(id, 'x', 1, actor)).rejects.toThrow();
    expect((await rotate(id, 'x')).result).toBe('rotated');
  });

  it('is deleted alone, once, and its name is taken until an operator gives it again', async () => {
    const [id, other] = [nameOf(), nameOf()];
    await create(id, { note: 'old' });
    await rotate(id, 'again');
    await create(other);
    for (const actor of strangers) await expect(remove(id, actor)).rejects.toThrow();
    expect(await remove(id)).toMatchObject({ result: 'deleted', agent: { id } });
    expect(await remove(id)).toEqual({ result: 'not_found' });
    expect(await keyOf(id)).toMatchObject({ key_hash: null, previous_key_hash: null, previous_until: null });
    expect((await keyOf(other))?.key_hash).not.toBeNull();
    expect(await create(id, { key_hash: hashOf('new') })).toMatchObject({
      result: 'created',
      agent: { id, note: null, rotated_at: null },
    });
    expect(await keyOf(id)).toMatchObject({ key_hash: hashOf('new'), previous_key_hash: null });
  });

  it('is one of a thousand at most', async () => {
    const { rows } = await sql.query<{ n: number }>(
      'select count(*)::int as n from actp_agents where deleted_at is null',
    );
    await sql.query(
      `insert into actp_agents (id, name, created_by, key_hash)
       select 'full-' || n, 'full-' || n, 'x', sha256(n::text::bytea) from generate_series(1, $1::int) n`,
      [999 - (rows[0]?.n ?? 0)],
    );
    expect((await create(nameOf())).result).toBe('created');
    expect(await create(nameOf())).toEqual({ result: 'too_many' });
    await remove('full-1');
    expect((await create(nameOf())).result).toBe('created');
    await sql.query(`delete from actp_agents where id like 'full-%'`);
  });
});

describe('the list of keys', () => {
  it('is given to who does not have it, and is another one after each change', async () => {
    const { version } = await list();
    expect(await list(version)).toEqual({ version, now: expect.any(String) });
    expect((await list(randomUUID())).agents).toBeDefined();
    const id = nameOf();
    const seen = [version];
    for (const change of [() => create(id), () => rotate(id, randomUUID()), () => remove(id)]) {
      await change();
      const now = await list(seen.at(-1));
      expect(now.agents).toBeDefined();
      seen.push(now.version);
    }
    expect(new Set(seen).size).toBe(4);
    await sql.query('delete from actp_agents');
    expect((await list()).agents).toEqual([]);
    expect(await call('list_agents(null, null, 2)')).toEqual([]);
  });

  it('for people is in pages, newest first, without what was deleted', async () => {
    const ids = [nameOf(), nameOf(), nameOf()];
    for (const id of ids) await create(id);
    const gone = nameOf();
    await create(gone);
    await remove(gone);
    interface Listed {
      id: string;
      created_at: string;
    }
    const page = (before?: Listed, limit = 2) =>
      call<Listed[]>('list_agents($1, $2, $3)', before?.created_at ?? null, before?.id ?? null, limit);
    const first = await page();
    expect(first.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect((await page(first.at(-1))).map(({ id }) => id)).toEqual([ids[0]]);
  });
});

it('who has used a key is noted, and of no other', async () => {
  const [used, idle] = [nameOf(), nameOf()];
  await create(used);
  await create(idle);
  await sql.query('select note_agents_used($1)', [[used, 'nobody']]);
  const { rows } = await sql.query(
    'select id, last_used_at is not null as used from actp_agents where id = any ($1) order by id = $2',
    [[used, idle], idle],
  );
  expect(rows).toEqual([
    { id: used, used: true },
    { id: idle, used: false },
  ]);
});

it('an agent is known by its key, or by what it has asked for', async () => {
  const id = 'Known-Agent';
  await create(id);
  await sql.query(
    `insert into actp_approval_queue (action, details, requested_by, asked_by)
     values ('a.b', '{}', 'named', 'asker'), ('a.b', '{}', 'alone', null)`,
  );
  const known = (name: string) => call<boolean>('is_known_agent($1)', name);
  for (const name of [id, 'known-agent', 'asker', 'ASKER', 'alone', 'Alone'])
    expect(await known(name), name).toBe(true);
  for (const name of ['unknown-agent', 'named', '']) expect(await known(name), name).toBe(false);
});

it('two notes of the same agents wait for each other in one order', async () => {
  const [first, second] = [`a-${nameOf()}`, `b-${nameOf()}`];
  // In the table they stand the other way round.
  for (const id of [second, first]) await create(id);
  const locked = 'select from actp_agents where id = $1 for update';
  await answerAfterWaiting(sql, { lock: [locked, first], meanwhile: [locked, second] }, () =>
    sql.query('select note_agents_used($1)', [[first, second]]),
  );
  const { rows } = await sql.query(
    'select from actp_agents where id = any ($1) and last_used_at is not null',
    [[first, second]],
  );
  expect(rows).toHaveLength(2);
});
