import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { useOwnSecrets } from '@actp/redaction/own-secrets';
import { atEnd } from '@actp/testing/at-end';
import { openStores } from '@actp/testing/stores';
import { functionsIn, functionsOf } from './functions/functions.fixture.ts';
import { readFunctionFiles } from './functions/read-function-files.ts';
import { migrate } from './migrate.ts';

const files = await readFunctionFiles();

/** Gives a database to a role like Supabase's `postgres`: it owns the database, and may do nothing else. */
async function ownedByAnOrdinaryRole(stores: Awaited<ReturnType<typeof openStores>>) {
  const name = `owner_${randomUUID().replaceAll('-', '')}`;
  const password = randomUUID();
  const url = new URL(stores.env.DATABASE_URL);
  const database = url.pathname.slice(1);
  await stores.sql.query(
    `create role ${name} login nosuperuser nocreaterole nocreatedb password '${password}';
     alter database ${database} owner to ${name};
     grant usage on schema extensions to ${name};
     alter default privileges for role ${name} in schema public grant all on tables to anon, authenticated, service_role;
     alter default privileges for role ${name} in schema public grant all on functions to anon, authenticated, service_role;
     alter default privileges for role ${name} in schema public grant all on sequences to anon, authenticated, service_role`,
  );
  // Roles are the whole server's, so that the next run must find none of them.
  atEnd(() =>
    stores.sql.query(
      `drop owned by ${name} cascade; alter database ${database} owner to postgres; drop role ${name}`,
    ),
  );
  url.username = name;
  url.password = password;
  return url.href;
}

describe('migrating as a role that is not a superuser', async () => {
  const stores = await openStores({ empty: true });
  const databaseUrl = await ownedByAnOrdinaryRole(stores);
  const client = new pg.Client(databaseUrl);
  await client.connect();
  atEnd(() => client.end());

  it('makes everything, then changes a function, then finds nothing to do', async () => {
    const first = await migrate({ databaseUrl });
    expect(first.applied.length).toBeGreaterThan(30);
    expect(first.functions).toHaveLength(files.length);

    const before = await functionsIn(client);
    const expected = await functionsOf(client, files);
    expect(before).toEqual(expected);

    // As if the release before had another body.
    await client.query(
      `create or replace function public.find_user(p_email text)
         returns table (id uuid, email text, password_hash text, role text) language sql as $$ select null::uuid, '', '', '' $$;
       update actp_migrations.function_files set sha256 = 'old' where file = 'users/find_user.sql'`,
    );
    expect(await migrate({ databaseUrl })).toEqual({
      applied: [],
      functions: ['users/find_user.sql'],
      notice: undefined,
    });
    expect(await functionsIn(client)).toEqual(before);
    expect(await migrate({ databaseUrl })).toEqual({ applied: [], functions: [], notice: undefined });
  });

  it('lets the API roles call what they may, and nothing else', async () => {
    const { rows } = await client.query<{ role: string; may: number }>(
      `select r as role, count(*) filter (where has_function_privilege(r, p.oid, 'execute'))::integer as may
       from pg_proc p, unnest(array['anon', 'authenticated', 'service_role', 'actp_gateway']) r
       where p.pronamespace = 'public'::regnamespace group by 1 order by 1`,
    );
    const served = files.filter(({ text }) => /^grant execute [^;]*\bactp_gateway\b/m.test(text));
    expect(rows).toEqual([
      { role: 'actp_gateway', may: served.length },
      { role: 'anon', may: 0 },
      { role: 'authenticated', may: 0 },
      { role: 'service_role', may: 0 },
    ]);
  });
});

describe('migrating an up-to-date database', async () => {
  const stores = await openStores();
  const databaseUrl = stores.env.DATABASE_URL;

  it('is safe for copies that start at the same moment', async () => {
    await stores.sql.query(`update actp_migrations.function_files set sha256 = 'old'`);
    const results = await Promise.all([
      migrate({ databaseUrl }),
      migrate({ databaseUrl }),
      migrate({ databaseUrl }),
    ]);
    expect(results.map(({ functions }) => functions.length).toSorted((a, b) => a - b)).toEqual([
      0,
      0,
      files.length,
    ]);
  });

  it('leaves the functions of a newer release alone, and says so', async () => {
    await stores.sql.query(
      `update actp_migrations.function_files set sha256 = 'newer', release = '20991231000000' where file = 'users/find_user.sql'`,
    );
    const { functions, notice } = await migrate({ databaseUrl });
    expect(functions).toEqual([]);
    expect(notice).toContain('A newer release has migrated this database (to 20991231000000)');
  });
});

describe('migrating a database in which something is in the way', async () => {
  const stores = await openStores({ empty: true });
  await stores.sql.query('create table public.actp_users ()');

  it('[SEC-020] fails with what Postgres said, without secrets', async () => {
    const said = 'relation "actp_users" already exists';
    const failed = () => migrate({ databaseUrl: stores.env.DATABASE_URL });
    await expect(failed()).rejects.toThrow(said);
    useOwnSecrets([said]);
    atEnd(() => useOwnSecrets([]));
    await expect(failed()).rejects.toThrow(/^The migrations failed:\n(?![^]*already exists)[^]*\[redacted/);
  });
});
