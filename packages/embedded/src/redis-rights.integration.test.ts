import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type Redis } from './redis.ts';

const password = 'password-of-redis-in-this-test';
let dataDir: string;
let redis: Redis;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'actp-redis-'));
  redis = await startRedis({ dataDir, password });
  await ask('SET kept 1');
});
afterAll(async () => {
  await redis.stop(true);
  await rm(dataDir, { recursive: true, force: true });
});

/** Sends one command with the plane's own credentials, each connection its own; what comes back. */
function ask(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port: redis.port, host: '127.0.0.1' }, () => {
      socket.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`);
    });
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.once('error', reject).once('close', () => resolve(answer.replace('+OK\r\n', '')));
  });
}

describe("the plane's own user of the embedded Redis", () => {
  it.each([
    'FLUSHALL',
    'FLUSHALL ASYNC',
    'flushdb',
    'FLUSHDB SYNC',
    'SWAPDB 0 1',
    'CONFIG GET *',
    'CONFIG SET appendonly no',
    'CONFIG RESETSTAT',
    'CONFIG REWRITE',
    'DEBUG SLEEP 0',
    'DEBUG RELOAD',
    'KEYS *',
    'SHUTDOWN NOSAVE',
    'SAVE',
    'BGSAVE',
    'BGREWRITEAOF',
    'REPLICAOF 127.0.0.1 1',
    'SLAVEOF 127.0.0.1 1',
    'FAILOVER',
    'PSYNC ? -1',
    'MODULE LIST',
    'MODULE LOAD /tmp/x.so',
    'MONITOR',
    'ACL LIST',
    'ACL SETUSER default +@all',
    'CLIENT KILL TYPE normal',
    'CLIENT PAUSE 1',
    'SCRIPT FLUSH',
    'FUNCTION FLUSH',
    'RESTORE a 0 x',
    'MIGRATE 127.0.0.1 1 a 0 1',
    'SORT a',
    'LATENCY RESET',
    'SLOWLOG RESET',
  ])('may not run %s', async (command) => {
    // Redis has a word of its own for two of them.
    expect(await ask(command)).toMatch(/^-(?:NOPERM|ERR (?:DEBUG|MODULE) command not allowed)/);
  });

  it.each(['FLUSHALL', 'FLUSHDB', 'CONFIG', 'DEBUG', 'KEYS', 'SHUTDOWN'])(
    'may not have a script run %s',
    async (command) => {
      expect(await ask(`EVAL "return redis.call('${command}', 'GET', '*')" 0`)).toMatch(/^-/);
      expect(await ask(`EVAL "return redis.pcall('${command}').err" 0`)).toMatch(
        /ACL failure|can't run this command|not allowed from script|Wrong number of args/i,
      );
      expect(await ask('GET kept')).toContain('1');
    },
  );

  it('reads, writes and runs scripts on any key, in every database, and says who is connected', async () => {
    expect(await ask('SELECT 3')).toMatch(/^\+OK/);
    expect(await ask(`EVAL "return redis.call('set', KEYS[1], 'x')" 1 a`)).toMatch(/^\+OK/);
    expect(await ask('CLIENT LIST')).toContain('addr=');
    expect(await ask('INFO persistence')).toContain('aof_enabled:1');
    expect(await ask('SUBSCRIBE any')).toContain('subscribe');
  });

  it('is let in by the password alone, and nobody without it', async () => {
    expect(redis.url).toBe(`redis://:${password}@127.0.0.1:${redis.port}`);
    const refused = await new Promise<string>((resolve) => {
      let answer = '';
      const socket = connect({ port: redis.port, host: '127.0.0.1' }, () =>
        socket.write('GET a\r\nAUTH wrong\r\nQUIT\r\n'),
      );
      socket
        .on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')))
        .once('close', () => resolve(answer));
    });
    expect(refused).toMatch(/^-NOAUTH.*\r\n-WRONGPASS/);
  });

  it('is as restricted after an upgrade and a restart, with what earlier versions have stored', async () => {
    await ask('SET before upgrade');
    await redis.stop();
    redis = await startRedis({ dataDir, password, port: redis.port });
    expect(await ask('GET before')).toContain('upgrade');
    expect(await ask('FLUSHALL')).toMatch(/^-NOPERM/);
  });
});
