import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '@actp/testing/stores';
import { functionsIn, functionsOf } from './functions.fixture.ts';
import { readFunctionFiles } from './read-function-files.ts';

const stores = await openDatabase();
const files = await readFunctionFiles();

/** Changes the database, looks at its functions, and takes the change back. */
async function functionsAfter(change: string) {
  const client = await stores.sql.connect();
  try {
    await client.query('begin');
    await client.query(change);
    return await functionsIn(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}

async function withClient<T>(use: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await stores.sql.connect();
  try {
    return await use(client);
  } finally {
    client.release();
  }
}

describe('functions of a freshly migrated database', () => {
  it('are the ones of the files: definitions, comments and grants', async () => {
    const expected = await withClient((client) => functionsOf(client, files));
    expect(Object.keys(expected).length).toBeGreaterThan(100);
    expect(await withClient(functionsIn)).toEqual(expected);
  });

  it.each([
    [
      'another body',
      `create or replace function actp_audit.lane_count() returns integer language sql immutable as 'select 8'`,
    ],
    ['another volatility', 'alter function public.find_user(text) volatile'],
    ['the rights of the caller', 'alter function public.decide_approval security invoker'],
    ['another setting', 'alter function public.decide_approval reset search_path'],
    ['another comment', `comment on function public.find_user(text) is 'something else'`],
    ['a grant too many', 'grant execute on function public.find_user(text) to anon'],
    ['a grant to everybody', 'grant execute on function actp_audit.lane_count() to public'],
    ['a grant too few', 'revoke execute on function public.find_user(text) from actp_gateway'],
    [
      'a function without a file',
      'create function public.stray() returns integer language sql as $$ select 1 $$',
    ],
    ['a file without a function', 'drop function public.find_user(text)'],
    ['an overload', 'create function public.find_user(uuid) returns integer language sql as $$ select 1 $$'],
  ])('differ when there is %s', async (_, change) => {
    const expected = await withClient((client) => functionsOf(client, files));
    expect(await functionsAfter(change)).not.toEqual(expected);
  });
});
