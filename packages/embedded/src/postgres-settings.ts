/**
 * The server's settings, given at each start, so that they follow this file and not what the data folder was made with.
 */
export function postgresSettings(port: number, maxConnections: number, fast: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    // No Unix socket: its path would be limited to 107 bytes, and nothing here needs it.
    unix_socket_directories: '',
    max_connections: maxConnections,
    // Modest: the plane's tables are small, and the system caches the files as well.
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    // Nothing subscribes; saves a process.
    max_logical_replication_workers: 0,
    // Queries are short: compiling them costs more than it saves.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    // An error's text and its statement can hold a row's values. The caller gets them; the log keeps the server's own events.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    // Durable: what was acknowledged is on the disk. Tests give that up for speed.
    fsync: fast ? 'off' : 'on',
    synchronous_commit: fast ? 'off' : 'on',
    full_page_writes: fast ? 'off' : 'on',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
