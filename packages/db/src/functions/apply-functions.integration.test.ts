import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { applyFunctions } from './apply-functions.ts';
import { readFunctionFiles } from './read-function-files.ts';

const stores = await openStores();
const { sql } = stores;

const client = new pg.Client(stores.env.DATABASE_URL);
await client.connect();
atEnd(() => client.end());

const one = (body = 'select 1', returns = 'integer', parameters = '') =>
  `create or replace function public.trial_one(${parameters}) returns ${returns} language sql as $$ ${body} $$;`;
const two = (body = 'select public.trial_one() + 1') =>
  `create or replace function public.trial_two() returns integer language sql as $$ ${body} $$;`;

/** As the migrator does, with files of the test instead of the project's. */
async function apply(files: Record<string, string>, options: { release?: string; all?: boolean } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'actp-functions-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(dir, file)), { recursive: true });
      await writeFile(join(dir, file), text);
    }
    return await applyFunctions({
      client,
      files: await readFunctionFiles(dir),
      release: options.release ?? '20270101000000',
      all: options.all ?? false,
    });
  } finally {
    await rm(dir, { recursive: true });
  }
}
const answerOf = async (name: string) => {
  const { rows } = await sql.query<{ answer: number }>(`select public.${name}() as answer`);
  return rows[0]?.answer;
};
const recorded = async () => {
  const { rows } = await sql.query<{ file: string; release: string }>(
    'select file, release from actp_migrations.function_files order by 1',
  );
  return rows;
};

beforeEach(async () => {
  await sql.query(
    `delete from actp_migrations.function_files;
     drop function if exists public.trial_one(); drop function if exists public.trial_one(integer);
     drop function if exists public.trial_two()`,
  );
});

describe('applying function files', () => {
  it('applies new and changed files, and no other', async () => {
    const files = { 'trial/trial_one.sql': one(), 'trial/trial_two.sql': two() };
    expect((await apply(files)).applied).toEqual(['trial/trial_one.sql', 'trial/trial_two.sql']);
    expect((await apply(files)).applied).toEqual([]);
    expect((await apply({ ...files, 'trial/trial_one.sql': one('select 5') })).applied).toEqual([
      'trial/trial_one.sql',
    ]);
    expect(await answerOf('trial_two')).toBe(6);
  });

  it('applies a function before the one that it calls', async () => {
    await apply({ 'a/trial_two.sql': two(), 'b/trial_one.sql': one() });
    expect(await answerOf('trial_two')).toBe(2);
  });

  it('applies all when migrations were applied: one of them may have dropped a function', async () => {
    const files = { 'trial/trial_one.sql': one() };
    await apply(files);
    await sql.query('drop function public.trial_one()');
    expect((await apply(files, { all: true })).applied).toEqual(['trial/trial_one.sql']);
    expect(await answerOf('trial_one')).toBe(1);
  });

  it('gives a trigger function, which a migration could only declare, its body', async () => {
    const client = await sql.connect();
    try {
      await client.query(
        `create temp table trial (n integer);
         create function public.trial_one() returns trigger
         language plpgsql as $$ begin raise exception 'declared only'; end $$;
         create trigger trial before insert on trial for each row execute function public.trial_one()`,
      );
      await expect(client.query('insert into trial values (1)')).rejects.toThrow('declared only');
      const text = one('begin new.n := 7; return new; end', 'trigger').replace(
        'language sql',
        'language plpgsql',
      );
      await apply({ 'trial/trial_one.sql': text });
      const { rows } = await client.query('insert into trial values (1) returning n');
      expect(rows).toEqual([{ n: 7 }]);
    } finally {
      await client.query('drop table trial');
      client.release();
    }
  });

  it('forgets a file that is gone', async () => {
    await apply({ 'trial/trial_one.sql': one(), 'trial/trial_two.sql': two() });
    await apply({ 'trial/trial_one.sql': one() });
    expect((await recorded()).map(({ file }) => file)).toEqual(['trial/trial_one.sql']);
  });

  it('leaves a database alone that a newer release has migrated', async () => {
    await apply({ 'trial/trial_one.sql': one() }, { release: '20270202000000' });
    const answer = await apply({ 'trial/trial_one.sql': one('select 2') }, { release: '20270101000000' });
    expect(answer).toEqual({ applied: [], newerRelease: '20270202000000' });
    expect(await answerOf('trial_one')).toBe(1);
  });
});

describe('a function file that cannot be applied', () => {
  it('leaves every function and the record as they were, and is named with its line', async () => {
    await apply({ 'a/trial_one.sql': one() });
    const broken = `-- A comment.\n${two().replace('returns integer', 'returnss integer')}`;
    await expect(apply({ 'a/trial_one.sql': one('select 2'), 'b/trial_two.sql': broken })).rejects.toThrow(
      /packages\/db\/sql\/b\/trial_two\.sql:2 cannot be applied: syntax error at or near "returnss"/,
    );
    expect(await answerOf('trial_one')).toBe(1);
    expect((await recorded()).map(({ file }) => file)).toEqual(['a/trial_one.sql']);
  });

  it.each([
    ['sql', two('select no_such_column')],
    ['plpgsql', two('beginn select 1; end').replace('language sql', 'language plpgsql')],
  ])('is found by its body (%s), although functions are created in any order', async (_, text) => {
    await expect(apply({ 'a/trial_one.sql': one(), 'b/trial_two.sql': text })).rejects.toThrow(
      'packages/db/sql/b/trial_two.sql cannot be applied',
    );
    expect(await recorded()).toEqual([]);
  });

  it('tells what to do about another return type', async () => {
    await apply({ 'a/trial_one.sql': one() });
    await expect(apply({ 'a/trial_one.sql': one(`select 'x'`, 'text') })).rejects.toThrow(
      /a\/trial_one\.sql.*cannot change return type[\s\S]*Add a migration that drops it first \(drop function if exists\)\.[\s\S]*DROP FUNCTION/,
    );
    expect(await answerOf('trial_one')).toBe(1);
  });

  it('tells what to do about an old signature that was left behind', async () => {
    await apply({ 'a/trial_one.sql': one() });
    await expect(apply({ 'a/trial_one.sql': one('select p', 'integer', 'p integer') })).rejects.toThrow(
      /a\/trial_one\.sql changes the signature.*public\.trial_one\(\) and public\.trial_one\(integer\)[\s\S]*migration that drops/,
    );
    expect(await answerOf('trial_one')).toBe(1);
  });

  it('is no file whose function another program has under another signature', async () => {
    await apply({ 'a/trial_one.sql': one() });
    await sql.query(one('select p', 'integer', 'p integer'));
    expect((await apply({ 'a/trial_one.sql': one('select 7') })).applied).toHaveLength(1);
    expect(await answerOf('trial_one')).toBe(7);
  });

  it('may define overloads, all in one file', async () => {
    const both = `${one()}\n${one('select p', 'integer', 'p integer')}`;
    expect((await apply({ 'a/trial_one.sql': both })).applied).toHaveLength(1);
  });
});

describe('the record of function files', () => {
  it('is out of reach of every API role', async () => {
    const { rows } = await sql.query<{ open: boolean }>(
      `select has_schema_privilege(r, 'actp_migrations', 'usage')
         or has_table_privilege(r, 'actp_migrations.function_files', 'select, insert, update, delete, truncate')
         or not (select relrowsecurity from pg_class where oid = 'actp_migrations.function_files'::regclass) as open
       from unnest(array['anon', 'authenticated', 'service_role']) r`,
    );
    expect(rows).toEqual([{ open: false }, { open: false }, { open: false }]);
  });
});
