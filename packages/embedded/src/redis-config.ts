import { adminUser, planeCommands } from './redis-rights.ts';

export interface RedisConfig {
  port: number;
  /** The address that it listens on. */
  bind?: string | undefined;
  directory: string;
  password: string;
  databases?: number | undefined;
  fast?: boolean | undefined;
  appendOnly?: boolean | undefined;
  adminPassword?: string | undefined;
  /** Starts although the end of its file is half a command, without it. */
  loadTruncated?: boolean | undefined;
}

/** What Redis is told, as the text of its configuration file. */
export function redisConfig(options: RedisConfig): string {
  const { port, directory, password, adminPassword } = options;
  const {
    databases = 16,
    fast = false,
    appendOnly = true,
    bind = '127.0.0.1',
    loadTruncated = false,
  } = options;
  return [
    `bind ${bind}`,
    'protected-mode yes',
    `port ${port}`,
    'unixsocket ""',
    `dir "${directory.replaceAll(/["\\]/g, String.raw`\$&`)}"`,
    // The user without a name, so that addresses of earlier versions stay valid. It is stopped by a signal, which needs no right.
    `user default reset on >${password} ~* &* ${planeCommands}`,
    ...(adminPassword === undefined ? [] : [`user ${adminUser} reset on >${adminPassword} ~* &* +@all`]),
    `databases ${databases}`,
    // A job that was acknowledged must survive kill -9 and power loss. The price is an fsync for each round of commands
    // (shared by all that arrive together): about a third of the writes per second of `everysec` on an ordinary SSD.
    `appendonly ${appendOnly ? 'yes' : 'no'}`,
    `appendfsync ${fast ? 'no' : 'always'}`,
    // Half a command at its end is cut off by us, who keep a copy and say so.
    `aof-load-truncated ${loadTruncated ? 'yes' : 'no'}`,
    // The append-only file holds everything already.
    'save ""',
    // A full Redis refuses new jobs; it must never drop old ones.
    'maxmemory-policy noeviction',
    'loglevel notice',
    '',
  ].join('\n');
}
