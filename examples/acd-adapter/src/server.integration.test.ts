import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createHarness, type HarnessStatus } from './harness.ts';
import { startAdapter } from './server.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'actp-adapter-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const prompt = 'repair it; "quotes", $HOME and\nlines';

async function open(words: readonly [string, ...string[]], { token = '', limitMs = 300_000 } = {}) {
  const env = { PATH: process.env['PATH'] };
  const harness = createHarness({ words, cwd, env, limitMs });
  const adapter = await startAdapter({ harness, port: 0, token: token || undefined });
  onTestFinished(() => adapter.close());
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${adapter.url}${path}`, init);
    const body = (await response.json()) as { data?: Record<string, unknown>; error?: { message: string } };
    return { status: response.status, ...body };
  };
  const start = (headers: Record<string, string> = {}, body: object = { prompt }) =>
    call('/api/harness/start', { method: 'POST', headers, body: JSON.stringify(body) });
  const status = async () => (await call('/api/status')).data?.['harness'] as HarnessStatus;
  return { call, start, status, ended: harness.ended };
}

describe('[SEC-007] the API over a command line', () => {
  it.each([
    ['on standard input', ['sh', '-c', 'cat > prompt.txt']],
    ['as an argument', ['sh', '-c', 'printf %s "$1" > prompt.txt', 'sh', '{prompt}']],
  ] as const)('gives the prompt %s, in the checkout', async (_how, words) => {
    const { start, status, ended } = await open(words);
    expect(await status()).toMatchObject({ status: 'idle', pid: null });
    const { data } = await start();
    expect(data).toEqual({
      projectId: 'default',
      status: 'running',
      pid: expect.any(Number),
      startedAt: expect.any(String),
    });
    await ended();
    expect(await status()).toMatchObject({ status: 'completed', pid: data?.['pid'] });
    expect(await readFile(join(cwd, 'prompt.txt'), 'utf8')).toBe(prompt);
  });

  it('runs one at a time, and stops it with all that it has started', async () => {
    const { call, start, status, ended } = await open(['sh', '-c', 'sleep 600 & wait']);
    await start();
    expect(await start()).toMatchObject({ status: 500, error: { message: 'Harness already running' } });
    expect(await status()).toMatchObject({ status: 'running', sessionNumber: 1 });
    expect((await call('/api/harness/stop', { method: 'POST' })).data).toMatchObject({ status: 'stopping' });
    await ended();
    expect(await status()).toMatchObject({ status: 'failed' });
    expect(await start()).toMatchObject({ status: 200 });
  });

  it('ends what takes too long, and says what failed or cannot be started', async () => {
    const slow = await open(['sleep', '600'], { limitMs: 50 });
    await slow.start();
    await slow.ended();
    expect(await slow.status()).toMatchObject({ status: 'failed' });
    const failing = await open(['false']);
    await failing.start();
    await failing.ended();
    expect(await failing.status()).toMatchObject({ status: 'failed' });
    const missing = await open(['no-such-agent']);
    expect(await missing.start()).toMatchObject({
      status: 500,
      error: { message: expect.stringContaining('ENOENT') },
    });
    expect(await missing.status()).toMatchObject({ status: 'idle' });
    expect(await missing.start({}, {})).toMatchObject({
      status: 400,
      error: { message: 'prompt is missing' },
    });
  });

  it('is for programs of this machine that know the token', async () => {
    const token = 'token-of-this-test';
    const { call, start } = await open(['true'], { token });
    expect(await start()).toMatchObject({ status: 401 });
    expect(await start({ authorization: 'Bearer another' })).toMatchObject({ status: 401 });
    const known = { authorization: `Bearer ${token}` };
    expect(await start({ ...known, origin: 'https://example.com' })).toMatchObject({ status: 403 });
    expect(await start(known)).toMatchObject({ status: 200 });
    expect(await call('/api/health', { headers: known })).toMatchObject({ status: 'ok' });
    expect(await call('/api/other', { headers: known })).toMatchObject({ status: 404 });
  });
});
