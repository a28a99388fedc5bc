import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { atEnd } from '@actp/testing/at-end';

const root = join(import.meta.dirname, '../../..');
const folder = await mkdtemp(join(tmpdir(), 'actp-load-'));
atEnd(() => rm(folder, { recursive: true }));

it('[NEXT-007] npm run load sends every kind of request, loses nothing, and says so', async () => {
  const json = join(folder, 'load.json');
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  // A rate that a quarter of a core has time for; how long an answer takes is not judged, nor that a busy machine refuses some.
  const words = ['--rate', '10', '--minutes', '0.15', '--json', json];
  const { code, out } = await new Promise<{ code: unknown; out: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(root, 'e2e/src/load/main.ts'), ...words],
      { cwd: root, env: { PATH, HOME, NODE_COMPILE_CACHE } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, out: stdout + stderr }),
    );
  });
  const result = JSON.parse(await readFile(json, 'utf8')) as Record<string, unknown>;
  expect(result).toMatchObject({
    requests: 90,
    lost: { events: 0, approvals: 0, tasks: 0, auditIntact: true },
  });
  const routes = result['routes'] as { route: string; errors: Record<string, number> }[];
  const kinds = routes.flatMap(({ errors }) => Object.keys(errors));
  expect(['503', 'TimeoutError', 'pending']).toEqual(expect.arrayContaining(kinds));
  expect(code, out).toBe(kinds.length === 0 ? 0 : 1);
  expect(routes.map(({ route }) => route)).toEqual(
    expect.arrayContaining([
      'POST /v1/guard',
      'POST /v1/audit/events',
      'POST /v1/approvals',
      'POST /v1/approvals/{id}/decision',
      'POST /v1/approvals/{id}/redeem',
      'POST /v1/jobs/selftest',
      'POST /v1/tasks',
      '(press to waiting agent)',
    ]),
  );
  const trends = (result['trends'] as { name: string }[]).map(({ name }) => name);
  expect(trends).toEqual(
    expect.arrayContaining(['memory gateway', 'redis keys', 'table actp_agent_audit_log']),
  );
});
