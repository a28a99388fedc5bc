import { describe, expect, it } from 'vitest';
import { createJobRecorder } from '@actp/db/audit/record-job-run';
import { createDb } from '@actp/db/client';
import { jobNames, queueNames, queues, specOf, type QueueName } from '@actp/shared/jobs/catalogue';
import { createProducer } from '@actp/shared/jobs/producer';
import { createWorker, type Handlers } from '@actp/shared/jobs/worker';
import { atEnd } from '@actp/testing/at-end';
import { eventually } from '@actp/testing/eventually';
import { openOwnRedis } from '@actp/testing/own-redis';
import { openStores } from '@actp/testing/stores';
import { json, log, openGateway, openWorker, operator, operatorToken, secret } from '../gateway.fixture.ts';
import { accountCalls } from './account-calls.fixture.ts';
import { taskCalls } from '../tasks/tasks.fixture.ts';
import { auditHandlers } from './audit.fixture.ts';

const stores = await openStores();
const gateway = await openGateway(stores, { TRUSTED_PROXIES: ['127.0.0.1'], RATE_LIMIT_PER_MINUTE: 1_000 });
const limited = await openGateway(stores, { POLICY_FILE: 'apps/gateway/src/guard/limits.policy.yaml' });
const db = createDb(stores.env, 'gateway', 20_000);
const token = await operatorToken(gateway);
openWorker(stores, 'audit', auditHandlers(db));

const eventsOf = async (answer: Response) => {
  const { rows } = await stores.sql.query<Record<string, unknown>>(
    'select * from actp_agent_audit_log where request_id = $1',
    [answer.headers.get('x-request-id')],
  );
  return rows;
};
const firstEventOf = (answer: Response) =>
  eventually(async () => {
    const [row] = await eventsOf(answer);
    return row ?? false;
  });

const approval = async () => {
  const answer = await gateway.fetch(
    '/v1/approvals',
    json({ action: 'dm.bulk_send', details: { recipients: 25 } }),
  );
  return [answer, (await answer.json()) as { id: string; action_digest: string }] as const;
};
const tasks = taskCalls(gateway, stores);
const asOperator = { authorization: `Bearer ${token}` };

