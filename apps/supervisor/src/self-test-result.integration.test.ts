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
  broken: [{ state: 'failed', result: null }],
};
const server = createServer((request, response) => {
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

const result = (startId: string, signal = new AbortController().signal) =>
  selfTestResult({
    gateway: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, allowedHost: '127.0.0.1' },
    workerSecret: 'secret',
    startId,
    signal,
    pollMs: 1,
  });

it('is that of this start, whatever else ends meanwhile', async () => {
  expect(await result('mine')).toBe('Self-test failed: 3 of 4 tests passed, 2 of 2 services up');
});

it('says that it did not finish', async () => {
  expect(await result('broken')).toContain('Self-test did not finish');
});

it('is nothing when the plane stops before', async () => {
  expect(await result('mine', AbortSignal.abort())).toBeUndefined();
});
