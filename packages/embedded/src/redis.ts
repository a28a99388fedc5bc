import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { redisUrl } from './addresses.ts';
import { refuseMissingManifest, remedyFor } from './append-only-file/files.ts';
import { repairAppendOnlyFile } from './append-only-file/repair.ts';
import { prepareDataDir } from './data-dir.ts';
import { deathSignalWords } from './death-signal.ts';
import { defaultSearchPath } from './find-program.ts';
import { freePort } from './free-port.ts';
import { ExitedEarly, superviseProcess } from './supervised-process.ts';
import { describeEvent, partOf, storePauseMs, type Part, type PartLog } from './running-store.ts';
import { stopLeftover } from './pid-file.ts';
import { findRedis } from './redis-binary.ts';
import { isRedisReady } from './redis-ready.ts';
import { redisConfig } from './redis-config.ts';
import { StartupError } from './startup-error.ts';

export interface RedisOptions {
  /** The folder of all parts; Redis keeps its files in `redis` below it. */
  dataDir: string;
  /** Letters, digits, `-` and `_` only, so that it needs no quoting anywhere. */
  password: string;
  port?: number | undefined;
  /** How many logical databases; tests take one each. */
  databases?: number | undefined;
  /** For tests only: does not wait for the disk. */
  fast?: boolean | undefined;
  /** For tests only: false keeps nothing on disk. */
  appendOnly?: boolean | undefined;
  /** For tests only: that of a further user who may do everything. */
  adminPassword?: string | undefined;
  /** How long it has to stop before it is killed. */
  stopMs?: number | undefined;
  searchPath?: string | undefined;
  log?: PartLog | undefined;
  /** Told when Redis has to be installed. */
  notice?: ((text: string) => void) | undefined;
}

export interface Redis extends Part {
  url: string;
}

// What Redis and Valkey say when their files cannot be read.
const loadFault =
  /Bad file format reading|Unexpected end of file reading|Unknown command .* reading|Short read or OOM loading|Internal error in RDB|Wrong signature|Can't open the append|Fatal error loading|AOF manifest|Unable to obtain the AOF file|AOF file .* doesn't exist/;
const defaultStopMs = 4_000;
// Loading a large append-only file.
const readyMs = 60_000;

/**
 * Starts Redis (or Valkey) on loopback and keeps it running.
 *
 * @throws StartupError saying what to do
 */
export async function startRedis(options: RedisOptions): Promise<Redis> {
  const { password, searchPath = defaultSearchPath, log } = options;
  if (!/^[\w-]+$/.test(password)) {
    throw new StartupError(
      'ACTP_REDIS_PASSWORD contains characters that are not allowed.',
      'Use letters, digits, - and _ only, or remove the line from .env to have one generated.',
    );
  }
  const stopMs = options.stopMs ?? defaultStopMs;
  const { path, run } = await prepareDataDir(options.dataDir);
  const binary = await findRedis(searchPath, options.notice ?? (() => undefined));
  const pidFile = join(run, 'redis.pid');
  const directory = join(path, 'redis');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await stopLeftover(pidFile, 'SIGTERM', stopMs);
  const port = options.port ?? (await freePort());
  const config = redisConfig({ ...options, port, directory });
  const words = await deathSignalWords('SIGTERM', searchPath);
  const [program, ...args] = [...words, binary, '-'];
  // What it says when it cannot read its file.
  let unreadable: string | undefined;
  const repair = async () => {
    const done = await repairAppendOnlyFile(directory);
    if (done !== undefined) log?.('redis', done, 'event');
    return done !== undefined;
  };
  const supervised = superviseProcess({
    name: 'Redis',
    spawn: async () => {
      if (unreadable !== undefined) await repair();
      unreadable = undefined;
      await refuseMissingManifest(directory);
      const child = spawn(program, args, {
        cwd: directory,
        env: { LC_ALL: 'C', TZ: 'UTC' },
        detached: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      child.stdin.on('error', () => undefined);
      // Through standard input: neither a command line nor a file shows the password.
      child.stdin.end(config);
      return child;
    },
    ready: () => isRedisReady(port, password),
    readyMs,
    stopSignal: 'SIGTERM',
    stopMs,
    longestPauseMs: storePauseMs,
    pidFile,
    onLine: (line) => {
      if (loadFault.test(line)) unreadable ??= line;
      log?.('redis', line, 'output');
    },
    onEvent: (event) => log?.('redis', describeEvent(event), 'event'),
  });
  try {
    await supervised.start().catch(async (error: unknown) => {
      if (!(error instanceof ExitedEarly) || unreadable === undefined || !(await repair())) throw error;
      await supervised.start();
    });
  } catch (error) {
    if (!(error instanceof ExitedEarly)) throw error;
    if (unreadable !== undefined) {
      throw new StartupError(`Redis cannot read its files: ${unreadable}`, remedyFor(directory), {
        cause: error,
      });
    }
    throw new StartupError(
      error.message,
      'Free its port or check its folder, or set REDIS_URL to an external Redis.',
      { cause: error },
    );
  }
  return { ...partOf('Redis', port, supervised), url: redisUrl(port, password) };
}
