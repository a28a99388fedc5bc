import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { differences, readMatrix } from '@actp/testing/matrix';
import { openDatabase } from '@actp/testing/stores';
import { listRights } from './list-rights.fixture.ts';

const matrix = readMatrix(join(import.meta.dirname, 'functions.matrix.md'));
const [functionsColumn = '', ...roles] = matrix.columns;
const stores = await openDatabase();

/** Who may call a function (of any signature), in a database changed like this. */
async function callers(change = 'select 1'): Promise<Map<string, Set<string>>> {
  const client = await stores.sql.connect();
  try {
    await client.query('begin');
    await client.query(change);
    const rights = await listRights(client);
    const found = new Map<string, Set<string>>();
    for (const [, role = '', name = ''] of rights.matchAll(/^(\w+): call (?:\w+\.)?(\w+)\(/gm)) {
      found.set(name, (found.get(name) ?? new Set()).add(role.replace(/^actp_/, '')));
    }
    return found;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const rows = [...matrix.rows].map(([what, cells]) => ({
  what,
  functions: cells.get(functionsColumn)?.split(' ') ?? [],
  cells: new Map(roles.map((role) => [role, cells.get(role) ?? ''])),
}));
const named = rows.flatMap(({ functions }) => functions);

/** Each cell that differs for one of its row's functions, and each role that has no column. */
function wrong(found: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return rows.flatMap(({ what, functions, cells }) =>
    functions.flatMap((name) => {
      const may = found.get(name) ?? new Set();
      const seen = new Map(
        [...new Set([...roles, ...may])].map((role) => [role, may.has(role) ? 'yes' : '']),
      );
      return differences(`${what}: ${name}`, cells, seen);
    }),
  );
}

describe('[TRU-001] the table of SQL functions and apps', () => {
  it('has a row for every function that some role may call, once, and for no other', async () => {
    expect(named.toSorted()).toEqual([...(await callers()).keys()].toSorted());
  });

  it('says who may call it', async () => {
    expect(wrong(await callers())).toEqual([]);
  });

  it.each([
    ['grant execute on function public.decide_approval to actp_runner', 'decide_approval, runner'],
    ['revoke execute on function public.release_effect from actp_executor', 'release_effect, executor'],
    ['grant execute on function public.redeem_approval to service_role', 'redeem_approval, service_role'],
    ['grant execute on function public.find_user to public', 'find_user, public'],
    [
      'create role actp_other; grant execute on function public.pay_ledger to actp_other',
      'pay_ledger, other',
    ],
  ])('differs after: %s', async (change, cell) => {
    expect(wrong(await callers(change))).toEqual([expect.stringContaining(`${cell}:`)]);
  });

  it('lacks a function that somebody has added', async () => {
    const found = await callers(
      'create function public.stray() returns integer language sql as $$ select 1 $$; grant execute on function public.stray() to actp_bot',
    );
    expect([...found.keys()].filter((name) => !named.includes(name))).toEqual(['stray']);
  });
});
