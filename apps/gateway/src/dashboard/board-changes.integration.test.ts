import { randomUUID } from 'node:crypto';
import { appRoutes } from '@bull-board/api/dist/routes.js';
import { describe, expect, it } from 'vitest';
import { createDb } from '@actp/db/client';
import { isChangeable, queueNames, type QueueName } from '@actp/shared/jobs/catalogue';
import { createProducer } from '@actp/shared/jobs/producer';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { auditHandlers } from '../audit/audit.fixture.ts';
import { json, log, openGateway, openWorker, operatorToken } from '../gateway.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores);
const token = await operatorToken(gateway);
const producer = createProducer({ redis: stores.env, log });
atEnd(() => producer.close());
await eventually(() => producer.ping().then(() => true));

const readOnly = queueNames.filter((name) => !isChangeable(name));

type Call = { method: string; route: string };
const calls = appRoutes.api.flatMap(({ method, route }): Call[] =>
  [method]
    .flat()
    .flatMap((one) => [route].flat().map((path) => ({ method: one.toUpperCase(), route: path }))),
);
const changing = calls.filter(({ method }) => method !== 'GET');
const statuses = ['waiting', 'wait', 'active', 'delayed', 'prioritized', 'failed', 'completed', 'paused'];
const body = JSON.stringify({
  name: 'write-audit-events',
  data: {},
  jobData: {},
  options: {},
  force: true,
  concurrency: 0,
  max: 1,
  duration: 60_000,
  runAt: 4_102_444_800_000,
  priority: 9,
  every: 1_000,
});

const send = (method: string, path: string, text = body, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}/dashboard${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: text }),
  });

/** The paths of a route for a queue and a job of it, as a client may write them. */
const pathsOf = ({ route }: Call, queue: string, job: string) => {
  const names = [queue, `%${(queue.codePointAt(0) ?? 0).toString(16)}${queue.slice(1)}`];
  return names.flatMap((name) =>
    (route.includes(':queueStatus') ? statuses : ['']).map((status) =>
      route
        .replace(':queueName', name)
        .replace(':jobId', job)
        .replace(':queueStatus', status)
        .replace(':schedulerId', 'every-minute'),
    ),
  );
};

const stateOf = (queue: QueueName, job: string) =>
  producer.use(queue, async (q) => ({
    job: (await q.getJob(job))?.asJSON(),
    state: await q.getJobState(job),
    paused: await q.isPaused(),
    concurrency: await q.getGlobalConcurrency(),
    schedulers: await q.getJobSchedulers(),
  }));

