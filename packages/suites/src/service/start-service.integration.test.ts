import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import type { ServiceConfig, StartCommand } from '../config/selftest-config.ts';
import { startService } from './start-service.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'start-service-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const never = () => new Promise<string>(() => undefined);
const builtins = { gateway: never, redis: never, database: never, queues: never };

async function start(command: string[], port: number, seconds = 30) {
  const start: StartCommand = { command, cwd: dir, timeout_seconds: seconds, pass_env: [], env: {} };
  const service: ServiceConfig = {
    name: 'svc',
    kind: 'http',
    url: `http://127.0.0.1:${port}/`,
    expect_status: 200,
    timeout_seconds: 5,
    start,
  };
  const run = { runDir: dir, signal: new AbortController().signal };
  return startService({ builtins, rootDir: dir, env: process.env }, service, start, run);
}

const server = (
  port: number,
) => `require('http').createServer((q, r) => r.end('ok')).listen(${port}, '127.0.0.1');
  require('fs').writeFileSync('pid', String(process.pid));`;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a service that is down', () => {
  it('is started, and stopped with the self-test', async () => {
    const port = await ownPort();
    const started = await start([process.execPath, '-e', server(port)], port);
    expect(started.result).toMatchObject({ name: 'svc', up: true, detail: 'answered 200' });
    const pid = Number(await readFile(join(dir, 'pid'), 'utf8'));
    expect(alive(pid)).toBe(true);
    await started.stop();
    expect(alive(pid)).toBe(false);
  });

  it('that cannot be started says why', async () => {
    const { result, stop } = await start(['no-such-server'], await ownPort());
    expect(result).toMatchObject({
      up: false,
      detail: 'could not be started: command not found: no-such-server',
    });
    await stop();
  });

  it('that ends by itself says how, with its last words', async () => {
    const { result, stop } = await start(['sh', '-c', 'echo port is taken >&2; exit 7'], await ownPort());
    expect(result).toMatchObject({
      up: false,
      detail: 'was started and ended with exit code 7: port is taken',
    });
    await stop();
  });

  it('that does not come up in time is down, and is stopped all the same', async () => {
    const started = await start(['sh', '-c', 'echo $$ > pid; sleep 600 & wait'], await ownPort(), 0.5);
    expect(started.result).toMatchObject({ up: false, detail: 'connection refused' });
    await started.stop();
    expect(alive(Number(await readFile(join(dir, 'pid'), 'utf8')))).toBe(false);
  });

  it('may be left in the background by its start command', async () => {
    const port = await ownPort();
    const script = `"$0" -e "$1" & exit 0`;
    const started = await start(['sh', '-c', script, process.execPath, server(port)], port);
    expect(started.result).toMatchObject({ up: true });
    const pid = Number(await readFile(join(dir, 'pid'), 'utf8'));
    await started.stop();
    await expect.poll(() => alive(pid), { timeout: 240_000 }).toBe(false);
  });
});
