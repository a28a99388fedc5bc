import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '@actp/testing/eventually';
import { ownPort } from '@actp/testing/own-port';
import type { ServiceConfig, StartCommand } from '../config/selftest-config.ts';
import { openPlane, processesIn, secret } from '../sandbox/sandbox.fixture.ts';
import { startService } from './start-service.ts';

const plane = await openPlane();
const isolation = await plane.sandboxes.isolation();
afterAll(() => plane.close());

const never = () => new Promise<string>(() => undefined);
const builtins = { gateway: never, redis: never, database: never, queues: never };

async function start(command: string[], port: number, more: Partial<StartCommand> = {}) {
  const start: StartCommand = {
    command,
    cwd: plane.project,
    timeout_seconds: 60,
    pass_env: [],
    env: {},
    ...more,
  };
  const url = `http://127.0.0.1:${port}/`;
  const service: ServiceConfig = {
    name: 'svc',
    kind: 'http',
    url,
    expect_status: 200,
    timeout_seconds: 5,
    start,
  };
  const run = { runDir: plane.runDir, signal: new AbortController().signal };
  const deps = { builtins, rootDir: plane.root, env: process.env, sandboxes: plane.sandboxes };
  return startService(deps, service, start, run);
}

// It answers what it finds in .env, so that the status says whether it found any.
const server = (port: number) => `
  let found = '';
  try { found = require('fs').readFileSync('${plane.root}/.env', 'utf8'); } catch {}
  require('http').createServer((q, r) => { r.statusCode = found.includes('${secret}') ? 500 : 200; r.end(found); })
    .listen(${port}, '127.0.0.1');`;

describe('a service that the self-test starts', () => {
  const open =
    isolation === null ? { up: false, sandbox: 'unavailable' } : { up: true, sandbox: isolation.kind };

  it('[TRU-002] sees nothing of the plane, answers all the same, and ends with the self-test', async () => {
    const port = await ownPort();
    const started = await start(
      [process.execPath, '-e', server(port)],
      port,
      isolation === null ? { timeout_seconds: 2 } : {},
    );
    expect(started.result).toMatchObject(open);
    await started.stop();
    await eventually(async () => (await processesIn(plane.project)).length === 0);
  });

  it('[TRU-002] stays when its start command has left it in the background, and ends then too', async () => {
    const port = await ownPort();
    const script = `setsid env -i "$0" -e "$1" </dev/null >/dev/null 2>&1 & exit 0`;
    const more = isolation === null ? { timeout_seconds: 2 } : {};
    const started = await start(['sh', '-c', script, process.execPath, server(port)], port, more);
    expect(started.result).toMatchObject(open);
    await started.stop();
    // Without a sandbox nobody finds it.
    if (isolation === null)
      for (const pid of await processesIn(plane.project)) process.kill(Number(pid), 'SIGKILL');
    await eventually(async () => (await processesIn(plane.project)).length === 0);
  });

  it('[TRU-002] is not kept apart when the configuration says so, and its result says it', async () => {
    const port = await ownPort();
    const started = await start([process.execPath, '-e', server(port)], port, {
      sandbox: 'off',
      timeout_seconds: 2,
    });
    expect(started.result).toMatchObject({ up: false, sandbox: 'off' });
    await started.stop();
  });
});
