import { randomUUID } from 'node:crypto';
import { eventually } from '@actp/testing/eventually';
import { json } from '../gateway.fixture.ts';
import { taskCalls } from '../tasks/tasks.fixture.ts';
import type { CallDeps, Calls } from './calls.fixture.ts';

/** Calls about tasks, jobs, the log, the kill switch, and what is the same for everybody. */
export function planeCalls({ gateway, stores, callers }: CallDeps): Calls {
  const made = async (path: string, body: unknown, headers: Record<string, string>) => {
    const answer = await fetch(`${gateway.url}${path}`, json(body, headers));
    if (!answer.ok) throw new Error(`${path} gave ${answer.status}`);
    return (await answer.json()) as Record<string, string>;
  };
  const { withUnknownEffect } = taskCalls(gateway, stores);
  const task = async () => {
    const { id = '' } = await made('/v1/tasks', { prompt: 'Research birds' }, callers.asUser);
    return id;
  };
  const ofTask = async () => ({ params: { id: await task() } });
  const stop = async () => {
    const scope = `agent:stopped-${randomUUID()}`;
    await made('/v1/kill-switch', { scope, reason: 'a test' }, callers.asOperator);
    return { query: `?scope=${scope}` };
  };
  // A checkpoint that nobody has signed: one damage, found and acknowledged once.
  let damage: Promise<string> | undefined;
  const findDamage = async () => {
    await stores.sql.query(
      `insert into actp_audit.checkpoints (n, payload, signature) values (7, '{}', 'AAAA')`,
    );
    const answer = await fetch(`${gateway.url}/v1/audit/verify`, { headers: callers.asOperator });
    return ((await answer.json()) as { damage: string }).damage;
  };
  // One effect of which nobody knows: only operators say what became of it, and once.
  let unknown: Promise<Record<string, string>> | undefined;
  const makeUnknown = async () => {
    const id = await task();
    return { id, effect_id: await withUnknownEffect(id) };
  };
  const nothing = () => ({});
  return {
    'GET /healthz': nothing,
    'GET /readyz': async () => {
      await eventually(async () => (await fetch(`${gateway.url}/readyz`)).status === 200);
      return {};
    },
    'GET /metrics': nothing,
    'POST /v1/jobs/{queue}': () => ({ params: { queue: 'selftest' }, body: {} }),
    'GET /v1/jobs/{queue}/{job_id}': async () => {
      const { job_id = '' } = await made('/v1/jobs/selftest', {}, callers.asOperator);
      return { params: { queue: 'selftest', job_id } };
    },
    'GET /v1/schedules': nothing,
    'GET /v1/health/snapshots': nothing,
    'GET /v1/doctor': nothing,
    'GET /v1/findings': nothing,
    'POST /v1/tasks': () => ({ body: { prompt: 'Research birds' } }),
    'GET /v1/tasks': nothing,
    'GET /v1/tasks/{id}': ofTask,
    'GET /v1/tasks/{id}/events': ofTask,
    'POST /v1/tasks/{id}/cancel': ofTask,
    'POST /v1/tasks/{id}/effects/{effect_id}/resolution': async () => {
      unknown ??= makeUnknown();
      return { params: await unknown, body: { happened: true } };
    },
    'GET /v1/spending': nothing,
    'POST /v1/kill-switch': () => ({ body: { scope: `agent:${randomUUID()}`, reason: 'a test' } }),
    'DELETE /v1/kill-switch': stop,
    'GET /v1/kill-switch': nothing,
    'GET /v1/audit': nothing,
    'GET /v1/audit/export': () => ({ query: '?format=jsonl' }),
    'GET /v1/audit/summary': nothing,
    'GET /v1/audit/verify': nothing,
    'POST /v1/audit/acknowledgements': async () => {
      damage ??= findDamage();
      return { body: { damage: await damage, reason: 'a test' } };
    },
    'GET /openapi.json': nothing,
    'GET /docs': nothing,
    'GET /docs/start.js': nothing,
    'GET /docs/swagger-ui.css': nothing,
    'GET /docs/swagger-ui-bundle.js': nothing,
    'GET /docs/favicon-32x32.png': nothing,
    'GET /': nothing,
    'GET /page/login.js': nothing,
    'GET /page/logout.js': nothing,
    'GET /page/session.js': nothing,
    'GET /dashboard': () => ({ headers: { accept: 'text/html' } }),
    'GET /dashboard/static/images/logo.svg': nothing,
    'GET /dashboard/api/queues': nothing,
    'PUT /dashboard/api/queues/selftest/clean/completed': nothing,
  };
}
