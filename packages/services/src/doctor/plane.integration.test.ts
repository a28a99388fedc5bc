import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { ownPort } from '@actp/testing/own-port';
import { writePidFile } from '@actp/embedded/pid-file';
import { createAcdServer } from '@actp/testing/acd/server';
import { atEnd } from '@actp/testing/at-end';
import { codingAgentCheck } from './coding-agent.ts';
import { look } from './look.fixture.ts';
import { planeCheck } from './plane.ts';
import { portsCheck } from './ports.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'actp-doctor-'));
atEnd(() => rm(dataDir, { recursive: true, force: true }));

/** Something that answers every request in this way. */
async function serving(body: string): Promise<number> {
  const server = createServer((_, response) => response.end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('the plane', () => {
  const plane = async (port: number) =>
    look(planeCheck({ dataDir, gateway: { host: '127.0.0.1', port, allowedHost: 'localhost' } }));

  it('is told when it does not run', async () => {
    expect(await plane(await ownPort())).toMatchObject([
      { name: 'plane', state: 'fail', remedy: 'npm start' },
    ]);
  });

  it('is judged by its gateway', async () => {
    writePidFile(join(dataDir, 'lock'), process.pid);
    const ready = await serving(JSON.stringify({ status: 'ready', checks: {} }));
    expect(await plane(ready)).toMatchObject([{ state: 'ok' }, { name: 'gateway', state: 'ok' }]);
    const checks = { redis: 'redis is unavailable', supabase: 'ok', telegram: 'off' };
    const [, half] = await plane(await serving(JSON.stringify({ status: 'not ready', checks })));
    expect(half).toMatchObject({ state: 'fail', detail: 'not ready: redis (redis is unavailable)' });
    expect((await plane(await serving('<html>')))[1]).toMatchObject({ state: 'fail' });
    expect((await plane(await ownPort()))[1]).toMatchObject({ state: 'fail' });
  });
});

describe('ports', () => {
  const ports = (port: number, pid: number | undefined) =>
    look(portsCheck({ dataDir, host: '127.0.0.1', port, planePid: () => pid }));

  /** A process that listens, and its port. */
  async function listener(): Promise<{ pid: number; port: number }> {
    const script = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    atEnd(() => child.kill('SIGKILL'));
    for await (const line of createInterface({ input: child.stdout })) {
      return { pid: child.pid ?? 0, port: Number(line) };
    }
    throw new Error('it did not listen');
  }

  it('are fine while nobody has the one of the gateway', async () => {
    expect(await ports(await ownPort(), undefined)).toMatchObject([{ state: 'ok' }]);
  });

  it('are told when somebody else has it', async () => {
    const { port, pid } = await listener();
    const [found] = await ports(port, undefined);
    expect(found?.state).toBe('fail');
    expect(found?.detail).toContain(`GATEWAY_PORT ${port} is used by`);
    if (process.platform === 'linux') expect(found?.detail).toContain(`process ${pid}`);
  });

  it('are fine on loopback, of both kinds', async () => {
    const { port, pid } = await listener();
    expect((await ports(port, pid))[0]?.state).not.toBe('fail');
  });

  it.each([
    ['127.0.0.53', 'ok'],
    ['00000000000000000000000001000000', 'ok'],
    ['0000000000000000FFFF00000100007F', 'ok'],
    ['0.0.0.0', 'fail'],
    ['10.0.0.7', 'fail'],
    ['00000000000000000000000000000000', 'fail'],
    ['0000000000000000FFFF00000700000A', 'fail'],
  ])('are told when one of ours can be reached from elsewhere: %s', async (address, state) => {
    const listeners = (pid: number) => [{ pid, address, port: 4321 }];
    const check = portsCheck({
      dataDir,
      host: '127.0.0.1',
      port: 4321,
      planePid: () => process.pid,
      listeners,
    });
    const [found] = await look(check);
    expect(found?.state).toBe(state);
    if (state === 'fail') expect(found?.detail).toContain(`port 4321 of process ${process.pid}`);
  });
});

describe('the coding agent', () => {
  const agent = (url: string, token: string | null | undefined, configured = true) =>
    look(codingAgentCheck({ url, token, configured }));

  it('is fine when it answers, and with its token', async () => {
    const acd = await createAcdServer({ token: 'token-of-the-coding-agent' });
    atEnd(() => acd.stop());
    expect(await agent(acd.url, 'token-of-the-coding-agent')).toMatchObject([{ state: 'ok' }]);
    expect(await agent(acd.url, null)).toMatchObject([{ state: 'ok' }]);
    const [wrong] = await agent(acd.url, 'wrong-token-of-the-agent');
    expect(wrong).toMatchObject({ state: 'fail' });
    expect(JSON.stringify(wrong)).not.toContain('wrong-token');
  });

  it('may be away where nobody has set it, and not where somebody has', async () => {
    const url = `http://127.0.0.1:${await ownPort()}`;
    expect(await agent(url, undefined, false)).toMatchObject([{ state: 'off' }]);
    const [away] = await agent(url, undefined);
    expect(away).toMatchObject({ state: 'warn' });
    expect(away?.detail).toContain('ACD_URL');
    expect(JSON.stringify(away)).not.toContain(url);
  });

  it('is told from something else that answers there', async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    atEnd(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect(await agent(`http://127.0.0.1:${port}`, undefined)).toMatchObject([{ state: 'warn' }]);
  });
});
