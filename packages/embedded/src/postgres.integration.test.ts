import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosePostgresAccount } from './postgres-account.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { findSystemUser } from './system-users.ts';

const isRoot = process.getuid?.() === 0;
const password = 'the-first-password-of-this-test';

let folder: string;
let running: Postgres | undefined;

beforeEach(async () => {
  // Private to its owner, as a checkout below /root is.
  folder = await mkdtemp(join(tmpdir(), 'actp-postgres-'));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(options: { dataDir?: string; password?: string; log?: string[] } = {}) {
  running = await startPostgres({
    dataDir: folder,
    password,
    fast: true,
    ...options,
    log: (_part, line) => options.log?.push(line),
  });
  return running;
}

async function query(url: string, sql: string): Promise<Array<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function ownerOf(pid: number | undefined): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid;
}

describe('the embedded Postgres', () => {
  it('runs below a folder that only root may enter, without opening it to others', async () => {
    const { url } = await start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'postgres'))).mode & 0o777).toBe(0o700);
  });

  it.runIf(isRoot)('runs as a system user where that user can reach it', async () => {
    await chmod(folder, 0o755);
    const { pid, url } = await start({ dataDir: join(folder, 'data') });
    const user = await findSystemUser('postgres');
    expect(await ownerOf(pid())).toBe(user?.uid);
    expect((await stat(join(folder, 'data', 'postgres'))).uid).toBe(user?.uid);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.runIf(isRoot)('uses a user namespace when only root can reach the program', async () => {
    await mkdir(join(folder, 'bin'));
    const program = join(folder, 'bin', 'postgres');
    await writeFile(program, '#!/bin/sh\n[ "$(id -u)" -ne 0 ] && echo 17\n', { mode: 0o755 });
    const { words, owner } = await choosePostgresAccount(program, tmpdir());
    expect(words.join(' ')).toMatch(/unshare --user --map-user=\d+ --map-group=\d+$/);
    expect(owner).toEqual({ uid: 0, gid: 0 });
  });

  it.runIf(isRoot)('says what to do when neither is possible', async () => {
    const program = join(folder, 'postgres');
    await writeFile(program, '#!/bin/sh\n', { mode: 0o755 });
    const nothing = join(folder, 'empty');
    await expect(choosePostgresAccount(program, folder, nothing)).rejects.toThrow(
      'Start as an ordinary user',
    );
  });

  it('keeps data and takes a new password when the old one is lost', async () => {
    const first = await start();
    await query(first.url, 'create table kept (n int); insert into kept values (7)');
    await first.stop();

    const log: string[] = [];
    const second = await start({ password: 'another-password-of-this-test', log });
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    expect(log.join('\n')).not.toContain('another-password');
    await expect(query(second.url.replace('another-', 'wrong-'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('lets PostgREST sign in with a password of this start, and no API role at all', async () => {
    const { authenticatorUrl, url } = await start();
    expect(await query(authenticatorUrl, 'select current_user as me')).toEqual([{ me: 'authenticator' }]);
    const logins = `select rolname from pg_roles where rolcanlogin order by 1`;
    const roles = (await query(url, logins)).map(({ rolname }) => rolname);
    expect(roles).toEqual(['authenticator', 'postgres']);
  });

  it('is durable unless told otherwise, sorts by code point and lives in UTC', async () => {
    running = await startPostgres({ dataDir: folder, password });
    const show = async (name: string) => (await query(running?.url ?? '', `show ${name}`))[0]?.[name];
    expect(await show('fsync')).toBe('on');
    expect(await show('synchronous_commit')).toBe('on');
    expect(await show('TimeZone')).toBe('UTC');
    expect(await show('server_encoding')).toBe('UTF8');
    const sorted = await query(running.url, `select upper('ä') as up, 'Z' < 'a' as by_code`);
    expect(sorted).toEqual([{ up: 'Ä', by_code: true }]);
  });

  it('writes no row into its log when a statement fails', async () => {
    const log: string[] = [];
    const { url } = await start({ log });
    const bad = `create table t (n int check (n > 0)); insert into t values (-424242424)`;
    await expect(query(url, bad)).rejects.toThrow('violates check constraint');
    await running?.stop();
    expect(log.join('\n')).not.toContain('424242424');
  });

  it('says which version it needs when the data is of another one', async () => {
    await mkdir(join(folder, 'postgres'), { recursive: true });
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '14\n');
    await expect(start()).rejects.toThrow(/written by PostgreSQL 14, but only PostgreSQL \d+/);
  });
});
