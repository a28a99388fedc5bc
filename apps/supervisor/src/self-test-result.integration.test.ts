import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { selfTestResult } from './self-test-result.ts';

const counts = { tests_passed: 3, tests_total: 4, services_up: 2, services_total: 2 };
const answers: Record<string, unknown[]> = {
  // Not there yet, under way, over.
  mine: [
    undefined,
    { state: 'active', result: null },
    { state: 'completed', result: { status: 'failed', ...counts } },
  ],
  named: [{ state: 'completed', result: { status: 'failed', run_id: 'run', ...counts } }],
  broken: [{ state: 'failed', result: null }],
};
const snapshot = {
  run_id: 'run',
  tests_failed: 14,
  services: [
    { name: 'gateway', up: true, detail: '' },
    { name: 'vector store', up: false, detail: 'connection refused\nby 127.0.0.1' },
  ],
  failures: [
    { suite: 'unit', test: 'adds numbers', message: '\n expected 3\u001b[2J', details: '' },
    { suite: 'e2e', test: 'e2e', message: '', details: 'exit code 1' },
    { suite: null, test: 'configuration', message: 'is no YAML', details: '' },
  ],
};
const server = createServer((request, response) => {
  if (request.url === '/v1/health/snapshots?limit=3') {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ snapshots: [{ run_id: 'another', tests_failed: 1, failures: [{}] }, snapshot] }));
    return;
  }

  const id = /^\/v1\/jobs\/selftest\/startup-(.*)$/.exec(request.url ?? '')?.[1] ?? '';
  const body = (answers[id] ?? []).shift();
  const known = body !== undefined && request.headers.authorization === 'Bearer secret';
  response
    .writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
    .end(JSON.stringify(body ?? {}));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
afterAll(() => void server.close());

const result = (startId: string, signal = new AbortController().signal, log?: string) =>
  selfTestResult({
    gateway: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, allowedHost: '127.0.0.1' },
    workerSecret: 'secret',
    startId,
    signal,
    pollMs: 1,
    ...(log !== undefined && { log }),
  });

it('is that of this start, whatever else ends meanwhile', async () => {
  expect(await result('mine')).toBe('Self-test failed: 3 of 4 tests passed, 2 of 2 services up');
});

it('names what is down and what failed, and where to look next', async () => {
  const text = await result('named', undefined, '.actp/logs/selftest-runner.log');
  expect(text?.split('\n')).toEqual([
    'Self-test failed: 3 of 4 tests passed, 2 of 2 services up',
    '  DOWN    vector store: connection refused',
    '  FAILED  unit: adds numbers:  expected 3⟦U+001B⟧[2J',
    '  FAILED  e2e: exit code 1',
    '  FAILED  configuration: is no YAML',
    '  ... and 11 more failed tests',
    expect.stringContaining('Look next: .actp/logs/selftest-runner.log; '),
  ]);
});

it('says that it did not finish', async () => {
  expect(await result('broken')).toContain('Self-test did not finish');
});

it('is nothing when the plane stops before', async () => {
  expect(await result('mine', AbortSignal.abort())).toBeUndefined();
});
