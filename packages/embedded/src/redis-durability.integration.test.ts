import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminUser } from './redis-rights.ts';
import { startRedis, type Redis } from './redis.ts';

const password = 'password-of-redis-in-this-test';
let dataDir: string;
let redis: Redis;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'actp-redis-'));
  redis = await startRedis({ dataDir, password, adminPassword: password });
});
afterAll(async () => {
  await redis.stop(true);
  await rm(dataDir, { recursive: true, force: true });
});

/** What the running server says of one of its settings; the plane's own user may not ask. */
function setting(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port: redis.port, host: '127.0.0.1' }, () => {
      socket.write(`AUTH ${adminUser} ${password}\r\nCONFIG GET ${name}\r\nQUIT\r\n`);
    });
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    // The first line is the answer to AUTH; then come a list of two, and each of its strings behind its length.
    socket.once('error', reject).once('close', () => resolve(answer.split('\r\n')[5] ?? ''));
  });
}

it.each([
  ['appendonly', 'yes'],
  ['appendfsync', 'always'],
  ['no-appendfsync-on-rewrite', 'no'],
  ['aof-load-truncated', 'no'],
  ['maxmemory-policy', 'noeviction'],
  ['maxmemory', '0'],
  ['protected-mode', 'yes'],
  ['bind', '127.0.0.1'],
])('the embedded Redis keeps what it has acknowledged: %s is %s', async (name, value) => {
  expect(await setting(name)).toBe(value);
});