/** How each route that changes something, or reads the audit log, is called so that it leaves an event. */
const calls: Record<string, () => Promise<Response>> = {
  ...accountCalls({ gateway, stores, asOperator }),
  'POST /v1/auth/login': () => gateway.fetch('/v1/auth/login', json(operator)),
  'POST /v1/jobs/:queue': () => gateway.fetch('/v1/jobs/selftest', json({})),
  'POST /v1/guard': () => gateway.fetch('/v1/guard', json({ action: 'a', details: {} })),
  'POST /v1/guard/:grant_id/outcome': async () => {
    const answer = await limited.fetch('/v1/guard', json({ action: 'a', details: {} }));
    const { grant_id } = (await answer.json()) as { grant_id: string };
    return gateway.fetch(`/v1/guard/${grant_id}/outcome`, json({ status: 'succeeded' }));
  },
  'POST /v1/approvals': async () => (await approval())[0],
  'POST /v1/approvals/:id/decision': async () => {
    const [, { id, action_digest }] = await approval();
    return gateway.fetch(
      `/v1/approvals/${id}/decision`,
      json({ decision: 'approved', action_digest }, asOperator),
    );
  },
  'POST /v1/approvals/:id/redeem': async () => {
    const [, { id }] = await approval();
    return gateway.fetch(
      `/v1/approvals/${id}/redeem`,
      json({ action: 'dm.bulk_send', details: { recipients: 25 } }),
    );
  },
  'POST /v1/approvals/:id/outcome': async () => {
    const [, { id, action_digest }] = await approval();
    await gateway.fetch(
      `/v1/approvals/${id}/decision`,
      json({ decision: 'approved', action_digest }, asOperator),
    );
    await gateway.fetch(
      `/v1/approvals/${id}/redeem`,
      json({ action: 'dm.bulk_send', details: { recipients: 25 } }),
    );
    return gateway.fetch(`/v1/approvals/${id}/outcome`, json({ status: 'succeeded' }));
  },
  'POST /v1/approvals/:id/resolution': async () => {
    const [, { id, action_digest }] = await approval();
    await gateway.fetch(
      `/v1/approvals/${id}/decision`,
      json({ decision: 'approved', action_digest }, asOperator),
    );
    await gateway.fetch(
      `/v1/approvals/${id}/redeem`,
      json({ action: 'dm.bulk_send', details: { recipients: 25 } }),
    );
    return gateway.fetch(`/v1/approvals/${id}/resolution`, json({ happened: false }, asOperator));
  },
  'POST /v1/approvals/:id/cancel': async () => {
    const [, { id }] = await approval();
    return gateway.fetch(`/v1/approvals/${id}/cancel`, json({}));
  },
  'POST /v1/kill-switch': () =>
    gateway.fetch('/v1/kill-switch', json({ scope: 'agent:nobody', reason: 'test' }, asOperator)),
  'DELETE /v1/kill-switch': () =>
    gateway.fetch('/v1/kill-switch?scope=agent:nobody', { method: 'DELETE', headers: asOperator }),
  'POST /v1/agents': () => gateway.fetch('/v1/agents', json({ id: 'covered' }, asOperator)),
  'POST /v1/agents/:id/rotate': () => gateway.fetch('/v1/agents/covered/rotate', json({}, asOperator)),
  'DELETE /v1/agents/:id': () =>
    gateway.fetch('/v1/agents/covered', { method: 'DELETE', headers: asOperator }),
  'POST /v1/audit/events': () =>
    gateway.fetch('/v1/audit/events', json({ agent_id: 'a', action_type: 'b', status: 'ok' })),
  'GET /v1/audit': () => gateway.fetch('/v1/audit', { headers: asOperator }),
  'GET /v1/audit/export': () => gateway.fetch('/v1/audit/export', { headers: asOperator }),
  'GET /v1/audit/summary': () => gateway.fetch('/v1/audit/summary', { headers: asOperator }),
  'GET /v1/audit/verify': () => gateway.fetch('/v1/audit/verify', { headers: asOperator }),
  'POST /v1/audit/acknowledgements': async () => {
    await stores.sql.query(
      `insert into actp_audit.checkpoints (n, payload, signature) values (7, '{}', 'AAAA')`,
    );
    const verified = await gateway.fetch('/v1/audit/verify', { headers: asOperator });
    const { damage } = (await verified.json()) as { damage: string };
    return gateway.fetch('/v1/audit/acknowledgements', json({ damage, reason: 'a test' }, asOperator));
  },
  'POST /v1/tasks': async () => (await tasks.user()).create({ prompt: 'Research birds' }),
  'POST /v1/tasks/:id/cancel': async () => {
    const user = await tasks.user();
    return user.cancel(await user.ask('Research birds'));
  },
  'POST /v1/tasks/:id/effects/:effect_id/resolution': async () => {
    const id = await (await tasks.user()).ask('Send a mail');
    const effect = await tasks.withUnknownEffect(id);
    return gateway.fetch(
      `/v1/tasks/${id}/effects/${effect}/resolution`,
      json({ happened: true }, asOperator),
    );
  },
  'POST /login': () =>
    gateway.fetch('/login', {
      method: 'POST',
      body: new URLSearchParams({ email: operator.email, password: operator.password }),
    }),
  'POST /logout': () => gateway.fetch('/logout', { method: 'POST', headers: asOperator }),
};

describe('every route', () => {
  const changing = [
    ...new Set(
      gateway.app.routes
        .filter(({ method, path }) => method !== 'GET' && method !== 'ALL' && !path.includes('*'))
        .map(({ method, path }) => `${method} ${path}`),
    ),
    ...gateway.app.routes
      .filter(({ method, path }) => method === 'GET' && path.startsWith('/v1/audit'))
      .map(({ method, path }) => `${method} ${path}`),
  ];

  it('is known to this test when it changes something or reads the audit log', () => {
    expect(changing.toSorted()).toEqual(Object.keys(calls).toSorted());
  });

  it.each(Object.entries(calls))(
    '[POL-008] leaves an event with agent, action, status, address, user agent and request id: %s',
    async (_route, call) => {
      const row = await firstEventOf(await call());
      expect(row).toMatchObject({
        agent_id: expect.stringMatching(/./),
        action_type: expect.stringMatching(/./),
        status: expect.stringMatching(/./),
        ip_address: '127.0.0.1',
        user_agent: expect.stringMatching(/./),
      });
    },
  );

  it('leaves one, too, when nobody has thought of it', async () => {
    const other = await openGateway(stores);
    other.app.post('/v1/forgotten', (c) => c.text('done'));
    const answer = await other.fetch('/v1/forgotten', json({}));
    expect(await firstEventOf(answer)).toMatchObject({ action_type: 'http.post', status: 'ok' });
  });
});

