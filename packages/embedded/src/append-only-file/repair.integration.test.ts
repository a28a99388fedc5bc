import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../fixtures/until.ts';
import { isRedisReady } from '../redis-ready.ts';
import { startRedis, type Redis } from '../redis.ts';

const password = 'password-of-redis-in-this-test';
let dataDir: string;
let folder: string;
let running: Redis | undefined;
let said: string[];

const start = async () => {
  running = await startRedis({
    dataDir,
    password,
    log: (_part, line, kind) => void (kind === 'event' && said.push(line)),
  });
  return running;
};
const stop = async (hard = false) => {
  await running?.stop(hard);
  running = undefined;
};

/** Sends commands and gives what comes back. */
function ask(port: number, ...commands: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write([`AUTH ${password}`, ...commands, 'QUIT'].map((line) => `${line}\r\n`).join(''));
    });
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    socket.once('error', reject).once('close', () => resolve(answer));
  });
}

const last = () => join(folder, 'appendonly.aof.1.incr.aof');
const half = '*3\r\n$3\r\nSET\r\n$5\r\nsec';
const transaction = '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$6\r\nsecond\r\n$1\r\n2\r\n';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'actp-redis-'));
  folder = join(dataDir, 'redis', 'appendonlydir');
  said = [];
  const { port } = await start();
  await ask(port, 'SET first 1', "EVAL \"redis.call('set','second','1') redis.call('set','third','1')\" 0");
  await stop();
});
afterEach(async () => {
  await stop(true);
  await rm(dataDir, { recursive: true, force: true });
});

describe('Redis after a power cut', () => {
  it.each([
    ['NUL bytes', Buffer.alloc(4_096)],
    ['half a command', Buffer.from(half)],
    ['half a command and NUL bytes', Buffer.concat([Buffer.from(half), Buffer.alloc(1_000)])],
    ['half a transaction', Buffer.from(transaction)],
    ['remains of another file', Buffer.from('remains of another file')],
  ])('starts with everything that it had acknowledged: %s', async (_what, tail) => {
    const before = await readFile(last());
    await appendFile(last(), tail);
    const { port } = await start();
    expect(await ask(port, 'MGET first second third')).toContain('$1\r\n1\r\n$1\r\n1\r\n$1\r\n1\r\n');

    const [copy = ''] = await readdir(join(dataDir, 'redis', 'damaged'));
    expect(await readFile(join(dataDir, 'redis', 'damaged', copy))).toEqual(Buffer.concat([before, tail]));
    expect(said).toHaveLength(1);
    for (const word of [
      `${tail.length} bytes`,
      `at byte ${before.length}`,
      'appendonly.aof.1.incr.aof',
      copy,
    ]) {
      expect(said.join()).toContain(word);
    }
    expect((await stat(last())).size).toBe(before.length);
  });

  it('is repaired as well when it is started again while the plane runs', async () => {
    const redis = await start();
    const pid = redis.pid() ?? 0;
    // What a killed process had half written.
    await appendFile(last(), half);
    process.kill(pid, 'SIGKILL');
    await until(
      'Redis answers again',
      async () => redis.pid() !== pid && (await isRedisReady(redis.port, password)),
    );
    expect(await ask(redis.port, 'GET first')).toContain('$1\r\n1\r\n');
    expect(said.join('\n')).toContain('cut off at byte');
  });

  it('keeps the newest copies only', async () => {
    for (let round = 0; round < 7; round += 1) {
      await appendFile(last(), half);
      await start();
      await stop();
    }
    expect(await readdir(join(dataDir, 'redis', 'damaged'))).toHaveLength(5);
  });

  it.each<[what: string, damage: () => Promise<void>, message: RegExp]>([
    [
      'its file is damaged in the middle',
      async () => {
        const bytes = await readFile(last());
        await writeFile(last(), Buffer.concat([bytes, Buffer.alloc(512), bytes]));
      },
      /damaged at byte \d+; \d+ bytes stand behind that/,
    ],
    [
      'its snapshot is cut',
      () => truncate(join(folder, 'appendonly.aof.1.base.rdb'), 40),
      /cannot read its files: .*(Short read|RDB)/,
    ],
    ['its manifest is gone', () => unlink(join(folder, 'appendonly.aof.manifest')), /manifest is missing/],
    ['its manifest is empty', () => writeFile(join(folder, 'appendonly.aof.manifest'), ''), /AOF manifest/i],
    ['its file is gone', () => unlink(last()), /cannot read its files: .*appendonly\.aof\.1\.incr\.aof/],
  ])('is refused with a remedy when %s, and nothing is changed', async (_what, damage, message) => {
    await damage();
    const size = async () => (await stat(last()).catch(() => undefined))?.size;
    const before = await size();
    const failed = await start().catch((error: unknown) => error);
    expect(String(failed)).toMatch(message);
    expect(String(failed)).toContain(`Keep a copy of ${join(dataDir, 'redis')}`);
    expect(await size()).toBe(before);
  });
});