describe('Bull Board and the queues whose jobs carry what was acknowledged', () => {
  it('are known here: every queue but those that a lost job costs nothing', () => {
    expect(readOnly.toSorted()).toEqual(['approval', 'audit', 'notify']);
    expect(changing.length).toBeGreaterThan(15);
  });

  it('takes away, holds back or changes nothing there, by any route; three events are in the audit log', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const jobs = new Map<QueueName, string>();
    for (const event_id of ids) {
      const answer = await gateway.fetch(
        '/v1/audit/events',
        json({ event_id, agent_id: 'agent', action_type: 'test', status: 'ok' }),
      );
      expect(answer.status).toBe(202);
    }
    for (const queue of readOnly) {
      const id = await producer.use(queue, async (q) => {
        await q.upsertJobScheduler('every-minute', { every: 60_000 }, { name: 'later', data: {} });
        const known = (await q.getJobs(['waiting']))[0];
        return (known ?? (await q.add('some-job', { kept: true }))).id;
      });
      jobs.set(queue, id ?? '');
    }
    for (const [queue, job] of jobs) {
      const before = await stateOf(queue, job);
      for (const call of changing) {
        for (const path of pathsOf(call, queue, job)) {
          for (const method of [call.method, 'POST', 'DELETE', 'PUT', 'PATCH', 'GET', 'HEAD']) {
            const answer = await send(method, path);
            await answer.body?.cancel();
            const global = !call.route.includes(':queueName');
            if (method === call.method && !global) expect([path, answer.status]).toEqual([path, 403]);
          }
        }
      }
      expect(await stateOf(queue, job)).toEqual(before);
    }
    openWorker(stores, 'audit', auditHandlers(createDb(stores.env, 'auditor', 20_000)));
    await eventually(async () => {
      const { rowCount } = await stores.sql.query(
        'select from actp_agent_audit_log where event_id = any($1::uuid[])',
        [ids],
      );
      return rowCount === ids.length;
    });
    for (const queue of ['selftest', 'heal'] as const) await send('PUT', `/api/queues/${queue}/resume`);
  });

  it.each([
    '%2Fapi/queues/audit/empty',
    '//api/queues/audit/empty',
    '/api/./queues/audit/empty',
    '/api/queues/audit/empty/',
  ])('is not reached by another spelling: %s', async (path) => {
    expect((await send('PUT', path)).status).toBeGreaterThanOrEqual(400);
  });

  it('goes on when an earlier version had paused it', async () => {
    const other = await openGateway(stores);
    await producer.use('notify', (queue) => queue.pause());
    const answer = await other.fetch('/dashboard/api/queues', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    expect(await producer.use('notify', (queue) => queue.isPaused())).toBe(false);
  });

  it('adds no job that belongs to one of another queue', async () => {
    const parent = { id: '1', queue: '{actp-audit}:audit' };
    const add = (options: unknown) =>
      send('POST', '/api/queues/selftest/add', JSON.stringify({ name: 'x', data: {}, options }));
    for (const options of [{ parent }, { parent, failParentOnFailure: true }, { repeat: { every: 1 } }]) {
      expect((await add(options)).status).toBe(403);
    }
    expect((await add({ attempts: 1, delay: 60_000 })).status).toBe(200);
  });
});

describe('a change on another queue', () => {
  it('is in the audit log before it happens', async () => {
    const answer = await send('PUT', '/api/queues/selftest/pause');
    expect(answer.status).toBe(200);
    // Each is a job of its own; which becomes a row first is not said.
    const rows = await eventually(async () => {
      const found = await stores.sql.query<{ status: string }>(
        `select * from actp_agent_audit_log where request_id = $1 and action_type = 'dashboard.change' order by status desc`,
        [answer.headers.get('x-request-id')],
      );
      return found.rows.length === 2 && found.rows;
    });
    expect(rows[0]).toMatchObject({
      agent_id: 'operator:op@example.com',
      status: 'requested',
      ip_address: '127.0.0.1',
      result: { method: 'PUT', path: '/dashboard/api/queues/selftest/pause' },
    });
    expect(rows[1]).toMatchObject({ status: 'ok' });
    await send('PUT', '/api/queues/selftest/resume');
  });

  it('does not happen when it cannot be recorded', async () => {
    const own = await openStores();
    const redis = await openOwnRedis();
    const closed = await openGateway(own, { ...redis.env, AUDIT_QUEUE_LIMIT: 0 });
    const session = await operatorToken(closed);
    const ask = (method: string, path: string) =>
      fetch(`${closed.url}/dashboard/api/queues${path}`, {
        method,
        headers: { authorization: `Bearer ${session}` },
      });
    expect((await ask('PUT', '/selftest/pause')).status).toBe(200); // straight into the database
    await own.proxy.stop();
    expect((await ask('PUT', '/selftest/resume')).status).toBe(503);
    expect((await ask('PUT', '/resume')).status).toBe(503);
    const queues = createProducer({ redis: redis.env, log });
    atEnd(() => queues.close());
    await eventually(() => queues.ping().then(() => true));
    expect(await queues.use('selftest', (queue) => queue.isPaused())).toBe(true);
  });

  it('is for operators only', async () => {
    for (const headers of [{ authorization: 'Bearer nobody' }, { cookie: 'actp_session=forged' }, {}]) {
      const answer = await fetch(`${gateway.url}/dashboard/api/queues/selftest/pause`, {
        method: 'PUT',
        headers,
      });
      expect(answer.status).toBe(401);
    }
    const agent = await gateway.fetch('/dashboard/api/queues/selftest/pause', { method: 'PUT' });
    expect(agent.status).toBe(403);
  });
});