describe('what is refused', () => {
  const from = (ip: string, headers: Record<string, string> = {}) => ({ 'x-forwarded-for': ip, ...headers });

  it('is a security event: a wrong credential, a wrong kind of one, a wrong password', async () => {
    const wrong = await fetch(`${gateway.url}/v1/schedules`, {
      headers: from('198.51.100.20', { authorization: 'Bearer x' }),
    });
    expect(await firstEventOf(wrong)).toMatchObject({
      action_type: 'security.credential_refused',
      status: 'denied',
      ip_address: '198.51.100.20',
    });
    const kind = await gateway.fetch('/v1/audit', { headers: from('198.51.100.21') });
    expect(await firstEventOf(kind)).toMatchObject({ action_type: 'security.forbidden', agent_id: 'worker' });
    const login = await gateway.fetch('/v1/auth/login', json({ ...operator, password: 'wrong' }));
    expect(await firstEventOf(login)).toMatchObject({ action_type: 'auth.login', status: 'denied' });
    expect(await firstEventOf(login)).toMatchObject({ agent_id: `login:${operator.email.toLowerCase()}` });
  });

  it('is counted, not repeated, when it comes as a flood', async () => {
    const limited = await openGateway(stores, { TRUSTED_PROXIES: ['127.0.0.1'], RATE_LIMIT_PER_MINUTE: 2 });
    const ask = () =>
      fetch(`${limited.url}/v1/schedules`, {
        headers: from('198.51.100.30', { authorization: `Bearer ${secret}` }),
      });
    for (let i = 0; i < 22; i += 1) await ask();
    const rows = async () =>
      (
        await stores.sql.query<{ result: { count: number } }>(
          `select result from actp_agent_audit_log where action_type = 'security.rate_limited' and ip_address = '198.51.100.30' order by id`,
        )
      ).rows.map(({ result }) => result.count);
    await eventually(async () => (await rows()).length === 1);
    await limited.stop();
    await eventually(async () => (await rows()).length === 2);
    expect(await rows()).toEqual([1, 19]);
  });
});

describe('every job of the catalogue', () => {
  const names = jobNames.filter((name) => specOf(name).removeOnComplete !== true);

  it.each(names)('leaves an event when it runs, and one when it fails: %s', async (name) => {
    const redis = await openOwnRedis();
    const { queue } = specOf(name);
    let runs = 0;
    const worker = anyWorker(queue, redis.env, () => {
      runs += 1;
      if (runs === 1) throw new Error('the first time it fails');
    });
    const producer = createProducer({ redis: redis.env, log });
    atEnd(async () => {
      await worker.close();
      await producer.close();
    });
    await eventually(() => producer.ping().then(() => true));
    await producer.use(queue, (q) => q.add(name, payloadOf(name), { attempts: 2 }));
    await eventually(async () => {
      const { rows } = await stores.sql.query<{ status: string }>(
        'select status from actp_agent_audit_log where action_type = $1 order by id',
        [`job.${name}`],
      );
      return rows.map(({ status }) => status).join() === 'error,ok';
    });
  });

  it('is of a queue that an app consumes', () => {
    for (const queue of queueNames) expect(queues[queue].consumer).toMatch(/^[a-z-]+$/);
  });
});

function anyWorker(queue: QueueName, redis: Parameters<typeof createProducer>[0]['redis'], run: () => void) {
  const handlers = Object.fromEntries(
    jobNames
      .filter((name) => specOf(name).queue === queue)
      .map((name) => [name, () => Promise.resolve().then(run)]),
  );
  return createWorker({
    queue,
    redis,
    log,
    // Each handler only counts: what it gives is of no interest here.
    handlers: handlers as unknown as Handlers<QueueName>,
    record: createJobRecorder({ db, log, app: 'test' }),
  });
}

function payloadOf(name: string): object {
  const id = '7b8d4a52-2f0a-4a4b-9a2e-0f6b0d8a4c11';
  const payloads: Record<string, object> = {
    'run-self-test': { trigger: 'http' },
    'heal-run': { run_id: id, by: 'http' },
    'dependency-review': { trigger: 'http' },
    'send-notification': { notification_id: id },
    'sync-approval': { approval_id: id },
    'deliver-callback': { approval_id: id, version: 1 },
  };
  return payloads[name] ?? {};
}

it('a stranger who asks for what is not there leaves one event, not one for each try', async () => {
  const from = { 'x-forwarded-for': '198.51.100.77' };
  const ask = (path: string, method: string) => fetch(`${gateway.url}${path}`, { method, headers: from });
  const first = await ask('/nothing', 'POST');
  expect(first.status).toBe(404);
  await firstEventOf(first);
  expect((await ask('/healthz', 'PUT')).status).toBe(405);
  expect((await ask('/nothing', 'DELETE')).status).toBe(404);
  // Events are written in the order of requests: when this one is there, the others would be.
  await firstEventOf(await gateway.fetch('/v1/jobs/selftest', json({})));
  const { rows } = await stores.sql.query(
    `select action_type, status from actp_agent_audit_log where ip_address = '198.51.100.77'`,
  );
  expect(rows).toEqual([{ action_type: 'security.unknown_route', status: 'denied' }]);
});
