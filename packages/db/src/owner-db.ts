import pg from 'pg';
import type { Client, Db } from './client.ts';

/**
 * The database's functions, called by its owner without PostgREST: for what has to be checked while no plane runs. It can call
 * functions that return one value, and nothing else.
 */
export function createOwnerDb(sql: pg.ClientBase): Db {
  const client = {
    rpc: (name: string, args: Readonly<Record<string, unknown>> = {}) => ({
      abortSignal: () => callFunction(sql, name, args),
    }),
  };
  return {
    async call(build) {
      // Of the client that `build` expects it has the one method that callers of functions use.
      const { data, error } = await build(client as unknown as Client).abortSignal(
        new AbortController().signal,
      );
      if (error) throw error;
      return data as NonNullable<typeof data>;
    },
  };
}

async function callFunction(sql: pg.ClientBase, name: string, args: Readonly<Record<string, unknown>>) {
  const names = Object.keys(args);
  const list = names.map((arg, index) => `${pg.escapeIdentifier(arg)} => $${index + 1}`).join(', ');
  const { rows } = await sql.query<{ value: unknown }>(
    `select public.${pg.escapeIdentifier(name)}(${list}) as value`,
    Object.values(args),
  );
  return { data: rows[0]?.value, error: null, status: 200 };
}
